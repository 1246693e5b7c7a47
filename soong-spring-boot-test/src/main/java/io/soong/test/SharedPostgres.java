package io.soong.test;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server that all application contexts of this JVM share. It starts when the first of
 * them needs a database, and ends with the JVM. Thread-safe.
 */
final class SharedPostgres {

	private static final Logger logger = LoggerFactory.getLogger(SharedPostgres.class);

	private static @Nullable SharedPostgres instance;

	private final AtomicInteger databases = new AtomicInteger();

	private final PostgresServer server;

	private final String password = PostgresServer.randomPassword();

	private SharedPostgres() throws IOException, SQLException {
		// Spring's tests cache up to 32 contexts, each with at least one connection
		this.server = PostgresServer.start(Map.of("max_connections", "300"));
		this.server.execute("postgres",
				List.of("CREATE ROLE " + PostgresServer.TESTER + " LOGIN PASSWORD '" + this.password + "'"));
	}

	/**
	 * Returns the server, and starts it if necessary.
	 * @throws IllegalStateException on AWS Lambda, or if PostgreSQL cannot be started
	 */
	static synchronized SharedPostgres get() {
		PostgresServer.refuseLambda(System.getenv());
		if (instance == null) {
			try {
				instance = new SharedPostgres();
			}
			catch (IOException | SQLException ex) {
				throw new IllegalStateException("The embedded PostgreSQL did not start: " + ex.getMessage(), ex);
			}
		}
		return instance;
	}

	PostgresServer server() {
		return this.server;
	}

	String password() {
		return this.password;
	}

	/**
	 * Creates an empty database that {@value PostgresServer#TESTER} owns, and returns its
	 * name.
	 */
	String createDatabase() {
		String name = "test_" + this.databases.incrementAndGet();
		try {
			this.server.execute("postgres", List.of("CREATE DATABASE " + name + " OWNER " + PostgresServer.TESTER));
		}
		catch (SQLException ex) {
			throw new IllegalStateException("Cannot create the database " + name + " for a test: " + ex.getMessage(),
					ex);
		}
		return name;
	}

	/**
	 * Drops a database, and ends its sessions.
	 */
	void dropDatabase(String name) {
		try {
			this.server.execute("postgres", List.of("DROP DATABASE " + name + " WITH (FORCE)"));
		}
		catch (SQLException ex) {
			logger.debug("The database {} was not dropped", name, ex);
		}
	}

}
