-- The role that the functions log in as. Run once, as an administrator of the database.
CREATE ROLE jane_doe LOGIN;
GRANT rds_iam TO jane_doe;
GRANT SELECT, INSERT, UPDATE ON gizmos, orders TO jane_doe;

-- A frozen environment does not answer, and one that Lambda removes does not end its sessions. The server has to notice
-- by itself, or the locks of a transaction and the session stay.
ALTER ROLE jane_doe SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE jane_doe SET tcp_keepalives_idle = 60;
ALTER ROLE jane_doe SET tcp_keepalives_interval = 10;
ALTER ROLE jane_doe SET tcp_keepalives_count = 6;
-- Also while a statement runs
ALTER ROLE jane_doe SET client_connection_check_interval = '10s';
-- No longer than the longest time-out of a function
ALTER ROLE jane_doe SET statement_timeout = '15min';
-- Not where an RDS Proxy stands between: it keeps its own connections idle, and would lose them. Where the database
-- scales to zero, set less than the time after which it does, for example 4min: an idle connection keeps it awake
ALTER ROLE jane_doe SET idle_session_timeout = '1h';
