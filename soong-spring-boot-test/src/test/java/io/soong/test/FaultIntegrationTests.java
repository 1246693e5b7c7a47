package io.soong.test;

import java.io.StringReader;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RdsLookalike#when(Moment)} and the faults of connections, seen through
 * pgjdbc.
 */
class FaultIntegrationTests {

	private static RdsLookalike rds;

	@BeforeAll
	static void start() {
		rds = RdsLookalike.start();
	}

	@AfterAll
	static void stop() {
		rds.close();
	}

	@BeforeEach
	void makeTable() throws SQLException {
		rds.execute("CREATE TABLE gizmos (id int PRIMARY KEY); GRANT ALL ON gizmos TO jane_doe");
	}

	@AfterEach
	void clearFaults() throws SQLException {
		rds.clearFaults();
		rds.killConnections();
		rds.cutConnections();
		rds.execute("DROP TABLE gizmos");
	}

	@Test
	void commitWhenCutBeforeTheServerReceivesItIsLost() throws SQLException {
		try (Connection connection = inTransaction()) {
			Fault fault = rds.when(Moment.commit()).cut();
			assertFails("08006", connection::commit);
			fault.await();
			assertThat(fault.happened()).isOne();
		}
		awaitSessions(0);
		assertThat(rows()).isZero();
	}

	@Test
	void commitWhenPreparedEarlierIsSeenToo() throws SQLException {
		try (Connection connection = inTransaction()) {
			connection.commit();
			Client.execute(connection, "INSERT INTO gizmos VALUES (2)");
			connection.commit();
			Client.execute(connection, "INSERT INTO gizmos VALUES (3)");
			rds.when(Moment.commit()).cut();
			assertFails("08006", connection::commit);
		}
		awaitSessions(0);
		assertThat(rows()).isEqualTo(2);
	}

	@Test
	void commitAnswerWhenCutIsCommittedNevertheless() throws SQLException {
		try (Connection connection = inTransaction()) {
			Fault fault = rds.when(Moment.commitAnswer()).cut();
			assertFails("08006", connection::commit);
			fault.await();
			assertThat(fault.happened()).isOne();
			assertThat(rows()).isOne();
		}
	}

	@Test
	void answerWhenCutOutsideOfTransactionIsCommitted() throws SQLException {
		try (Connection connection = Client.connect(rds)) {
			rds.when(Moment.answer("INSERT")).cut();
			assertFails("08006", () -> Client.execute(connection, "INSERT INTO gizmos VALUES (1)"));
			assertThat(rows()).isOne();
		}
	}

	@Test
	void statementWhenCutIsNotExecuted() throws SQLException {
		try (Connection connection = Client.connect(rds)) {
			rds.when(Moment.statement("INSERT into")).cut();
			assertThat(Client.query(connection, "SELECT 1")).isEqualTo("1");
			assertFails("08006", () -> Client.execute(connection, "INSERT INTO gizmos VALUES (1)"));
		}
		awaitSessions(0);
		assertThat(rows()).isZero();
	}

	@Test
	void statementWhenKilledTellsTheClient() throws SQLException {
		try (Connection connection = Client.connect(rds)) {
			rds.when(Moment.statement("FROM gizmos")).kill();
			assertFails("57P01", () -> Client.query(connection, "SELECT count(*) FROM gizmos"));
		}
	}

	@ParameterizedTest
	@EnumSource
	void rowWhenCutDeliversThoseBefore(Fetch fetch) throws SQLException {
		try (Connection connection = Client.connect(rds, Map.of("defaultRowFetchSize", fetch.size))) {
			connection.setAutoCommit(false);
			rds.when(Moment.row(fetch.at)).cut();
			AtomicInteger seen = new AtomicInteger();
			assertFails("08006", () -> {
				try (Statement statement = connection.createStatement();
						ResultSet result = statement.executeQuery("SELECT * FROM generate_series(1, 100000)")) {
					while (result.next()) {
						seen.set(result.getInt(1));
					}
				}
			});
			assertThat(seen).hasValue(fetch.seen);
		}
	}

