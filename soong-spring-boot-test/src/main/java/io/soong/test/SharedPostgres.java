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
 * them asks for a database, and goes when the JVM ends. Safe for use by several threads.
 */
final class SharedPostgres {

	private static final Logger logger = LoggerFactory.getLogger(SharedPostgres.class);

	private static @Nullable SharedPostgres instance;

	private final AtomicInteger databases = new AtomicInteger();

	private final PostgresServer server;

	private final String password = PostgresServer.randomPassword();

	private SharedPostgres() throws IOException, SQLException {
		// Every context has a connection or more, and a test run has up to 32 of them
		this.server = PostgresServer.start(Map.of("max_connections", "300"));
		this.server.execute("postgres",
				List.of("CREATE ROLE " + PostgresServer.TESTER + " LOGIN PASSWORD '" + this.password + "'"));
	}

	/**
	 * Returns the server, started.
	 * @throws IllegalStateException on AWS Lambda, and where PostgreSQL cannot run or be
	 * started
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
	 * Makes an empty database that belongs to {@value PostgresServer#TESTER}, and returns
	 * its name.
	 */
	String createDatabase() {
		String name = "test_" + this.databases.incrementAndGet();
		try {
			this.server.execute("postgres", List.of("CREATE DATABASE " + name + " OWNER " + PostgresServer.TESTER));
		}
		catch (SQLException ex) {
			throw new IllegalStateException("Cannot make a database for this context: " + ex.getMessage(), ex);
		}
		return name;
	}

	/**
	 * Drops a database, also one that sessions are connected to.
	 */
	void dropDatabase(String name) {
		try {
			this.server.execute("postgres", List.of("DROP DATABASE " + name + " WITH (FORCE)"));
		}
		catch (SQLException ex) {
			logger.debug("The database " + name + " goes with its server", ex);
		}
	}

}
