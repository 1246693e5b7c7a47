package io.soong.test;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Operations of the superuser, which bypass the listener that clients connect to.
 * Thread-safe.
 */
final class Administration {

	private static final long END_MILLIS = 60_000;

	private final PostgresServer server;

	private final String database;

	Administration(PostgresServer server, String database) {
		this.server = server;
		this.database = database;
	}

	/**
	 * Creates the database and its users.
	 * @param iamUsers members of {@code rds_iam}; the first owns the database
	 * @param passwordUsers further users, with their passwords
	 */
	void create(List<String> iamUsers, Map<String, String> passwordUsers) throws SQLException {
		List<String> statements = new ArrayList<>();
		statements.add("CREATE ROLE rds_iam NOLOGIN");
		for (String user : iamUsers) {
			statements.add("CREATE ROLE " + identifier(user) + " LOGIN IN ROLE rds_iam");
		}
		passwordUsers.forEach((user, password) -> statements
			.add("CREATE ROLE " + identifier(user) + " LOGIN PASSWORD '" + password.replace("'", "''") + "'"));
		statements.add("CREATE DATABASE " + identifier(this.database) + " OWNER " + identifier(iamUsers.get(0)));
		this.server.execute("postgres", statements);
		List<String> users = new ArrayList<>(iamUsers.subList(1, iamUsers.size()));
		users.addAll(passwordUsers.keySet());
		List<String> grants = new ArrayList<>();
		for (String user : users) {
			grants.add("GRANT ALL ON DATABASE " + identifier(this.database) + " TO " + identifier(user));
			grants.add("GRANT ALL ON SCHEMA public TO " + identifier(user));
		}
		this.server.execute(this.database, grants);
	}

	private static String identifier(String name) {
		return '"' + name.replace("\"", "\"\"") + '"';
	}

	/** A connection that can write even while the server is read-only. */
	Connection connect() throws SQLException {
		Connection connection = this.server.connect(this.database);
		try (Statement statement = connection.createStatement()) {
			statement.execute("SET default_transaction_read_only = off");
		}
		return connection;
	}

	void execute(String sql) throws SQLException {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	/** Makes all sessions read-only, or read-write again. */
	void readOnly(boolean readOnly) throws SQLException {
		try (Connection connection = connect(); Statement statement = connection.createStatement()) {
			if (readOnly) {
				statement.execute("ALTER SYSTEM SET default_transaction_read_only = on");
			}
			else {
				statement.execute("ALTER SYSTEM RESET default_transaction_read_only");
			}
			reload(connection);
			// By the second reload, all sessions have been told of the first
			reload(connection);
		}
	}

	/** Has the server reload its settings, and waits until this session has. */
	private static void reload(Connection connection) throws SQLException {
		long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(END_MILLIS);
		String before = query(connection, "SELECT pg_conf_load_time()");
		query(connection, "SELECT pg_reload_conf()");
		while (query(connection, "SELECT pg_conf_load_time()").equals(before)) {
			if (System.nanoTime() > end) {
				throw new IllegalStateException("PostgreSQL did not reload its settings within " + END_MILLIS + " ms");
			}
		}
	}

	private static String query(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
			result.next();
			return result.getString(1);
		}
	}

	/** Ends the session of a process of the server, and waits for its end. */
	void terminate(int processId) {
		try (Connection connection = connect()) {
			terminate(connection, processId, true);
		}
		catch (SQLException ex) {
			throw new IllegalStateException("Cannot end the session of process " + processId, ex);
		}
	}

	/**
	 * Ends a process of the server.
	 * @param wait whether to wait for its end, for at most a minute
	 * @return whether the process existed and has ended in that time
	 */
	static boolean terminate(Connection connection, int processId, boolean wait) throws SQLException {
		try (PreparedStatement kill = connection.prepareStatement("SELECT pg_terminate_backend(?, ?)")) {
			kill.setInt(1, processId);
			kill.setLong(2, wait ? END_MILLIS : 0);
			try (ResultSet result = kill.executeQuery()) {
				return result.next() && result.getBoolean(1);
			}
		}
	}

}