	@Test
	void copyDataWhenCutInsertsNothing() throws SQLException {
		Connection connection = Client.connect(rds);
		Fault fault = rds.when(Moment.copyData(2)).cut();
		StringReader rows = new StringReader("1\n2\n3\n".repeat(50_000));
		assertThatException().isThrownBy(
				() -> connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY gizmos FROM STDIN", rows));
		fault.await();
		assertThat(fault.happened()).isOne();
		awaitSessions(0);
		assertThat(rows()).isZero();
	}

	@Test
	void statementWhenStalledContinuesWhenFaultsAreCleared() throws Exception {
		try (Connection connection = Client.connect(rds)) {
			Fault fault = rds.when(Moment.statement("INSERT")).stall();
			CompletableFuture<Void> insert = CompletableFuture
				.runAsync(() -> unchecked(() -> Client.execute(connection, "INSERT INTO gizmos VALUES (1)")));
			fault.await();
			assertThat(rows()).isZero();
			assertThat(insert).isNotDone();
			rds.clearFaults();
			insert.get(60, TimeUnit.SECONDS);
			assertThat(rows()).isOne();
		}
	}

	@Test
	void stallConnectionsHoldsBackAllUntilFaultsAreCleared() throws Exception {
		try (Connection connection = Client.connect(rds)) {
			assertThat(rds.stallConnections()).isOne();
			assertThat(rds.stallConnections()).isOne();
			CompletableFuture<String> answer = CompletableFuture
				.supplyAsync(() -> unchecked(() -> Client.query(connection, "SELECT 'late'")));
			assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> answer.get(100, TimeUnit.MILLISECONDS));
			try (Connection other = Client.connect(rds)) {
				assertThat(Client.query(other, "SELECT 'another'")).isEqualTo("another");
			}
			rds.clearFaults();
			assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo("late");
		}
	}

	@Test
	void blackHoleConnectionsAnswersNothingAndKeepsTheServersSession() throws Exception {
		Connection connection = inTransaction();
		timeOutSoon(connection);
		assertThat(rds.blackHoleConnections()).isOne();
		assertThatExceptionOfType(SQLException.class).isThrownBy(connection::commit)
			.withCauseInstanceOf(SocketTimeoutException.class);
		connection.close();
		assertThat(sessions()).isOne();
		assertThat(rds.killConnections()).isOne();
		awaitSessions(0);
		assertThat(rds.killConnections()).isZero();
	}

	@Test
	void clearFaultsEndsSessionsWhoseBytesWereDiscarded() throws Exception {
		Connection connection = inTransaction();
		timeOutSoon(connection);
		rds.blackHoleConnections();
		assertThatExceptionOfType(SQLException.class).isThrownBy(connection::commit)
			.withCauseInstanceOf(SocketTimeoutException.class);
		rds.clearFaults();
		awaitSessions(0);
		assertThat(rows()).isZero();
	}

