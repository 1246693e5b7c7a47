CREATE TABLE gizmos (id integer PRIMARY KEY, name text NOT NULL, color text);
INSERT INTO gizmos VALUES (42, 'Gizmo42', 'pink');
