package io.soong.test;

import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/**
 * A separate database for an application context, in the server that all contexts share,
 * with a login by password. The database is dropped when the context closes.
 */
final class EmbeddedConnectionDetails implements JdbcConnectionDetails, AutoCloseable {

	private final SharedPostgres postgres;

	private final String database;

	EmbeddedConnectionDetails(SharedPostgres postgres) {
		this.postgres = postgres;
		this.database = postgres.createDatabase();
	}

	@Override
	public String getUsername() {
		return PostgresServer.TESTER;
	}

	@Override
	public String getPassword() {
		return this.postgres.password();
	}

	@Override
	public String getJdbcUrl() {
		return "jdbc:postgresql://127.0.0.1:" + this.postgres.server().port() + "/" + this.database
				+ "?sslmode=disable";
	}

	@Override
	public void close() {
		this.postgres.dropDatabase(this.database);
	}

}
