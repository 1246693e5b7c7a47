package io.soong.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import io.soong.SharedRds;
import io.soong.jdbc.ConnectionSettings.Reset;
import io.soong.jdbc.ConnectionSettings.Scope;
import io.soong.sql.SoongTemplate;
import io.soong.test.RdsLookalike;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.PGConnection;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is left of an invocation when it ends.
 */
@Timeout(30)
@ExtendWith(OutputCaptureExtension.class)
class InvocationEndIntegrationTests {

	private final RdsLookalike rds = SharedRds.rds();

	private SoongDataSource dataSource = new SoongDataSource(SharedRds.settings().build(), SharedRds.iam());

	@AfterEach
	void close() {
		this.dataSource.close();
	}

	@Test
	void leakedTransactionIsRolledBackTakenBackAndReported(CapturedOutput output) throws SQLException {
		this.rds.execute("DROP TABLE IF EXISTS leaked; CREATE TABLE leaked(id int); GRANT ALL ON leaked TO jane_doe");
		String backend = backend();
		Connection leaked;
		try (Invocation invocation = open("r-1")) {
			leaked = leak(invocation);
		}
		assertThat(backend()).isEqualTo(backend);
		assertThat(query("SELECT count(*) FROM leaked")).isEqualTo("0");
		assertThat(output).containsOnlyOnce("invocation r-1 ended")
			.contains("from thread '" + Thread.currentThread().getName() + "'")
			.contains("Last statement: INSERT INTO leaked VALUES ($1)")
			.contains("It was borrowed here")
			.contains("InvocationEndIntegrationTests.leak(");
		assertThatExceptionOfType(SQLException.class).isThrownBy(leaked::createStatement);
		leaked.close();
		assertThat(backend()).isEqualTo(backend);
	}

	private Connection leak(Invocation invocation) throws SQLException {
		assertThat(invocation.hasEnded()).isFalse();
		Connection connection = this.dataSource.getConnection();
		connection.setAutoCommit(false);
		var statement = connection.prepareStatement("INSERT INTO leaked VALUES (?)");
		statement.setInt(1, 42);
		statement.execute();
		return connection;
	}

