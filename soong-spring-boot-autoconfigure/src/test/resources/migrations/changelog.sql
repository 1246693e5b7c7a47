--liquibase formatted sql

--changeset soong:1
CREATE TABLE moons (name text PRIMARY KEY);
