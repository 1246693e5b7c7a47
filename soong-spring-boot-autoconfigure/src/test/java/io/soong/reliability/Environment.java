package io.soong.reliability;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;

import io.soong.auth.RdsIamCredentialsProvider;
import io.soong.jdbc.ConnectionSettings;
import io.soong.jdbc.Invocation;
import io.soong.jdbc.SoongDataSource;
import io.soong.test.RdsLookalike;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

import org.springframework.core.io.FileSystemResource;

/**
 * What lives as long as an execution environment of a function does.
 */
final class Environment implements AutoCloseable {

	static final Duration MARGIN = Duration.ofMillis(300);

	private final SoongDataSource dataSource;

	Environment(RdsLookalike rds, Clock clock) {
		this.dataSource = new SoongDataSource(settings(rds).deadlineMargin(MARGIN).build(), iam(rds), clock);
	}

	/**
	 * Settings with which the endpoint's name has to be looked up.
	 */
	static ConnectionSettings.Builder settings(RdsLookalike rds) {
		return ConnectionSettings.builder(rds.endpoint())
			.port(rds.port())
			.dbname(rds.database())
			.user("jane_doe")
			.rootCert(new FileSystemResource(rds.caCertificate()));
	}

	static RdsIamCredentialsProvider iam(RdsLookalike rds) {
		return iam(rds, () -> {
		});
	}

	/**
	 * Signs tokens, and tells before each.
	 */
	static RdsIamCredentialsProvider iam(RdsLookalike rds, Runnable signing) {
		return new RdsIamCredentialsProvider(rds.region(), () -> {
			signing.run();
			return AwsSessionCredentials.create(rds.environment().get("AWS_ACCESS_KEY_ID"),
					rds.environment().get("AWS_SECRET_ACCESS_KEY"), rds.environment().get("AWS_SESSION_TOKEN"));
		});
	}

	/**
	 * Has the function handle an event.
	 * @param deadline the time it has for that
	 */
	void invoke(Duration deadline, Handler handler) throws SQLException {
		Invocation invocation = Invocation.open("an-event", deadline);
		try (Connection connection = this.dataSource.getConnection()) {
			handler.handle(connection);
		}
		finally {
			invocation.close();
		}
	}

	@Override
	public void close() {
		this.dataSource.close();
	}

	/**
	 * What the function does for an event.
	 */
	@FunctionalInterface
	interface Handler {

		void handle(Connection connection) throws SQLException;

	}

}