	@Test
	void connectionThatWasChangedWhileIdleIsNotLent() throws SQLException {
		SharedRds.rds()
			.execute(
					"CREATE TABLE IF NOT EXISTS changed_idle(id int); GRANT ALL ON changed_idle TO jane_doe; DELETE FROM changed_idle");
		PGConnection keptConnection;
		try (Connection connection = this.dataSource.getConnection()) {
			keptConnection = connection.unwrap(PGConnection.class);
		}
		((Connection) keptConnection).setAutoCommit(false);
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			assertThat(statement.executeUpdate("INSERT INTO changed_idle VALUES (1)")).isOne();
		}
		try (Connection connection = SharedRds.rds().openAdminConnection();
				Statement statement = connection.createStatement();
				ResultSet resultSet = statement.executeQuery("SELECT count(*) FROM changed_idle")) {
			assertThat(resultSet.next()).isTrue();
			assertThat(resultSet.getInt(1)).isOne();
		}
	}

	@Test
	void settingOfTheSessionIsWarnedOfWhereInvocationsRunAtOnce(CapturedOutput output) throws SQLException {
		String warning = "A setting of the session lasts only until";
		for (boolean alone : new boolean[] { true, false }) {
			try (Invocation invocation = alone ? Invocation.open("w-1", null) : Invocation.openConcurrent("w-1", null);
					Connection connection = this.dataSource.getConnection();
					Statement statement = connection.createStatement()) {
				connection.setSchema("public");
				connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
				connection.setAutoCommit(false);
				statement.execute("SET LOCAL app.tenant = '1'");
				statement.execute("SET TRANSACTION READ ONLY");
				statement.execute("SELECT set_config('app.tenant', '1', true)");
				connection.rollback();
				connection.setAutoCommit(true);
				assertThat(output).doesNotContain(warning);
				if (alone) {
					statement.execute("SET app.tenant = 'x'");
				}
				assertThat(invocation.isConcurrent()).isEqualTo(!alone);
			}
		}
		assertThat(output).doesNotContain(warning);
		for (String sql : new String[] { "SET app.tenant = 'x'", "select set_config('app.tenant', 'x', false)" }) {
			use(SharedRds.settings());
			try (Invocation invocation = Invocation.openConcurrent("w-2", null);
					Connection connection = this.dataSource.getConnection();
					Statement statement = connection.createStatement()) {
				statement.execute(sql);
				statement.execute(sql);
				assertThat(invocation.isConcurrent()).isTrue();
			}
			assertThat(output)
				.containsOnlyOnce("Statement: " + (sql.startsWith("SET") ? "SET" : "select set_config(?, ?, false)"))
				.doesNotContain("'x'");
		}
	}

	@Test
	void leakedStreamAndNestedLoansAreTakenBack(CapturedOutput output) throws SQLException {
		String backend = backend();
		SoongTemplate soong = new SoongTemplate(new JdbcTemplate(this.dataSource));
		try (Invocation invocation = open("s-1")) {
			Stream<Integer> stream = soong.stream(Integer.class, "SELECT generate_series(1, 5000)");
			assertThat(stream.iterator().next()).isOne();
			assertThat(invocation.hasEnded()).isFalse();
		}
		try (Invocation invocation = open("s-2")) {
			assertThat(this.dataSource.getConnection().isValid(1)).isTrue();
			assertThat(this.dataSource.getConnection().isValid(1)).isTrue();
			assertThat(invocation.hasEnded()).isFalse();
		}
		assertThat(backend()).isEqualTo(backend);
		assertThat(output).containsOnlyOnce("invocation s-1 ended").containsOnlyOnce("invocation s-2 ended");
	}

	@Test
	void leakInTheMiddleOfACopyCostsTheConnection() throws SQLException {
		String backend = backend();
		try (Invocation invocation = open("t-1")) {
			this.dataSource.getConnection()
				.unwrap(PGConnection.class)
				.getCopyAPI()
				.copyIn("COPY no_such_table FROM STDIN");
			assertThat(invocation.hasEnded()).isFalse();
		}
		catch (SQLException ex) {
			assertThat(ex.getSQLState()).isEqualTo("42P01");
		}
		assertThat(backend()).isEqualTo(backend);
		try (Invocation invocation = open("t-2")) {
			Connection connection = this.dataSource.getConnection();
			connection.createStatement().execute("CREATE TEMP TABLE staged(id int)");
			assertThat(connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY staged FROM STDIN").isActive())
				.isTrue();
			assertThat(invocation.hasEnded()).isFalse();
		}
		assertThat(backend()).isNotEqualTo(backend);
	}

	@Test
	void connectionThatAnotherThreadUsesIsTakenFromIt(CapturedOutput output) throws Exception {
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try {
			Future<String> overrun;
			try (Invocation invocation = open("u-1")) {
				CountDownLatch borrowed = new CountDownLatch(1);
				overrun = executor.submit(() -> {
					try (Connection connection = this.dataSource.getConnection();
							Statement statement = connection.createStatement()) {
						borrowed.countDown();
						return String.valueOf(statement.execute("SELECT pg_sleep(60)"));
					}
				});
				borrowed.await();
				assertThat(invocation.hasEnded()).isFalse();
			}
			assertThat(backend()).isNotEmpty();
			assertThatExceptionOfType(Exception.class).isThrownBy(overrun::get);
			assertThat(output).containsOnlyOnce("invocation u-1 ended");
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void connectionOfAThreadThatEndedIsTakenBackByTheNextBorrower(CapturedOutput output) throws Exception {
		Thread thread = new Thread(() -> {
			try {
				this.dataSource.getConnection();
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}, "forgetful");
		thread.start();
		thread.join();
		assertThat(query("SELECT 1")).isEqualTo("1");
		assertThat(output).containsOnlyOnce("from thread 'forgetful'").contains("Its thread ended");
	}

	@Test
	void connectionOfScopeInvocationEndsWithIt() throws SQLException {
		use(SharedRds.settings().scope(Scope.INVOCATION));
		String backend;
		try (Invocation invocation = open("v-1")) {
			backend = backend();
			assertThat(backend()).isEqualTo(backend);
			assertThat(invocation.hasEnded()).isFalse();
		}
		Awaitility.await().until(() -> !isAlive(backend));
	}

	@Test
	void sessionIsDiscardedWhenTheInvocationEnds() throws SQLException {
		use(SharedRds.settings().reset(Reset.DISCARD));
		String backend = backend();
		try (Invocation invocation = open("w-1")) {
			query("SELECT set_config('app.tenant', 'acme', false)");
			assertThat(query("SELECT current_setting('app.tenant', true)")).isEqualTo("acme");
			assertThat(invocation.hasEnded()).isFalse();
		}
		assertThat(tenant()).isNullOrEmpty();
		query("SELECT set_config('app.tenant', 'no invocation', false)");
		assertThat(tenant()).isNullOrEmpty();
		assertThat(backend()).isEqualTo(backend);
	}

	@Test
	void sessionIsDiscardedBeforeAnotherInvocationAtTheSameTimeGetsIt() throws Exception {
		use(SharedRds.settings().reset(Reset.DISCARD));
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try (Invocation invocation = Invocation.openConcurrent("x-1", Duration.ofMinutes(1))) {
			query("SELECT set_config('app.tenant', 'acme', false)");
			assertThat(executor.submit(() -> {
				try (Invocation other = Invocation.openConcurrent("x-2", Duration.ofMinutes(1))) {
					assertThat(other.hasEnded()).isFalse();
					return String.valueOf(tenant());
				}
			}).get()).isIn("", "null");
			assertThat(invocation.hasEnded()).isFalse();
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void sessionKeepsWhatWasSetByDefault() throws SQLException {
		try (Invocation invocation = open("y-1")) {
			query("SELECT set_config('app.tenant', 'acme', false)");
			assertThat(invocation.hasEnded()).isFalse();
		}
		assertThat(tenant()).isEqualTo("acme");
	}

	@Test
	void slowStatementIsLoggedWithoutItsValues(CapturedOutput output) throws SQLException {
		use(SharedRds.settings().slowQueryThreshold(Duration.ofMillis(50)));
		JdbcTemplate jdbcTemplate = new JdbcTemplate(this.dataSource);
		jdbcTemplate.queryForObject("SELECT 'CANARY'::text = ?", Boolean.class, "fast");
		try (Invocation invocation = open("z-1")) {
			jdbcTemplate.queryForObject("SELECT pg_sleep(0.06)::text || ?", String.class, "CANARY");
			assertThat(invocation.hasEnded()).isFalse();
		}
		assertThat(output).contains("soong.slow-query-threshold=50ms, invocation z-1)")
			.contains("SELECT pg_sleep(?)::text || $1")
			.doesNotContain("CANARY");
	}

	private void use(ConnectionSettings.Builder settings) {
		this.dataSource.close();
		this.dataSource = new SoongDataSource(settings.build(), SharedRds.iam());
	}

	private static Invocation open(String id) {
		return Invocation.open(id, Duration.ofMinutes(1));
	}

	private String backend() throws SQLException {
		return query("SELECT pg_backend_pid()");
	}

	private String tenant() throws SQLException {
		return query("SELECT current_setting('app.tenant', true)");
	}

	private boolean isAlive(String backend) throws SQLException {
		try (Connection admin = this.rds.openAdminConnection();
				Statement statement = admin.createStatement();
				ResultSet rows = statement.executeQuery("SELECT 1 FROM pg_stat_activity WHERE pid = " + backend)) {
			return rows.next();
		}
	}

	@SuppressWarnings("NullAway")
	private String query(String sql) throws SQLException {
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(sql)) {
			assertThat(rows.next()).isTrue();
			return rows.getString(1);
		}
	}

}
