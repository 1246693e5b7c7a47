package io.soong.jdbc;

import java.io.IOException;
import java.lang.reflect.Method;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;

import io.soong.jdbc.RoundTrip.Overrun;
import io.soong.jdbc.RoundTrip.Running;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * The guard and its watchdog in every order, without a server and by a simulated clock.
 * What runs is cancelled at 8 s, cut at 9 s and reported at 9.5 s; the deadline is at 10
 * s.
 */
@Timeout(60)
class DeadlineGuardTests {

	private static final Duration BEFORE = Duration.ofSeconds(8).minusNanos(1);

	private static final Duration CANCEL = Duration.ofSeconds(8);

	private static final Duration BEFORE_CUT = Duration.ofSeconds(9).minusNanos(1);

	private static final Duration CUT = Duration.ofSeconds(9);

	private static final Duration REPORT = Duration.ofMillis(9500);

	private static final Duration HALF = Duration.ofSeconds(1);

	private static final Method CALL = callMethod();

	private final SimulatedTime time = new SimulatedTime();

	private final StubConnection connection = new StubConnection();

	private final Invocation invocation = Invocation.open("g-1", Duration.ofSeconds(10), false, this.time);

	/** When the watchdog is to look. */
	private final List<Long> looks = new ArrayList<>();

	private DeadlineGuard guard = guard("localhost");

	@AfterEach
	void close() {
		this.invocation.close();
	}

	@Test
	void roundTripWithinItsTimeIsLeftAlone() throws Exception {
		Object result = run("SELECT 1", () -> {
			assertThat(this.guard.isBusy()).isTrue();
			assertThat(look(BEFORE)).isEqualTo(1);
			return 42;
		});
		assertThat(result).isEqualTo(42);
		assertThat(this.guard.isBusy()).isFalse();
		assertThat(this.guard.lastSql()).isEqualTo("SELECT ?");
		this.connection.isNeitherCancelledNorCut();
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void logsShowNoLiteralOfAStatement(CapturedOutput output) throws Exception {
		this.guard = new DeadlineGuard(this.connection,
				ConnectionSettings.builder("localhost").slowQueryThreshold(Duration.ofNanos(1)).build(), this.time);
		int[] millis = new int[1];
		Map<String, String> shown = Map.of("ALTER ROLE bob PASSWORD 's3cret'", "ALTER ROLE bob PASSWORD ?",
				"SET a.b = s3cret", "SET", "SELECT $$s3cret$$", "SELECT ?");
		for (String sql : shown.keySet()) {
			run(sql, () -> this.time.set(Duration.ofMillis(++millis[0])));
			assertThat(this.guard.lastSql()).isEqualTo(shown.get(sql));
		}
		run("SELECT 42 FROM gizmos WHERE id = $1", () -> this.time.set(Duration.ofMillis(++millis[0])));
		assertThat(this.guard.lastSql()).isEqualTo("SELECT ? FROM gizmos WHERE id = $1");
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> run("SELECT s3cret", () -> {
			throw new SQLException("no such column", "42703");
		}));
		assertThat(this.guard.lastSql()).isEqualTo("SELECT");
		assertThat(output).contains("): ALTER", "): SET", "): SELECT ? FROM gizmos WHERE id = $1")
			.doesNotContain("s3cret");
	}

