-- The role that migrations log in as. It owns what they make. Run once, as an administrator of the database.
CREATE ROLE gizmos_owner LOGIN;
GRANT rds_iam TO gizmos_owner;
GRANT USAGE, CREATE ON SCHEMA public TO gizmos_owner;
-- A migration that waits for a lock makes everybody else wait behind it
ALTER ROLE gizmos_owner SET lock_timeout = '5s';
