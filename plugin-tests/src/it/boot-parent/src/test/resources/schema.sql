CREATE TABLE gizmos (id integer PRIMARY KEY, name text);
INSERT INTO gizmos VALUES (7, 'Plumbus');
