package io.soong.test;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsUtilities;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A client of a lookalike: pgjdbc with a token that AWS' SDK signs. A read that lasts for
 * a minute fails, so that no test hangs.
 */
final class Client {

	private Client() {
	}

	static Connection connect(RdsLookalike rds) throws SQLException {
		return connect(rds, Map.of());
	}

	static Connection connect(RdsLookalike rds, Map<String, String> more) throws SQLException {
		return connect(rds.environment(), more);
	}

	static Connection connect(Map<String, String> environment, Map<String, String> more) throws SQLException {
		Properties properties = new Properties();
		properties.put("user", "jane_doe");
		properties.put("password", token(environment));
		properties.put("sslmode", "verify-full");
		properties.put("sslrootcert", URI.create(environment.getOrDefault("PG_SSLROOTCERT", "")).getPath());
		properties.put("socketFactory", LoopbackSocketFactory.class.getName());
		properties.put("socketTimeout", "60");
		properties.putAll(more);
		return DriverManager.getConnection("jdbc:postgresql://" + environment.get("PG_HOST") + ":"
				+ environment.get("PG_PORT") + "/" + environment.get("PG_DBNAME"), properties);
	}

	static String token(Map<String, String> environment) {
		return RdsUtilities.builder()
			.region(Region.of(environment.getOrDefault("AWS_REGION", "")))
			.credentialsProvider(
					StaticCredentialsProvider.create(AwsSessionCredentials.create(environment.get("AWS_ACCESS_KEY_ID"),
							environment.get("AWS_SECRET_ACCESS_KEY"), environment.get("AWS_SESSION_TOKEN"))))
			.build()
			.generateAuthenticationToken((request) -> request.hostname(environment.get("PG_HOST"))
				.port(Integer.parseInt(environment.getOrDefault("PG_PORT", "")))
				.username("jane_doe"));
	}

	/**
	 * Waits for a condition, for at most a minute.
	 */
	static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofMinutes(1));
	}

	/**
	 * Waits until a session of jane_doe waits for a lock.
	 */
	static void awaitLocked(RdsLookalike rds) {
		await().untilAsserted(() -> {
			try (Connection connection = rds.openAdminConnection()) {
				assertThat(query(connection, "SELECT count(*) FROM pg_stat_activity"
						+ " WHERE wait_event_type = 'Lock' AND usename = 'jane_doe'"))
					.isEqualTo("1");
			}
		});
	}

	static String query(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
			result.next();
			return result.getString(1);
		}
	}

	static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

}
