INSERT INTO gizmos (id, name, color) VALUES
	(7, 'Plumbus', 'pink'), (8, 'Portal gun', 'green'), (42, 'Gizmo42', 'pink');

INSERT INTO orders (gizmo_id) VALUES (7), (42), (8);
