package io.soong.jdbc;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import io.soong.Pace;
import io.soong.SharedRds;
import io.soong.sql.SoongTemplate;
import io.soong.test.Fault;
import io.soong.test.Moment;
import io.soong.test.RdsLookalike;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What an invocation's deadline does to whatever runs on its connection. Statements that
 * would take a minute stand for those that take too long.
 */
@Timeout(120)
class DeadlineIntegrationTests {

	private static final Duration MARGIN = Duration.ofSeconds(2);

	private static final Duration SHORT = MARGIN.plus(Pace.moment());

	private final RdsLookalike rds = SharedRds.rds();

	private final SoongDataSource dataSource = new SoongDataSource(
			SharedRds.settings().deadlineMargin(MARGIN).max(2).build(), SharedRds.iam());

	@BeforeEach
	void createTables() throws SQLException {
		this.rds.execute("""
				DROP TABLE IF EXISTS slow_copy, slow_commit, plain;
				CREATE TABLE plain(id int);
				CREATE TABLE slow_copy(id int);
				CREATE TABLE slow_commit(id int);
				CREATE OR REPLACE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS
					$$ BEGIN PERFORM pg_sleep(60); RETURN NEW; END $$;
				CREATE TRIGGER dawdle BEFORE INSERT ON slow_copy FOR EACH ROW EXECUTE FUNCTION dawdle();
				CREATE CONSTRAINT TRIGGER dawdle AFTER INSERT ON slow_commit
					DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION dawdle();
				GRANT ALL ON slow_copy, slow_commit, plain TO jane_doe""");
	}

	@AfterEach
	void close() throws SQLException {
		this.dataSource.close();
		// A server that sleeps does not notice that its client was cut off
		this.rds.killConnections();
	}