	@Test
	void blackHoleWhenServerEndsTheSessionStaysSilent() throws Exception {
		try (Connection connection = Client.connect(rds)) {
			timeOutSoon(connection);
			rds.blackHoleConnections();
			assertThat(rds.killConnections()).isOne();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> Client.query(connection, "SELECT 1"))
				.withCauseInstanceOf(SocketTimeoutException.class);
		}
	}

	@Test
	void statementWhenBlackHoledIsNotExecuted() throws SQLException {
		try (Connection connection = Client.connect(rds)) {
			timeOutSoon(connection);
			rds.when(Moment.statement("INSERT")).blackHole();
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> Client.execute(connection, "INSERT INTO gizmos VALUES (1)"))
				.withCauseInstanceOf(SocketTimeoutException.class);
			assertThat(rows()).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource
	void connectingWhenBlackHoledOrCutFails(Phase phase) throws SQLException {
		Fault hole = rds.when(phase.moment).blackHole();
		assertThatExceptionOfType(SQLException.class)
			.isThrownBy(() -> Client.connect(rds, Map.of("socketTimeout", "5", "loginTimeout", "60")))
			.havingCause()
			.isInstanceOf(SocketTimeoutException.class);
		hole.await();
		assertThat(hole.happened()).isOne();
		rds.when(phase.moment).cut();
		assertFails("08", () -> Client.connect(rds));
		Client.connect(rds).close();
	}

	@Test
	void connectingWhenStalledSucceedsWhenFaultsAreCleared() throws Exception {
		Fault fault = rds.when(Moment.tlsHandshake()).stall();
		CompletableFuture<Connection> connection = CompletableFuture
			.supplyAsync(() -> unchecked(() -> Client.connect(rds)));
		fault.await();
		assertThat(connection).isNotDone();
		rds.clearFaults();
		connection.get(60, TimeUnit.SECONDS).close();
	}

	@Test
	void cancelRequestWhenDelayedComesLate() throws Exception {
		try (Connection locker = locker();
				Connection connection = Client.connect(rds);
				Statement statement = connection.createStatement()) {
			Fault fault = rds.when(Moment.cancelRequest()).delay(Duration.ofMillis(300));
			CompletableFuture<Void> waiting = CompletableFuture
				.runAsync(() -> assertFails("57014", () -> statement.execute("SELECT * FROM gizmos")));
			Client.awaitLocked(rds);
			long start = System.nanoTime();
			statement.cancel();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(300));
			waiting.get(60, TimeUnit.SECONDS);
			fault.await();
			assertThat(fault.happened()).isOne();
			locker.rollback();
		}
	}

	@Test
	void cancelRequestWhenCutIsLost() throws Exception {
		try (Connection locker = locker();
				Connection connection = Client.connect(rds);
				Statement statement = connection.createStatement()) {
			Fault fault = rds.when(Moment.cancelRequest()).cut();
			CompletableFuture<Boolean> waiting = CompletableFuture
				.supplyAsync(() -> unchecked(() -> statement.execute("SELECT * FROM gizmos")));
			Client.awaitLocked(rds);
			statement.cancel();
			fault.await();
			assertThat(fault.happened()).isOne();
			locker.rollback();
			assertThat(waiting.get(60, TimeUnit.SECONDS)).isTrue();
		}
	}

	@Test
	void runWhenMomentComesHappensBeforeItContinues() throws SQLException {
		try (Connection connection = Client.connect(rds)) {
			rds.when(Moment.statement("SELECT count"))
				.run(() -> unchecked(() -> rds.execute("INSERT INTO gizmos VALUES (1)")));
			assertThat(Client.query(connection, "SELECT count(*) FROM gizmos")).isEqualTo("1");
			rds.when(Moment.statement("SELECT count")).run(() -> {
				throw new IllegalStateException("thrown by this test");
			});
			assertFails("08006", () -> Client.query(connection, "SELECT count(*) FROM gizmos"));
		}
	}

	@Test
	void faultWhenArmedSeveralTimesHappensAsOften() throws SQLException {
		Fault twice = rds.when(Moment.login()).times(2).refuse("53300", "sorry, too many clients already");
		Fault always = rds.when(Moment.login()).always().refuse("57P03", "the database system is starting up");
		assertFails("53300", () -> Client.connect(rds));
		assertFails("53300", () -> Client.connect(rds));
		assertFails("57P03", () -> Client.connect(rds));
		assertFails("57P03", () -> Client.connect(rds));
		always.disarm();
		Client.connect(rds).close();
		assertThat(twice.happened()).isEqualTo(2);
		assertThat(always.happened()).isEqualTo(2);
	}

	@Test
	void whenActionDoesNotFitMomentRefuses() {
		assertThatIllegalArgumentException().isThrownBy(() -> rds.when(Moment.connect()).kill())
			.withMessage("There is no session to be killed at: connect");
		assertThatIllegalArgumentException().isThrownBy(() -> rds.when(Moment.row(3)).refuse("53300", "no"))
			.withMessage("Only a login is refused, not: row 3");
	}

	@Test
	void latencyDelaysEachRoundTripAndNotEachPacket() throws SQLException {
		try (Connection connection = Client.connect(rds)) {
			String query = "SELECT repeat('0123456789abcdef', 1000000)";
			long begin = System.nanoTime();
			assertThat(Client.query(connection, query)).hasSize(16_000_000);
			Duration undelayed = Duration.ofNanos(System.nanoTime() - begin);
			rds.latency(Duration.ofMillis(200));
			long start = System.nanoTime();
			for (int i = 0; i < 4; i++) {
				Client.query(connection, "SELECT 1");
			}
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(800));
			// 16 MB come in about a thousand pieces: one after another they would take
			// three minutes longer
			begin = System.nanoTime();
			assertThat(Client.query(connection, query)).hasSize(16_000_000);
			assertThat(Duration.ofNanos(System.nanoTime() - begin))
				.isLessThan(undelayed.multipliedBy(4).plusSeconds(60));
			rds.clearFaults();
			assertThat(Client.query(connection, "SELECT 2")).isEqualTo("2");
		}
	}

	@Test
	void preparedStatementsWhenExecutedOftenAreRecognized() throws SQLException {
		try (Connection connection = Client.connect(rds);
				PreparedStatement statement = connection.prepareStatement("INSERT INTO gizmos VALUES (?)")) {
			Fault fault = rds.when(Moment.statement("into gizmos")).times(20).run(() -> {
			});
			for (int i = 0; i < 20; i++) {
				statement.setInt(1, i);
				statement.executeUpdate();
			}
			assertThat(fault.happened()).isEqualTo(20);
			assertThat(rows()).isEqualTo(20);
		}
	}

	/**
	 * Lets the next answer time out soon. No answer may be expected after this call.
	 */
	private static void timeOutSoon(Connection connection) throws SQLException {
		connection.setNetworkTimeout(Runnable::run, 300);
	}

	/**
	 * A connection that keeps others from reading the table until it rolls back.
	 */
	private static Connection locker() throws SQLException {
		Connection connection = rds.openAdminConnection();
		connection.setAutoCommit(false);
		Client.execute(connection, "LOCK TABLE gizmos");
		return connection;
	}

	private static Connection inTransaction() throws SQLException {
		Connection connection = Client.connect(rds);
		connection.setAutoCommit(false);
		Client.execute(connection, "INSERT INTO gizmos VALUES (1)");
		return connection;
	}

	private static int rows() throws SQLException {
		try (Connection connection = rds.openAdminConnection()) {
			return Integer.parseInt(Client.query(connection, "SELECT count(*) FROM gizmos"));
		}
	}

	private static int sessions() throws SQLException {
		try (Connection connection = rds.openAdminConnection()) {
			return Integer
				.parseInt(Client.query(connection, "SELECT count(*) FROM pg_stat_activity WHERE usename = 'jane_doe'"));
		}
	}

	private static void awaitSessions(int expected) {
		Client.await().untilAsserted(() -> assertThat(sessions()).isEqualTo(expected));
	}

	private static void assertFails(String sqlState, ThrowingCallable code) {
		assertThatExceptionOfType(SQLException.class).isThrownBy(code)
			.satisfies((ex) -> assertThat(ex.getSQLState()).startsWith(sqlState));
	}

	private static void unchecked(Task task) {
		unchecked(() -> {
			task.run();
			return "done";
		});
	}

	private static <T> T unchecked(Question<T> question) {
		try {
			return question.ask();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	enum Fetch {

		AT_ONCE("0", 100, 0), IN_PARTS("10", 35, 30);

		private final String size;

		private final int at;

		private final int seen;

		Fetch(String size, int at, int seen) {
			this.size = size;
			this.at = at;
			this.seen = seen;
		}

	}

	enum Phase {

		CONNECT(Moment.connect()), TLS(Moment.tlsHandshake()), LOGIN(Moment.login());

		private final Moment moment;

		Phase(Moment moment) {
			this.moment = moment;
		}

	}

	private interface Task {

		void run() throws SQLException;

	}

	private interface Question<T> {

		T ask() throws SQLException;

	}

}
