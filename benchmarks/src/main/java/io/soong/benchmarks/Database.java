package io.soong.benchmarks;

import java.nio.file.Path;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.soong.auth.DatabaseCredentialsProvider;
import io.soong.auth.RdsIamCredentialsProvider;
import io.soong.jdbc.ConnectionSettings;
import io.soong.jdbc.SoongDataSource;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

import org.springframework.core.io.FileSystemResource;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The database as the environment variables of a function name it. All libraries reach it
 * in the same way: through the same TLS, with the same driver and the same settings of
 * it, each over a connection that is its own and stays open.
 */
final class Database {

	private final Map<String, String> environment;

	private final DatabaseCredentialsProvider credentials;

	/**
	 * Creates a database.
	 * @param environment such as a lookalike of RDS gives its functions
	 */
	Database(Map<String, String> environment) {
		this.environment = environment;
		this.credentials = new RdsIamCredentialsProvider(variable("AWS_REGION"), () -> AwsSessionCredentials
			.create(variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY"), variable("AWS_SESSION_TOKEN")));
	}

	/** Soong's own DataSource. */
	SoongDataSource dataSource() {
		return new SoongDataSource(settings().build(), this.credentials);
	}

	/** Soong's own DataSource, of so many connections. */
	SoongDataSource dataSource(int connections) {
		return new SoongDataSource(settings().max(connections).build(), this.credentials);
	}

	/** HikariCP's, of so many connections that are opened alike. */
	HikariDataSource hikari(int connections) {
		HikariConfig config = new HikariConfig();
		config.setMaximumPoolSize(connections);
		config.setDataSource(new AbstractDataSource() {

			@Override
			public Connection getConnection() throws SQLException {
				return Database.this.connection();
			}

			@Override
			public Connection getConnection(String username, String password) throws SQLException {
				return Database.this.connection();
			}

		});
		return new HikariDataSource(config);
	}

	/** A connection of the driver's, as the DataSource opens them. */
	Connection connection() throws SQLException {
		return connection(settings());
	}

	/** A connection that sends batched inserts as inserts of many rows. */
	Connection rewritingConnection() throws SQLException {
		return connection(settings().driverProperty("reWriteBatchedInserts", "true"));
	}

	/** A DataSource of one connection, without the borrowing and cleaning of Soong's. */
	static SingleConnectionDataSource always(Connection connection) {
		return new SingleConnectionDataSource(connection, true);
	}

	private Connection connection(ConnectionSettings.Builder settings) throws SQLException {
		try (SoongDataSource dataSource = new SoongDataSource(settings.build(), this.credentials)) {
			return dataSource.openConnection();
		}
	}

	private ConnectionSettings.Builder settings() {
		return ConnectionSettings.builder(variable("PG_HOST"))
			.hostaddr(variable("PG_HOSTADDR"))
			.port(Integer.parseInt(variable("PG_PORT")))
			.dbname(variable("PG_DBNAME"))
			.user(variable("PG_USER"))
			.rootCert(new FileSystemResource(Path.of(URI.create(variable("PG_SSLROOTCERT")))));
	}

	private String variable(String name) {
		return Objects.requireNonNull(this.environment.get(name), name + " is not set");
	}

}
