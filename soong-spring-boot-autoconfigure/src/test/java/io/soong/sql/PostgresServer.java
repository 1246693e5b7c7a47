package io.soong.sql;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;

import io.soong.SharedRds;
import io.soong.test.RdsLookalike;

import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The real PostgreSQL server for the tests of this package, which set the driver up for
 * themselves.
 */
final class PostgresServer {

	private PostgresServer() {
	}

	/**
	 * One connection, kept open, whose tables stand in an empty schema of the given name.
	 */
	static SingleConnectionDataSource connect(String schema, Map<String, String> driverProperties) {
		RdsLookalike rds = SharedRds.rds();
		Properties properties = new Properties();
		properties.putAll(driverProperties);
		properties.setProperty("user", "bob");
		properties.setProperty("password", SharedRds.PASSWORD);
		properties.setProperty("sslmode", "require");
		try {
			rds.execute("GRANT CREATE ON DATABASE " + rds.database() + " TO bob");
			Connection connection = DriverManager.getConnection(
					"jdbc:postgresql://" + rds.address() + ":" + rds.port() + "/" + rds.database(), properties);
			try (Statement statement = connection.createStatement()) {
				statement.execute("SET client_min_messages = warning; DROP SCHEMA IF EXISTS " + schema
						+ " CASCADE; CREATE SCHEMA " + schema + "; SET search_path = " + schema);
			}
			return new SingleConnectionDataSource(connection, true);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static SingleConnectionDataSource connect(String schema) {
		return connect(schema, Map.of());
	}

}
