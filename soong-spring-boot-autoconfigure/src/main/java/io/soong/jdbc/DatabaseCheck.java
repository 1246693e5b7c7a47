package io.soong.jdbc;

import java.sql.Connection;
import java.util.List;

import io.soong.auth.DatabaseEndpoint;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Looks at the server and the role of an open connection: the version, whether it writes,
 * the membership in {@code rds_iam}, and the limits of connections. Used by one thread.
 */
final class DatabaseCheck {

	private static final String SERVER = """
			SELECT current_setting('server_version'), pg_is_in_recovery(), current_setting('transaction_read_only'),
				session_user, current_user, current_database()""";

	/**
	 * Follows the memberships itself, because a superuser counts as a member of every
	 * role in {@code pg_has_role}, but RDS does not count it as one of {@code rds_iam}.
	 */
	private static final String MEMBERSHIP = """
			WITH RECURSIVE member_of AS (
				SELECT oid FROM pg_roles WHERE rolname = session_user
				UNION
				SELECT m.roleid FROM pg_auth_members m JOIN member_of ON m.member = member_of.oid)
			SELECT EXISTS (SELECT FROM member_of WHERE member_of.oid = r.oid) FROM pg_roles r WHERE r.rolname = 'rds_iam'""";

	/**
	 * Of the sessions of other roles, whose kind is hidden from most, those that have a
	 * role and a database count as clients.
	 */
	private static final String LIMITS = """
			SELECT current_setting('max_connections')::int AS most,
				(SELECT coalesce(sum(setting::int), 0) FROM pg_settings WHERE name IN ('superuser_reserved_connections',
					'reserved_connections', 'rds.rds_superuser_reserved_connections')) AS reserved,
				r.rolconnlimit, r.rolsuper, d.datconnlimit,
				(SELECT count(*) FROM pg_stat_activity WHERE coalesce(backend_type, 'client backend') = 'client backend'
					AND usesysid IS NOT NULL AND datid IS NOT NULL AND pid <> pg_backend_pid()) AS used,
				(SELECT count(*) FROM pg_stat_activity WHERE usesysid = r.oid
					AND pid <> pg_backend_pid()) AS used_by_role,
				(SELECT count(*) FROM pg_stat_activity WHERE coalesce(backend_type, 'client backend') = 'client backend'
					AND usesysid IS NOT NULL AND datid = d.oid AND pid <> pg_backend_pid()) AS used_in_database
			FROM pg_roles r, pg_database d WHERE r.rolname = session_user AND d.datname = current_database()""";

	private final JdbcTemplate jdbc;

	private final ConnectionSettings settings;

	private final UsedCredentials credentials;

	DatabaseCheck(Connection connection, ConnectionSettings settings, UsedCredentials credentials) {
		this.jdbc = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
		this.settings = settings;
		this.credentials = credentials;
	}

	void server(StepNotes notes) {
		this.jdbc.query(SERVER, (row) -> {
			notes.see("PostgreSQL " + row.getString(1));
			String role = row.getString(4);
			notes.see("session user '" + role + "'"
					+ (role.equals(row.getString(5)) ? "" : ", acting as '" + row.getString(5) + "'") + ", database '"
					+ row.getString(6) + "'");
			boolean inRecovery = row.getBoolean(2);
			notes.see(inRecovery ? "in recovery: a standby, which only reads" : "not in recovery: it reads and writes");
			DatabaseEndpoint endpoint = this.settings.endpoint();
			if (inRecovery && endpoint.isWriter()) {
				notes.fail("The writer endpoint " + endpoint + " leads to a server that only reads",
						"After a failover this passes within a minute: try again",
						"To read from a replica, connect to the cluster's reader endpoint (.cluster-ro-)");
			}
			else if (inRecovery && !endpoint.isReader()) {
				notes.warn("Every write fails on this server (25006). To write, connect to the primary server");
			}
			else if (!inRecovery && row.getString(3).equals("on")) {
				notes.warn("Transactions of this role or database are read-only by default: every write fails (25006). "
						+ "Check default_transaction_read_only");
			}
		});
	}

	void membership(StepNotes notes) {
		List<Boolean> found = this.jdbc.queryForList(MEMBERSHIP, Boolean.class);
		if (found.isEmpty()) {
			notes.skip("The server has no role rds_iam: it is not RDS, or IAM authentication was never switched on");
			return;
		}
		boolean member = found.get(0);
		String user = this.credentials.user();
		notes.see("'" + user + "' is " + (member ? "a member" : "no member") + " of rds_iam");
		if (member && !this.credentials.isToken()) {
			notes.warn("RDS refuses passwords of members of rds_iam. Set soong.auth=iam and remove the password, "
					+ "or run: REVOKE rds_iam FROM " + SqlName.quote(user));
		}
		else if (!member && this.credentials.isToken() && !this.settings.endpoint().isProxy()) {
			notes.warn("The server accepts the token without the membership; RDS does not. Run: GRANT rds_iam TO "
					+ SqlName.quote(user));
		}
	}

	void limits(StepNotes notes) {
		this.jdbc.query(LIMITS, (row) -> {
			int most = row.getInt("most");
			int reserved = row.getInt("reserved");
			notes.see("max_connections " + most + ", of which " + reserved + " are reserved; " + row.getInt("used")
					+ " other connections are open");
			compare(notes, "the server", most - reserved, row.getInt("used"),
					"raise max_connections, or put an RDS Proxy between");
			String user = SqlName.quote(this.credentials.user());
			// A superuser has no limit of its own
			if (!row.getBoolean("rolsuper")) {
				compareLimit(notes, "role " + user, row.getInt("rolconnlimit"), row.getInt("used_by_role"),
						"ALTER ROLE " + user);
			}
			String database = SqlName.quote(this.settings.endpoint().dbname());
			compareLimit(notes, "database " + database, row.getInt("datconnlimit"), row.getInt("used_in_database"),
					"ALTER DATABASE " + database);
			notes.see("soong.connection.max " + this.settings.max() + " for each environment of a function");
		});
	}

	private void compareLimit(StepNotes notes, String what, int limit, int used, String statement) {
		if (limit < 0) {
			notes.see(what + ": no CONNECTION LIMIT");
			return;
		}
		notes.see(what + ": CONNECTION LIMIT " + limit + ", " + used + " other connections are open");
		compare(notes, what, limit, used, "run: " + statement + " CONNECTION LIMIT -1");
	}

	private void compare(StepNotes notes, String what, int limit, int used, String fix) {
		int max = this.settings.max();
		if (limit < max) {
			notes.fail("soong.connection.max is " + max + ", but " + what + " allows " + limit,
					"Set soong.connection.max=" + Math.max(1, limit) + ", or " + fix);
		}
		else if (limit - used < max) {
			notes.warn("At this moment " + what + " has " + Math.max(0, limit - used) + " of " + limit
					+ " connections left, and soong.connection.max is " + max + ". If that lasts, " + fix);
		}
	}

}
