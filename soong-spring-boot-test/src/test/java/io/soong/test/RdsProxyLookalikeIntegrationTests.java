package io.soong.test;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RdsProxyLookalike}, through pgjdbc with the settings for a proxy.
 */
class RdsProxyLookalikeIntegrationTests {

	/**
	 * No named statements, and no SET when connecting.
	 */
	private static final Map<String, String> UNPINNED = Map.of("prepareThreshold", "0", "assumeMinServerVersion",
			"9.0");

	private static RdsLookalike rds;

	private RdsProxyLookalike proxy;

	@BeforeAll
	static void start() throws SQLException {
		rds = RdsLookalike.start();
		rds.execute("CREATE TABLE gizmos (id int); GRANT ALL ON gizmos TO jane_doe");
	}

	@AfterAll
	static void stop() {
		rds.close();
	}

	@BeforeEach
	void startProxy() {
		this.proxy = RdsProxyLookalike.start(rds);
	}

	@AfterEach
	void stopProxy() {
		this.proxy.close();
	}

	@Test
	void transactionsRunInSessionsThatChange() throws SQLException {
		try (Connection connection = connect()) {
			String first = session(connection);
			assertThat(session(connection)).isNotEqualTo(first);
			connection.setAutoCommit(false);
			String third = session(connection);
			Client.execute(connection, "INSERT INTO gizmos VALUES (1)");
			assertThat(session(connection)).isEqualTo(third);
			connection.commit();
			assertThat(session(connection)).isNotEqualTo(third);
			connection.rollback();
		}
		assertThat(this.proxy.pins()).isEmpty();
		assertThat(this.proxy.endpoint()).contains(".proxy-");
		assertThat(this.proxy.logins()).extracting(Login::accepted).containsExactly(true);
	}

	@Test
	void sessionsAreSharedByClients() throws SQLException {
		Set<String> sessions = new HashSet<>();
		for (int i = 0; i < 10; i++) {
			try (Connection one = connect(); Connection two = connect()) {
				sessions.add(session(one));
				sessions.add(session(two));
			}
		}
		assertThat(sessions).hasSizeLessThanOrEqualTo(2);
	}

	@Test
	void resultsAndParametersWhenLargePassUnaltered() throws SQLException {
		String large = "0123456789abcdef".repeat(100_000);
		try (Connection connection = connect();
				PreparedStatement statement = connection.prepareStatement("SELECT ? FROM generate_series(1, 3)")) {
			statement.setString(1, large);
			for (int i = 0; i < 2; i++) {
				try (ResultSet result = statement.executeQuery()) {
					while (result.next()) {
						assertThat(result.getString(1)).isEqualTo(large);
					}
				}
			}
		}
		assertThat(this.proxy.pins()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "SET statement_timeout = 5000", "LISTEN gizmos", "SELECT pg_advisory_lock(1)",
			"CREATE TEMP TABLE scratch (id int)", "SELECT set_config('timezone', 'UTC', false)" })
	void statementsThatNeedTheirSessionPin(String sql) throws SQLException {
		try (Connection connection = connect()) {
			Client.execute(connection, sql);
			String pinned = session(connection);
			assertThat(session(connection)).isEqualTo(pinned);
		}
		assertThat(this.proxy.pins()).containsExactly(sql);
	}

	@Test
	void namedStatementsPin() throws SQLException {
		try (Connection connection = Client.connect(this.proxy.environment(),
				Map.of("prepareThreshold", "1", "assumeMinServerVersion", "9.0"))) {
			Client.query(connection, "SELECT 1");
			try (PreparedStatement statement = connection.prepareStatement("SELECT 2")) {
				statement.executeQuery().close();
				statement.executeQuery().close();
			}
		}
		assertThat(this.proxy.pins()).isNotEmpty().allMatch((pin) -> pin.startsWith("prepared as "));
	}

	@Test
	void longStatementsPin() throws SQLException {
		try (Connection connection = connect()) {
			Client.query(connection, "SELECT '" + "x".repeat(17_000) + "'");
		}
		assertThat(this.proxy.pins()).hasSize(1);
	}

	@ParameterizedTest
	@CsvSource({ "options, -c statement_timeout=5000, command-line options",
			"options, -c search_path=shop, command-line options", "currentSchema, shop, the option search_path",
			"replication, database, streaming replication mode" })
	void clientWhenStartupParametersAreUnsupportedIsRefused(String property, String value, String unsupported) {
		assertThatExceptionOfType(SQLException.class).isThrownBy(
				() -> Client.connect(this.proxy.environment(), Map.of(property, value, "assumeMinServerVersion", "10")))
			.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("0A000"))
			.withMessageContaining("Feature not supported: RDS Proxy currently doesn’t support " + unsupported + ".");
		assertThat(this.proxy.logins()).hasSize(1).noneMatch(Login::accepted);
	}

	@Test
	void cancelRequestsAreIgnored() throws Exception {
		try (Connection locker = rds.openAdminConnection();
				Connection connection = connect();
				Statement statement = connection.createStatement()) {
			locker.setAutoCommit(false);
			Client.execute(locker, "LOCK TABLE gizmos");
			FutureTask<Boolean> waiting = new FutureTask<>(() -> statement.execute("SELECT * FROM gizmos"));
			new Thread(waiting).start();
			Client.awaitLocked(rds);
			statement.cancel();
			Client.await().untilAsserted(() -> assertThat(this.proxy.cancelRequests()).isOne());
			locker.rollback();
			assertThat(waiting.get(60, TimeUnit.SECONDS)).isTrue();
		}
	}

	@Test
	void clientWhenTokenIsForTheDatabaseIsRefused() {
		assertThatExceptionOfType(SQLException.class)
			.isThrownBy(
					() -> Client.connect(this.proxy.environment(), Map.of("password", Client.token(rds.environment()))))
			.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("28000"));
		assertThat(this.proxy.logins().get(0).reason())
			.isEqualTo("the token is for the host \"" + rds.endpoint() + "\", not \"" + this.proxy.endpoint() + "\"");
	}

	@Test
	void clientWhenServerEndsItsSessionIsDisconnected() throws SQLException {
		try (Connection connection = connect()) {
			connection.setAutoCommit(false);
			String session = session(connection);
			rds.execute("SELECT pg_terminate_backend(" + session + ", 5000)");
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> session(connection))
				.satisfies((ex) -> assertThat(ex.getSQLState()).isIn("57P01", "08006"));
		}
		try (Connection connection = connect()) {
			assertThat(this.proxy.cutConnections()).isOne();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> session(connection))
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("08006"));
		}
	}

	private Connection connect() throws SQLException {
		return Client.connect(this.proxy.environment(), UNPINNED);
	}

	private static String session(Connection connection) throws SQLException {
		return Client.query(connection, "SELECT pg_backend_pid()");
	}

}
