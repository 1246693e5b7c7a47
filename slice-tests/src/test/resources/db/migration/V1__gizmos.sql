CREATE TABLE gizmos (id integer PRIMARY KEY, name text NOT NULL);
INSERT INTO gizmos VALUES (1, 'Migrated by Flyway');
