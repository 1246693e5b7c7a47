INSERT INTO gizmos (id, name) VALUES (42, 'Gizmo42');
