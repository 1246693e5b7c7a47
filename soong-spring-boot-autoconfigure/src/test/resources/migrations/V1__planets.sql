CREATE TABLE planets (name text PRIMARY KEY);
