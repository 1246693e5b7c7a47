CREATE TABLE gizmos (title text PRIMARY KEY);