	@Test
	void connectionIsCutWhereTheServerDoesNotAnswer() throws Exception {
		String backend = backend();
		signal("STOP", backend);
		try (Invocation invocation = Invocation.open("k1", SHORT)) {
			assertThatExceptionOfType(SQLNonTransientConnectionException.class)
				.isThrownBy(() -> execute("INSERT INTO plain VALUES (1)"))
				.withMessageContaining("A statement outside a transaction was cut off")
				.withMessageContaining("by the deadline of " + invocation)
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("08007"));
		}
		finally {
			signal("CONT", backend);
		}
		assertThat(backend()).isNotEqualTo(backend);
	}

	@Test
	void connectionIsCutInATransactionThatIsThenNotCommitted() throws Exception {
		String backend = backend();
		try (Invocation invocation = Invocation.open("k2", SHORT);
				Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			connection.setAutoCommit(false);
			statement.execute("INSERT INTO plain VALUES (1)");
			signal("STOP", backend);
			assertThatExceptionOfType(SQLTimeoutException.class)
				.isThrownBy(() -> statement.execute("INSERT INTO plain VALUES (2)"))
				.withMessageContaining("The deadline of " + invocation + " cut the connection");
			connection.rollback();
		}
		finally {
			signal("CONT", backend);
		}
		assertThat(query("SELECT count(*) FROM plain")).isEqualTo("0");
	}

	@Test
	void copyIsCutWhereTheServerStopsReading() throws Exception {
		String backend = backend();
		byte[] rows = "1\n".repeat(1 << 19).getBytes(StandardCharsets.UTF_8);
		try (Invocation invocation = Invocation.open("k3", SHORT);
				Connection connection = this.dataSource.getConnection()) {
			CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY plain FROM STDIN");
			signal("STOP", backend);
			assertThatExceptionOfType(SQLNonTransientConnectionException.class).isThrownBy(() -> {
				while (copy.isActive()) {
					copy.writeToCopy(rows, 0, rows.length);
				}
			}).withMessageContaining("by the deadline of " + invocation);
		}
		finally {
			signal("CONT", backend);
		}
		assertThat(query("SELECT count(*) FROM plain")).isEqualTo("0");
	}

	@Test
	void commitThatIsCutOffHasAnUnknownOutcome() throws Exception {
		String backend = backend();
		try (Invocation invocation = Invocation.open("k4", SHORT)) {
			JdbcTransactionManager transactions = new JdbcTransactionManager(this.dataSource);
			JdbcTemplate jdbcTemplate = new JdbcTemplate(this.dataSource);
			assertThatExceptionOfType(DataAccessResourceFailureException.class)
				.isThrownBy(() -> new TransactionTemplate(transactions).executeWithoutResult((status) -> {
					jdbcTemplate.update("INSERT INTO plain VALUES (1)");
					signal("STOP", backend);
				}))
				.withMessageContaining("The COMMIT was cut off before the server answered, by the deadline of "
						+ invocation + ": its outcome is unknown");
		}
		finally {
			signal("CONT", backend);
		}
	}

	private static void signal(String name, String pid) {
		try {
			assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor()).isZero();
		}
		catch (IOException | InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void statementIsCancelledAndItsConnectionReused() throws SQLException {
		String backend = backend();
		assertThat(cancelled(() -> execute("SELECT pg_sleep(60)")).getMessage()).contains("invocation a1",
				"soong.deadline-margin (2000 ms)");
		assertThat(backend()).isEqualTo(backend);
	}

	@Test
	void batchIsCancelled() throws SQLException {
		String backend = backend();
		cancelled(() -> {
			try (Connection connection = this.dataSource.getConnection();
					Statement statement = connection.createStatement()) {
				statement.addBatch("INSERT INTO plain VALUES (1)");
				statement.addBatch("INSERT INTO slow_copy VALUES (1)");
				statement.executeBatch();
			}
		});
		assertThat(backend()).isEqualTo(backend);
		assertThat(query("SELECT count(*) FROM slow_copy")).isEqualTo("0");
	}

	@Test
	void fetchIsCancelledAndTheTransactionRolledBack() throws SQLException {
		String backend = backend();
		cancelled(() -> {
			try (Connection connection = this.dataSource.getConnection();
					Statement statement = connection.createStatement()) {
				connection.setAutoCommit(false);
				statement.setFetchSize(2);
				try (ResultSet rows = statement
					.executeQuery("SELECT CASE WHEN i > 5 THEN pg_sleep(60) END FROM generate_series(1, 9) i")) {
					while (rows.next()) {
						assertThat(rows.getRow()).isLessThan(6);
					}
				}
			}
		});
		assertThat(backend()).isEqualTo(backend);
	}

	@Test
	void copyIsCancelledHoweverItWasReached() throws SQLException {
		String backend = backend();
		cancelled(() -> copy(new CopyUnwrapped()));
		cancelled(() -> copy((connection) -> new CopyManager(connection.unwrap(BaseConnection.class))));
		assertThat(backend()).isEqualTo(backend);
		assertThat(query("SELECT count(*) FROM slow_copy")).isEqualTo("0");
	}

	@Test
	void copyOutIsCancelledOrEndsWithItsConnection() throws SQLException {
		cancelled(() -> {
			try (Connection connection = this.dataSource.getConnection()) {
				connection.unwrap(PGConnection.class)
					.getCopyAPI()
					.copyOut("COPY (SELECT i, CASE WHEN i > 5 THEN pg_sleep(60) END FROM generate_series(1, 9) i) "
							+ "TO STDOUT", new StringWriter());
			}
		});
		assertThat(query("SELECT 1")).isEqualTo("1");
	}

	@Test
	void copyThatIsLeftUnderWayEndsWithItsConnection() throws SQLException {
		String backend = backend();
		try (Connection connection = this.dataSource.getConnection()) {
			CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY plain FROM STDIN");
			assertThat(copy.isActive()).isTrue();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connection.createStatement().execute(""))
				.withMessageContaining("COPY is under way");
		}
		assertThat(backend()).isNotEqualTo(backend);
	}

	@Test
	void commitIsCancelledAndRolledBack() throws SQLException {
		String backend = backend();
		cancelled(() -> {
			try (Connection connection = this.dataSource.getConnection();
					Statement statement = connection.createStatement()) {
				connection.setAutoCommit(false);
				statement.execute("INSERT INTO slow_commit VALUES (1)");
				connection.commit();
			}
		});
		assertThat(query("SELECT count(*) FROM slow_commit")).isEqualTo("0");
		assertThat(backend()).isEqualTo(backend);
	}

	@Test
	void nothingIsSentWithinTheMargin() throws SQLException {
		String backend = backend();
		try (Invocation invocation = Invocation.open("b2", SHORT)) {
			Connection connection = this.dataSource.getConnection();
			connection.setAutoCommit(false);
			connection.createStatement().execute("INSERT INTO plain VALUES (1)");
			await(invocation);
			for (ThrowingCallable call : List.<ThrowingCallable>of(connection::commit,
					() -> connection.createStatement().execute("INSERT INTO plain VALUES (2)"),
					() -> this.dataSource.getConnection())) {
				assertThatExceptionOfType(SQLTimeoutException.class).isThrownBy(call)
					.withMessageContaining("invocation b2 has ")
					.withMessageContaining("soong.deadline-margin (2000 ms)");
			}
			connection.rollback();
			connection.close();
		}
		assertThat(query("SELECT count(*) FROM plain")).isEqualTo("0");
		assertThat(backend()).isEqualTo(backend);
	}

	@Test
	void deadlineLeavesTheNextInvocationAlone() throws SQLException {
		String backend = backend();
		for (int i = 0; i < 3; i++) {
			try (Invocation invocation = Invocation.open("c" + i, SHORT)) {
				assertThat(query("SELECT 1")).isEqualTo("1");
				await(invocation);
			}
			try (Invocation invocation = Invocation.open("d" + i, Duration.ofMinutes(1))) {
				assertThat(invocation.hasDeadline()).isTrue();
				assertThat(query("SELECT 1 FROM pg_sleep(0.05)")).isEqualTo("1");
			}
		}
		assertThat(backend()).isEqualTo(backend);
	}

	/**
	 * The statement waits for a lock, and ends while the request to cancel it is held on
	 * its way.
	 */
	@Test
	void cancelThatComesAfterTheStatementEndedHitsNoOther() throws SQLException {
		this.rds.execute("INSERT INTO plain VALUES (1)");
		Duration margin = Duration.ofSeconds(30);
		try (SoongDataSource dataSource = new SoongDataSource(SharedRds.settings().deadlineMargin(margin).build(),
				SharedRds.iam()); Connection other = this.rds.openAdminConnection()) {
			String backend = query(dataSource, "SELECT pg_backend_pid()");
			other.setAutoCommit(false);
			try (Statement lock = other.createStatement()) {
				lock.execute("SELECT * FROM plain FOR UPDATE");
			}
			Fault late = this.rds.when(Moment.cancelRequest()).run(() -> endStatement(other, backend));
			try (Invocation invocation = Invocation.open("late", margin.plus(Pace.moment()));
					Connection connection = dataSource.getConnection();
					Statement statement = connection.createStatement()) {
				assertThat(statement.executeUpdate("UPDATE plain SET id = 2")).isOne();
				assertThat(invocation.hasDeadline()).isTrue();
			}
			late.await();
			assertThat(query(dataSource, "SELECT id FROM plain")).isEqualTo("2");
		}
	}

	private void endStatement(Connection lock, String backend) {
		try {
			lock.rollback();
			try (Connection admin = this.rds.openAdminConnection(); Statement statement = admin.createStatement()) {
				boolean idle = false;
				while (!idle) {
					try (ResultSet states = statement
						.executeQuery("SELECT state = 'idle' FROM pg_stat_activity WHERE pid = " + backend)) {
						idle = !states.next() || states.getBoolean(1);
					}
				}
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * The deadline comes about when the statement is done: before, after or at the same
	 * time.
	 */
	@Test
	void statementsThatEndAboutTheirDeadlineAreStoredOrReported() throws SQLException {
		Duration margin = Duration.ofMillis(300);
		Set<String> acknowledged = new TreeSet<>();
		Set<String> unknown = new TreeSet<>();
		Random random = new Random(7);
		try (SoongDataSource dataSource = new SoongDataSource(SharedRds.settings().deadlineMargin(margin).build(),
				SharedRds.iam())) {
			dataSource.getConnection().close();
			for (int i = 0; i < 200; i++) {
				Invocation invocation = Invocation.open("l" + i,
						margin.plusNanos(1_000_000 + random.nextInt(3_000_000)));
				try (Connection connection = dataSource.getConnection();
						Statement statement = connection.createStatement()) {
					connection.setAutoCommit(i % 2 == 0);
					statement.execute("INSERT INTO plain SELECT " + i + " FROM pg_sleep(0.002)");
					if (i % 2 != 0) {
						connection.commit();
					}
					acknowledged.add(String.valueOf(i));
				}
				catch (SQLException ex) {
					assertThat(ex.getSQLState()).isIn("57014", "08006", "08007", "08001");
					if ("08007".equals(ex.getSQLState())) {
						unknown.add(String.valueOf(i));
					}
				}
				finally {
					invocation.close();
				}
				assertThat(query(dataSource, "SELECT 'next' FROM pg_sleep(0.001)")).isEqualTo("next");
			}
			Set<String> stored = new TreeSet<>();
			try (Connection connection = dataSource.getConnection();
					Statement statement = connection.createStatement();
					ResultSet rows = statement.executeQuery("SELECT id FROM plain")) {
				while (rows.next()) {
					assertThat(stored.add(rows.getString(1))).isTrue();
				}
			}
			assertThat(stored).containsAll(acknowledged);
			stored.removeAll(unknown);
			acknowledged.removeAll(unknown);
			assertThat(stored).isEqualTo(acknowledged);
		}
	}

	@Test
	void waitForAnotherThreadEndsAtTheDeadline() throws Exception {
		CountDownLatch held = new CountDownLatch(2);
		CountDownLatch done = new CountDownLatch(1);
		ExecutorService holders = Executors.newFixedThreadPool(2);
		try {
			Callable<String> hold = () -> {
				try (Connection connection = this.dataSource.getConnection()) {
					held.countDown();
					done.await();
					return String.valueOf(connection.isClosed());
				}
			};
			List<Future<String>> futures = List.of(holders.submit(hold), holders.submit(hold));
			held.await();
			try (Invocation invocation = Invocation.open("e1", SHORT)) {
				assertThatExceptionOfType(SQLException.class).isThrownBy(this.dataSource::getConnection)
					.withMessageContaining("all that the deadline of " + invocation + " left");
			}
			done.countDown();
			for (Future<String> future : futures) {
				assertThat(future.get()).isEqualTo("false");
			}
		}
		finally {
			done.countDown();
			holders.shutdownNow();
		}
	}

	@Test
	void connectingEndsAtTheDeadlineAndIsNoOutage() throws Exception {
		this.rds.refuseConnections(true);
		try (Invocation invocation = Invocation.open("f1", SHORT)) {
			assertThat(invocation.hasEnded()).isFalse();
			assertThatExceptionOfType(SoongConnectionException.class).isThrownBy(this.dataSource::getConnection)
				.withMessageContaining("The invocation's deadline left");
		}
		finally {
			this.rds.refuseConnections(false);
		}
		assertThat(query("SELECT 1")).isEqualTo("1");
	}

	@Test
	void threadsWithinOneInvocationAtATimeBelongToIt() throws Exception {
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try (Invocation invocation = Invocation.open("g1", SHORT)) {
			assertThat(invocation.hasEnded()).isFalse();
			Future<String> other = executor.submit(() -> query("SELECT pg_sleep(60)"));
			assertThatExceptionOfType(Exception.class).isThrownBy(other::get)
				.withCauseInstanceOf(SQLTimeoutException.class);
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void invocationsAtTheSameTimeHaveTheirOwnDeadlines() throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(2);
		try {
			Future<String> overrun = executor.submit(() -> {
				try (Invocation invocation = Invocation.openConcurrent("h1", SHORT)) {
					assertThat(invocation.hasEnded()).isFalse();
					return query("SELECT pg_sleep(60)");
				}
			});
			Future<String> other = executor.submit(() -> {
				try (Invocation invocation = Invocation.openConcurrent("h2", Duration.ofMinutes(1))) {
					assertThat(invocation.hasEnded()).isFalse();
					return query("SELECT 'done' FROM pg_sleep(1)");
				}
			});
			assertThatExceptionOfType(Exception.class).isThrownBy(overrun::get)
				.withCauseInstanceOf(SQLTimeoutException.class);
			assertThat(other.get()).isEqualTo("done");
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void templatesGetAQueryTimeout() {
		JdbcTemplate jdbcTemplate = new JdbcTemplate(this.dataSource);
		JdbcTransactionManager transactions = new JdbcTransactionManager(this.dataSource);
		SoongTemplate soong = new SoongTemplate(jdbcTemplate, transactions);
		TransactionTemplate transaction = new TransactionTemplate(transactions);
		List<ThrowingCallable> calls = List.of(() -> jdbcTemplate.execute("SELECT pg_sleep(60)"),
				() -> soong.query("SELECT pg_sleep(60)"),
				() -> soong.insertAll("slow_copy", IntStream.range(0, 300).mapToObj((i) -> Map.of("id", i))),
				() -> transaction.execute((status) -> soong.insert("slow_commit", Map.of("id", 1))),
				() -> transaction.execute((status) -> soong.query("SELECT pg_sleep(60)")));
		for (ThrowingCallable call : calls) {
			try (Invocation invocation = Invocation.open("i1", SHORT)) {
				assertThatExceptionOfType(QueryTimeoutException.class).isThrownBy(call)
					.withMessageContaining("The deadline of " + invocation + " cancelled this statement");
			}
		}
	}

	@Test
	void deadlineBehindAProxyCutsTheConnectionAtOnce() throws SQLException {
		try (SoongDataSource proxied = new SoongDataSource(
				SharedRds.settings("db.proxy-abc.us-east-1.rds.amazonaws.com")
					.sslMode(ConnectionSettings.SslMode.REQUIRE)
					.allowUnverified(true)
					.deadlineMargin(MARGIN)
					.user("bob")
					.build(),
				SharedRds.password("bob", SharedRds.PASSWORD))) {
			proxied.getConnection().close();
			try (Invocation invocation = Invocation.open("j1", SHORT);
					Connection connection = proxied.getConnection();
					Statement statement = connection.createStatement()) {
				assertThatExceptionOfType(SQLTimeoutException.class)
					.isThrownBy(() -> statement.execute("SELECT pg_sleep(60)"))
					.withMessageContaining("The deadline of " + invocation + " cut the connection")
					.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("08006"));
			}
			try (Connection connection = proxied.getConnection()) {
				assertThat(connection.isValid(1)).isTrue();
			}
		}
	}

	@Test
	void commitWhoseConnectionBreaksHasAnUnknownOutcome() throws Exception {
		JdbcTransactionManager transactions = new JdbcTransactionManager(this.dataSource);
		JdbcTemplate jdbcTemplate = new JdbcTemplate(this.dataSource);
		assertThatExceptionOfType(DataAccessResourceFailureException.class)
			.isThrownBy(() -> new TransactionTemplate(transactions).executeWithoutResult((status) -> {
				jdbcTemplate.update("INSERT INTO plain VALUES (1)");
				this.rds.cutConnections();
			}))
			.withMessageContaining("The COMMIT was cut off before the server answered: its outcome is unknown")
			.havingCause()
			.satisfies((ex) -> assertThat(((SQLException) ex).getSQLState()).isEqualTo("08007"));
		assertThat(query("SELECT 1")).isEqualTo("1");
	}

	private SQLTimeoutException cancelled(ThrowingCallable work) {
		try (Invocation invocation = Invocation.open("a1", SHORT)) {
			assertThat(invocation.hasEnded()).isFalse();
			SQLTimeoutException failure = catchThrowableOfType(SQLTimeoutException.class, work);
			assertThat((Throwable) failure).isNotNull();
			assertThat(failure.getSQLState()).isEqualTo("57014");
			return failure;
		}
	}

	private static void await(Invocation invocation) {
		Awaitility.await().until(() -> invocation.left(MARGIN).isNegative());
	}

	private void execute(String sql) throws SQLException {
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private void copy(CopyApi api) throws Exception {
		try (Connection connection = this.dataSource.getConnection()) {
			CopyIn copy = api.of(connection).copyIn("COPY slow_copy FROM STDIN");
			byte[] row = "1\n".getBytes(StandardCharsets.UTF_8);
			copy.writeToCopy(row, 0, row.length);
			copy.endCopy();
		}
	}

	private String backend() throws SQLException {
		return query("SELECT pg_backend_pid()");
	}

	private String query(String sql) throws SQLException {
		return query(this.dataSource, sql);
	}

	private static String query(SoongDataSource dataSource, String sql) throws SQLException {
		try (Connection connection = dataSource.getConnection();
				Statement statement = connection.createStatement();
				ResultSet rows = statement.executeQuery(sql)) {
			assertThat(rows.next()).isTrue();
			return rows.getString(1);
		}
	}

	private interface CopyApi {

		CopyManager of(Connection connection) throws SQLException;

	}

	private record CopyUnwrapped() implements CopyApi {

		@Override
		public CopyManager of(Connection connection) throws SQLException {
			return connection.unwrap(PGConnection.class).getCopyAPI();
		}

	}

}