	@Test
	void connectionIsCutWhereTheDriverBreaksOff() {
		for (Throwable failure : List.of(new IllegalStateException("a stream of the caller"),
				new OutOfMemoryError("as it must"))) {
			int before = this.connection.cuts;
			assertThat(catchThrowable(() -> run("SELECT 1", () -> {
				if (failure instanceof Error error) {
					throw error;
				}
				throw (RuntimeException) failure;
			}))).isSameAs(failure);
			assertThat(this.connection.cuts).isEqualTo(before + 1);
		}
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> run("SELECT 1", () -> {
			throw new SQLException("refused", "22012");
		}));
		assertThat(this.connection.cuts).isEqualTo(2);
	}

	@Test
	void refusalInASampleEventShowsNoLiteral() {
		try (Invocation sample = Invocation.openRollbackOnly("sample event", Duration.ofMinutes(1))) {
			this.guard.setInvocation(sample, this.looks::add);
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> run("COMMIT; SELECT 's3cret'", DeadlineGuardTests::notSent))
				.withMessageEndingWith("its changes must be rolled back: COMMIT; SELECT ?");
		}
	}

	@Test
	void watchdogIsToLookWhenTheMarginBegins() {
		assertThat(this.looks).containsExactly(this.time.set(CANCEL));
	}

	@Test
	void connectionThatDoesNothingIsLeftAlone() {
		assertThat(look(CANCEL)).isEqualTo(Watchdog.NEVER);
		assertThat(look(CUT)).isEqualTo(Watchdog.NEVER);
		this.connection.isNeitherCancelledNorCut();
	}

	@Test
	void roundTripWithoutAnInvocationIsNotSeen() throws Exception {
		this.guard.setInvocation(null, this.looks::add);
		run("SELECT 1", () -> {
			assertThat(this.guard.isBusy()).isFalse();
			assertThat(look(CUT)).isEqualTo(Watchdog.NEVER);
			return null;
		});
		this.connection.isNeitherCancelledNorCut();
	}

	@Test
	void roundTripOfAnotherInvocationIsLeftAlone() throws Exception {
		try (Invocation next = Invocation.open("g-2", Duration.ofSeconds(10), false, this.time)) {
			run("SELECT 1", () -> {
				this.guard.setInvocation(next, this.looks::add);
				assertThat(look(CUT)).isEqualTo(Watchdog.NEVER);
				return null;
			});
		}
		this.connection.isNeitherCancelledNorCut();
	}

	@Test
	void nothingBeginsWithinTheMargin() {
		this.time.set(CANCEL);
		assertThatExceptionOfType(SQLTimeoutException.class)
			.isThrownBy(() -> run("SELECT 1", DeadlineGuardTests::notSent))
			.withMessageContaining("invocation g-1 has 2000 ms left")
			.withMessageContaining("soong.deadline-margin (2000 ms)");
		assertThat(this.guard.isBusy()).isFalse();
		this.connection.isNeitherCancelledNorCut();
	}

	/**
	 * The watchdog looks between the moment at which it can see the round trip and the
	 * one at which the round trip looks at the time.
	 */
	@Test
	void roundTripThatTheWatchdogMeetsAtItsBeginIsNotSent() throws Exception {
		this.time.beforeNextRead(() -> assertThat(look(CANCEL)).isEqualTo(HALF.toNanos()));
		assertThatExceptionOfType(SQLTimeoutException.class)
			.isThrownBy(() -> run("SELECT 1", DeadlineGuardTests::notSent));
		assertThat(this.guard.isBusy()).isFalse();
		this.connection.cancelled.await();
		assertThat(this.connection.cuts).as("as the request to cancel may come late").isEqualTo(1);
	}

	@Test
	void roundTripWithinAnotherIsPartOfIt() throws Exception {
		run("COPY gizmos FROM STDIN", () -> {
			run("SELECT 1", () -> null);
			assertThat(this.guard.isBusy()).isTrue();
			return null;
		});
		assertThat(this.guard.isBusy()).isFalse();
	}

	/**
	 * A second thread waits where the watchdog's deadline still holds for it.
	 */
	@Test
	void roundTripOfASecondThreadWaitsAndThenSeesThatItIsTooLate() throws Exception {
		FutureTask<@Nullable Throwable> second = new FutureTask<>(
				() -> catchThrowable(() -> run("SELECT 2", DeadlineGuardTests::notSent)));
		Thread thread = new Thread(second);
		run("SELECT 1", () -> {
			thread.start();
			spinUntil(() -> thread.getState() == Thread.State.WAITING || second.isDone());
			this.time.set(CANCEL);
			return null;
		});
		assertThat(second.get()).isInstanceOf(SQLTimeoutException.class).hasMessageContaining("Nothing more is sent");
	}

	@Test
	void cancelledStatementKeepsTheConnection() {
		assertThatExceptionOfType(SQLTimeoutException.class).isThrownBy(() -> run("SELECT 1", () -> {
			assertThat(look(CANCEL)).isEqualTo(HALF.toNanos());
			this.connection.cancelled.await();
			throw cancelled();
		})).withMessageContaining("The deadline of invocation g-1 cancelled this statement");
		assertThat(this.connection.cuts).isZero();
		assertThat(this.guard.isBusy()).isFalse();
	}

	/**
	 * The server's answer overtakes that of the request to cancel.
	 */
	@Test
	void cancelThatIsUnderWayIsWaitedFor() {
		Thread borrower = Thread.currentThread();
		this.connection.beforeCancelled = () -> spinUntil(() -> borrower.getState() == Thread.State.TIMED_WAITING);
		assertThatExceptionOfType(SQLTimeoutException.class).isThrownBy(() -> run("SELECT 1", () -> {
			look(CANCEL);
			throw cancelled();
		}));
		assertThat(this.connection.cuts).isZero();
		assertThat(this.connection.cancelled.getCount()).isZero();
	}

	@Test
	void cancelThatIsUnderWayForTooLongCostsTheConnection() {
		CountDownLatch over = new CountDownLatch(1);
		this.connection.beforeCancelled = () -> await(over);
		assertThatExceptionOfType(SQLTimeoutException.class).isThrownBy(() -> run("SELECT 1", () -> {
			look(CANCEL);
			this.time.set(CUT);
			throw cancelled();
		}));
		assertThat(this.connection.cuts).isEqualTo(1);
		over.countDown();
	}

	/**
	 * The server would answer the request only if the borrower waited for longer.
	 */
	@Test
	void cancelThatIsUnderWayIsWaitedForUntilTheCutAndNoLonger() {
		Thread borrower = Thread.currentThread();
		CountDownLatch over = new CountDownLatch(1);
		this.connection.beforeCancelled = () -> spinUntil(
				() -> borrower.getState() == Thread.State.TIMED_WAITING || over.getCount() == 0);
		assertThatExceptionOfType(SQLTimeoutException.class).isThrownBy(() -> run("SELECT 1", () -> {
			look(CANCEL);
			this.time.set(CUT);
			throw cancelled();
		}));
		over.countDown();
		assertThat(this.connection.cuts).isEqualTo(1);
	}

	@Test
	void cancelThatMayStillReachTheServerCostsTheConnection() {
		this.connection.delivered = false;
		assertThatExceptionOfType(SQLTimeoutException.class).isThrownBy(() -> run("SELECT 1", () -> {
			look(CANCEL);
			throw cancelled();
		}));
		assertThat(this.connection.cuts).isEqualTo(1);
	}

	@Test
	void cancelThatComesLateCostsTheConnectionAndNotTheResult() throws Exception {
		assertThat(run("SELECT 1", () -> {
			look(CANCEL);
			return 42;
		})).isEqualTo(42);
		assertThat(this.connection.cuts).isEqualTo(1);
		assertThat(this.guard.isBusy()).isFalse();
	}

	@Test
	void waitForTheCancelIsInterruptible() {
		CountDownLatch over = new CountDownLatch(1);
		this.connection.beforeCancelled = () -> await(over);
		assertThatExceptionOfType(SQLTimeoutException.class).isThrownBy(() -> run("SELECT 1", () -> {
			look(CANCEL);
			Thread.currentThread().interrupt();
			throw cancelled();
		}));
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.connection.cuts).isEqualTo(1);
		over.countDown();
	}

	@Test
	void connectionIsCutHalfTheMarginBeforeTheDeadline() {
		assertThatExceptionOfType(SQLTimeoutException.class).isThrownBy(() -> run("SELECT 1", () -> {
			look(CANCEL);
			assertThat(look(BEFORE_CUT)).isEqualTo(1);
			assertThat(this.connection.cuts).isZero();
			assertThat(look(CUT)).isEqualTo(REPORT.minus(CUT).toNanos());
			assertThat(this.connection.cuts).isEqualTo(1);
			throw broken();
		})).withMessageContaining("cut the connection before the server answered");
	}

	@Test
	void watchdogThatComesLateCutsAtOnce() {
		assertThatExceptionOfType(SQLTimeoutException.class).isThrownBy(() -> run("SELECT 1", () -> {
			look(CUT);
			assertThat(this.connection.cuts).isEqualTo(1);
			throw broken();
		}));
		assertThat(this.connection.cancelled.getCount()).isEqualTo(1);
	}

	@Test
	void connectionBehindAProxyIsCutAtOnce() {
		this.guard = guard("p.proxy-c0ffee.eu-central-1.rds.amazonaws.com");
		assertThatExceptionOfType(SQLTimeoutException.class).isThrownBy(() -> run("SELECT 1", () -> {
			look(CANCEL);
			assertThat(this.connection.cuts).isEqualTo(1);
			throw broken();
		}));
		assertThat(this.connection.cancelled.getCount()).isEqualTo(1);
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void threadThatDoesNotReturnIsReportedOnceBeforeTheDeadline(CapturedOutput output) throws Exception {
		run("SELECT 1", () -> {
			look(CUT);
			look(REPORT.minusNanos(1));
			assertThat(output).doesNotContain("has not returned");
			assertThat(look(REPORT)).isEqualTo(Watchdog.NEVER);
			assertThat(output).contains("has not returned").contains("DeadlineGuardTests");
			look(REPORT);
			return null;
		});
		look(REPORT);
		assertThat(output).containsOnlyOnce("The deadline of invocation g-1 cut the connection");
	}

	@Test
	void rollbackInTheFirstHalfOfTheMarginIsSent() throws Exception {
		this.time.set(CANCEL);
		assertThat(run("ROLLBACK", () -> {
			assertThat(look(BEFORE_CUT)).isEqualTo(1);
			return 42;
		})).isEqualTo(42);
		assertThat(this.looks).last().isEqualTo(this.time.set(CUT));
		this.connection.isNeitherCancelledNorCut();
		assertThat(this.guard.isBusy()).isFalse();
	}

	@Test
	void rollbackThatLastsForHalfTheMarginIsCut() {
		this.time.set(CANCEL);
		assertThatExceptionOfType(SQLTimeoutException.class).isThrownBy(() -> run("ROLLBACK", () -> {
			look(CUT);
			assertThat(this.connection.cuts).isEqualTo(1);
			throw broken();
		}));
		assertThat(this.connection.cancelled.getCount()).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(longs = { 9000, 9999, 20_000 })
	void rollbackInTheLastHalfOfTheMarginCutsTheConnection(long millis) {
		this.time.set(Duration.ofMillis(millis));
		assertThatExceptionOfType(SQLTimeoutException.class)
			.isThrownBy(() -> run("ROLLBACK", DeadlineGuardTests::notSent));
		assertThat(this.connection.cuts).isEqualTo(1);
		assertThat(this.guard.isBusy()).isFalse();
	}

	@Test
	void rollbackThatTheWatchdogMeetsAtItsBeginCutsTheConnection() {
		this.time.beforeNextRead(() -> look(CANCEL));
		assertThatExceptionOfType(SQLTimeoutException.class)
			.isThrownBy(() -> run("ROLLBACK", DeadlineGuardTests::notSent));
		assertThat(this.connection.cuts).isPositive();
		assertThat(this.guard.isBusy()).isFalse();
	}

	/**
	 * The server's answer and the watchdog's cut come at one moment: one of them wins.
	 */
	@Test
	void overrunIsEitherOverOrCut() throws Exception {
		Overrun over = new Overrun(new Running(this.invocation, Thread.currentThread()));
		over.cancel(this.connection);
		assertThat(over.isOver(Long.MAX_VALUE)).isTrue();
		assertThat(over.cut(this.connection)).isFalse();
		assertThat(this.connection.cuts).isZero();
		Overrun cut = new Overrun(over);
		cut.cancel(this.connection);
		assertThat(cut.cut(this.connection)).isTrue();
		assertThat(cut.isOver(Long.MAX_VALUE)).isFalse();
		assertThat(this.connection.cuts).isEqualTo(1);
	}

	/**
	 * The driver sends BEGIN with the first statement, which the server runs by itself
	 * after a BEGIN that was cancelled.
	 */
	@Test
	void cancelledBeginLeavesTheOutcomeOfItsStatementUnknown() {
		this.connection.outOfTransaction = true;
		assertThatExceptionOfType(SQLNonTransientConnectionException.class).isThrownBy(() -> run("INSERT", () -> {
			look(CANCEL);
			throw cancelled();
		}))
			.withMessageContaining("The BEGIN of a transaction was cancelled")
			.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("08007"))
			.satisfies((ex) -> assertThat(this.connection.observed).containsExactly(ex));
	}

	/**
	 * After one of these there is no transaction either, and no statement that ran
	 * without it.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "COMMIT", "ROLLBACK" })
	void cancelledEndOfATransactionIsNoCancelledBegin(String sql) {
		this.connection.outOfTransaction = true;
		assertThatExceptionOfType(SQLTimeoutException.class).isThrownBy(() -> run(sql, () -> {
			look(CANCEL);
			throw cancelled();
		})).withMessageContaining("The deadline of invocation g-1 cancelled this statement");
	}

	@ParameterizedTest
	@CsvSource({ "COMMIT, true, 08007", "COMMIT, false, 08007", "INSERT INTO gizmos VALUES (1), false, 08007",
			"INSERT INTO gizmos VALUES (1), true, 08006", "INSERT INTO gizmos VALUES (1); COMMIT, true, 08007",
			"SELECT 1, false, 08006", "SELECT 1; DELETE FROM gizmos, false, 08007",
			"EXPLAIN DELETE FROM gizmos, false, 08006", "EXPLAIN ANALYZE DELETE FROM gizmos, false, 08007" })
	void outcomeOfWhatBreaksIsUnknownIfItMayHaveTakenEffect(String sql, boolean inTransaction, String state) {
		this.connection.inTransaction = inTransaction;
		Throwable failure = catchThrowable(() -> run(sql, () -> {
			throw broken();
		}));
		assertThat(failure).isInstanceOfSatisfying(SQLException.class,
				(ex) -> assertThat(ex.getSQLState()).isEqualTo(state));
	}

	@Test
	void outcomeThatIsUnknownIsThatOfACommitOrOfAStatement() {
		this.connection.inTransaction = false;
		assertThatExceptionOfType(SQLNonTransientConnectionException.class).isThrownBy(() -> run("COMMIT", () -> {
			throw broken();
		})).withMessageStartingWith("The COMMIT was cut off before the server answered: its outcome is unknown");
		assertThatExceptionOfType(SQLNonTransientConnectionException.class).isThrownBy(() -> run("INSERT", () -> {
			look(CUT);
			throw broken();
		}))
			.withMessageStartingWith("A statement ")
			.withMessageContaining("was cut off before the server answered, by the deadline of invocation g-1");
	}

	@Test
	void statementInPlaceOfWhichTheServerEndedTheSessionTookNoEffect() {
		SQLException ended = new SQLException("terminating connection", "57P01");
		assertThat(catchThrowable(() -> run("INSERT", () -> {
			throw ended;
		}))).isSameAs(ended);
		assertThat(this.connection.observed).containsExactly(ended);
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void statementThatIsSlowIsLoggedByTheSameClock(CapturedOutput output) throws Exception {
		DeadlineGuard slow = new DeadlineGuard(this.connection,
				ConnectionSettings.builder("localhost").slowQueryThreshold(Duration.ofSeconds(1)).build(), this.time);
		Callable<@Nullable Object> inTime = () -> this.time.set(Duration.ofSeconds(1));
		Callable<@Nullable Object> tooSlow = () -> this.time.set(Duration.ofMillis(2001));
		assertThat(catchThrowable(() -> slow.run("SELECT 1", inTime, CALL, null))).isNull();
		assertThat(output).doesNotContain("Slow: ");
		assertThat(catchThrowable(() -> slow.run("SELECT 2", tooSlow, CALL, null))).isNull();
		assertThat(output).contains("Slow: 1001 ms (soong.slow-query-threshold=1000ms): SELECT ?");
	}

	private DeadlineGuard guard(String host) {
		DeadlineGuard guard = new DeadlineGuard(this.connection,
				ConnectionSettings.builder(host).deadlineMargin(Duration.ofSeconds(2)).build(), this.time);
		guard.setInvocation(this.invocation, this.looks::add);
		return guard;
	}

	/**
	 * Has the watchdog look.
	 */
	private long look(Duration at) {
		return this.guard.checkDeadline(this.time.set(at));
	}

	private @Nullable Object run(String sql, Callable<@Nullable Object> work) throws Exception {
		try {
			return this.guard.run(sql, work, CALL, null);
		}
		catch (Exception | Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new AssertionError(ex);
		}
	}

	private static @Nullable Object notSent() {
		throw new AssertionError("nothing is to be sent");
	}

	private static SQLException cancelled() {
		return new SQLException("canceling statement due to user request", "57014");
	}

	private static SQLException broken() {
		return new SQLException("An I/O error occurred", "08006", new IOException("Socket closed"));
	}

	private static void spinUntil(BooleanSupplier condition) {
		while (!condition.getAsBoolean()) {
			Thread.onSpinWait();
		}
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Method callMethod() {
		try {
			return Callable.class.getMethod("call");
		}
		catch (NoSuchMethodException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * A connection that notes what is done to it.
	 */
	private static final class StubConnection implements CancellableConnection {

		private final List<SQLException> observed = new ArrayList<>();

		private final CountDownLatch cancelled = new CountDownLatch(1);

		private volatile int cuts;

		private volatile boolean delivered = true;

		private boolean inTransaction = true;

		private boolean outOfTransaction;

		private volatile Runnable beforeCancelled = () -> {
		};

		@Override
		public void observe(SQLException failure) {
			this.observed.add(failure);
		}

		@Override
		public boolean cancel() {
			this.beforeCancelled.run();
			this.cancelled.countDown();
			return this.delivered;
		}

		@Override
		public void cut() {
			this.cuts++;
		}

		@Override
		public boolean wasInTransaction() {
			return this.inTransaction;
		}

		@Override
		public boolean isOutOfTransaction() {
			return this.outOfTransaction;
		}

		private void isNeitherCancelledNorCut() {
			assertThat(this.cancelled.getCount()).isEqualTo(1);
			assertThat(this.cuts).isZero();
		}

	}

}
