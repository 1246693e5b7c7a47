package io.soong.jdbc;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import io.soong.jdbc.ConnectionSettings.Scope;
import io.soong.jdbc.Checkout.Loan;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConnectionPoolTests {

	private static final Duration LONG = Duration.ofMinutes(10);

	private final List<Checkout<StubConnection>> orphans = new ArrayList<>();

	private ConnectionPool<StubConnection> pool = pool(settings());

	@Test
	void threadWithoutATransactionGetsItsOwnCheckoutAgain() throws SQLException {
		Checkout<StubConnection> checkout = lend(new StubConnection());
		assertThat(checkOut()).isSameAs(checkout);
	}

	@Test
	void threadWithATransactionGetsAnotherCheckoutIfThereIsOne() throws SQLException {
		this.pool = pool(settings().max(2));
		Checkout<StubConnection> checkout = lend(new StubConnection());
		connectionOf(checkout).openTransaction = true;
		Checkout<StubConnection> second = checkOut();
		assertThat(second).isNotSameAs(checkout);
		assertThat(checkOut()).as("the one that was made last").isSameAs(second);
	}

	@Test
	void threadWithATransactionIsRefusedAtOnceIfThereIsNoOther() throws SQLException {
		connectionOf(lend(new StubConnection())).openTransaction = true;
		assertThatExceptionOfType(SQLNonTransientConnectionException.class).isThrownBy(this::checkOut)
			.withMessageContaining("soong.connection.max=1");
	}

	@Test
	void threadWhoseConnectionDiedGetsANewCheckout() throws SQLException {
		Checkout<StubConnection> checkout = lend(new StubConnection());
		connectionOf(checkout).usable = false;
		assertThat(checkOut()).isNotSameAs(checkout);
		assertThat(this.pool.checkIn(checkout, checkout.connection())).as("whether the dead connection is kept")
			.isFalse();
	}

	@Test
	void waitThatIsOverNamesTheHolder() throws Exception {
		checkOut();
		assertThat(inOtherThread(() -> catchThrowable(() -> this.pool.checkOut(null, Duration.ZERO)), "other"))
			.isInstanceOf(SQLTransientConnectionException.class)
			.hasMessageContaining("held by thread '" + Thread.currentThread().getName() + "'");
	}

	@Test
	void waitThatTheDeadlineEndsNamesTheInvocation() throws Exception {
		checkOut();
		try (Invocation invocation = Invocation.open("l-0", LONG)) {
			assertThat(inOtherThread(() -> catchThrowable(() -> this.pool.checkOut(invocation, Duration.ofMillis(1))),
					"other"))
				.hasMessageContaining("all that the deadline of invocation l-0 left");
		}
	}

	@Test
	void checkoutThatEndsIsGivenToAThreadThatWaits() throws Exception {
		Checkout<StubConnection> checkout = lend(new StubConnection());
		FutureTask<Checkout<StubConnection>> waiting = new FutureTask<>(this::checkOut);
		Thread thread = start(waiting);
		awaitWaiting(thread);
		this.pool.checkIn(checkout, checkout.connection());
		assertThat(waiting.get()).isNotSameAs(checkout);
		assertThat(waiting.get().takeOffered()).isSameAs(checkout.connection());
	}

	@Test
	void threadsThatWaitAreServedInTheOrderInWhichTheyCame() throws Exception {
		FakeTimer timer = new FakeTimer();
		this.pool = pool(timer);
		Checkout<StubConnection> held = lend(new StubConnection());
		List<FutureTask<Checkout<StubConnection>>> waiting = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			FutureTask<Checkout<StubConnection>> task = new FutureTask<>(this::checkOut);
			waiting.add(task);
			start(task);
			timer.awaitParked(i + 1);
		}
		for (FutureTask<Checkout<StubConnection>> next : waiting) {
			assertThat(waiting.subList(waiting.indexOf(next), waiting.size())).noneMatch(FutureTask::isDone);
			this.pool.checkIn(held, held.connection());
			held = next.get();
			held.attach(offeredBy(held));
		}
	}

	/**
	 * The connection is handed over as it is returned, also if the thread that waits for
	 * it has not been scheduled yet.
	 */
	@Test
	void threadThatComesLaterOvertakesNobody() throws Exception {
		FakeTimer timer = new FakeTimer();
		this.pool = pool(timer);
		Checkout<StubConnection> held = lend(new StubConnection());
		FutureTask<Checkout<StubConnection>> waiting = new FutureTask<>(this::checkOut);
		start(waiting);
		timer.awaitParked(1);
		timer.stop();
		this.pool.checkIn(held, held.connection());
		assertThatExceptionOfType(SQLTransientConnectionException.class)
			.isThrownBy(() -> this.pool.checkOut(null, Duration.ZERO));
		timer.resume();
		assertThat(waiting.get().takeOffered()).isSameAs(held.connection());
	}

	@Test
	void threadKeepsItsPlaceForTheWholeWait() throws Exception {
		FakeTimer timer = new FakeTimer();
		this.pool = pool(timer);
		Checkout<StubConnection> held = lend(new StubConnection());
		FutureTask<Checkout<StubConnection>> first = new FutureTask<>(this::checkOut);
		FutureTask<Checkout<StubConnection>> second = new FutureTask<>(this::checkOut);
		start(first);
		timer.awaitParked(1);
		start(second);
		timer.awaitParked(2);
		// Longer than a look for orphans takes to come round
		timer.advance(Duration.ofSeconds(5));
		timer.awaitParked(2);
		this.pool.checkIn(held, held.connection());
		assertThat(first.get().takeOffered()).isSameAs(held.connection());
		assertThat(second.isDone()).isFalse();
		this.pool.close();
	}

	@Test
	void waitEndsWhenItsTimeIsOverAndNotBefore() throws Exception {
		FakeTimer timer = new FakeTimer();
		this.pool = new ConnectionPool<>(settings().acquireTimeout(Duration.ofSeconds(3)).build(), Clock.systemUTC(),
				timer::nanoTime, timer::park, new Observers(), this.orphans::add);
		Checkout<StubConnection> held = lend(new StubConnection());
		FutureTask<@Nullable Throwable> waiting = new FutureTask<>(
				() -> catchThrowable(() -> this.pool.checkOut(null, Duration.ofSeconds(3))));
		start(waiting);
		timer.awaitParked(1);
		timer.advance(Duration.ofMillis(2999));
		timer.awaitParked(1);
		assertThat(waiting.isDone()).isFalse();
		timer.advance(Duration.ofMillis(1));
		assertThat(waiting.get()).isInstanceOf(SQLTransientConnectionException.class)
			.hasMessageContaining("within 3000 ms (soong.connection.acquire-timeout)");
		this.pool.checkIn(held, held.connection());
		assertThat(checkOut().takeOffered()).as("not handed to the thread that gave up").isSameAs(held.connection());
	}

	/**
	 * The connection is returned between the moment at which the thread sees that it has
	 * none and the one at which it sees that its time is over.
	 */
	@Test
	void threadThatIsServedAsItsTimeEndsGetsTheConnection() throws Exception {
		FakeTimer timer = new FakeTimer();
		this.pool = pool(timer);
		Checkout<StubConnection> held = lend(new StubConnection());
		FutureTask<Checkout<StubConnection>> waiting = new FutureTask<>(this::checkOut);
		start(waiting);
		timer.awaitParked(1);
		timer.beforeNextRead(() -> {
			timer.now += LONG.toNanos();
			this.pool.checkIn(held, held.connection());
		});
		timer.advance(Duration.ZERO);
		assertThat(waiting.get().takeOffered()).isSameAs(held.connection());
	}

	@Test
	void threadThatWaitsFindsAHolderThatEnded() throws Exception {
		FakeTimer timer = new FakeTimer();
		this.pool = pool(timer);
		StubConnection connection = new StubConnection();
		connection.busy = true;
		Checkout<StubConnection> orphan = inOtherThread(() -> lend(connection), "generous");
		FutureTask<Checkout<StubConnection>> waiting = new FutureTask<>(this::checkOut);
		start(waiting);
		timer.awaitParked(1);
		connection.busy = false;
		timer.advance(Duration.ofSeconds(1));
		assertThat(waiting.get()).isNotSameAs(orphan);
		assertThat(this.orphans).containsExactly(orphan);
	}

	@Test
	void placeOfAThreadThatIsInterruptedGoesToTheNext() throws Exception {
		FakeTimer timer = new FakeTimer();
		this.pool = pool(timer);
		Checkout<StubConnection> held = lend(new StubConnection());
		FutureTask<@Nullable Throwable> first = new FutureTask<>(() -> catchThrowable(this::checkOut));
		Thread interrupted = start(first);
		timer.awaitParked(1);
		FutureTask<Checkout<StubConnection>> second = new FutureTask<>(this::checkOut);
		start(second);
		timer.awaitParked(2);
		timer.stop();
		interrupted.interrupt();
		// Handed to the first, which learns of both at once
		this.pool.checkIn(held, held.connection());
		timer.resume();
		assertThat(first.get()).hasMessageContaining("Interrupted");
		assertThat(second.get().takeOffered()).isSameAs(held.connection());
	}

	@Test
	void connectionThatWasOfferedAndNotUsedIsOfferedAgain() throws Exception {
		StubConnection connection = new StubConnection();
		this.pool.addIdle(connection);
		inOtherThread(this::checkOut, "forgetful");
		Checkout<StubConnection> checkout = checkOut();
		this.pool.checkIn(checkout, null);
		assertThat(checkOut().takeOffered()).isSameAs(connection);
	}

	@Test
	void closeEndsEveryWait() throws Exception {
		checkOut();
		List<FutureTask<@Nullable Throwable>> waiting = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			FutureTask<@Nullable Throwable> task = new FutureTask<>(() -> catchThrowable(this::checkOut));
			waiting.add(task);
			awaitWaiting(start(task));
		}
		this.pool.close();
		for (FutureTask<@Nullable Throwable> task : waiting) {
			assertThat(task.get()).hasMessageContaining("This SoongDataSource was closed");
		}
	}

	@Test
	void interruptEndsAWait() throws Exception {
		checkOut();
		FutureTask<@Nullable Throwable> waiting = new FutureTask<>(() -> {
			Throwable failure = catchThrowable(this::checkOut);
			assertThat(Thread.currentThread().isInterrupted()).isTrue();
			return failure;
		});
		Thread thread = start(waiting);
		awaitWaiting(thread);
		thread.interrupt();
		assertThat(waiting.get()).isInstanceOf(SQLTransientConnectionException.class)
			.hasMessageContaining("Interrupted");
	}

	@Test
	void checkoutOfAThreadThatEndedIsTakenFromIt() throws Exception {
		Checkout<StubConnection> orphan = inOtherThread(this::checkOut, "forgetful");
		assertThat(checkOut()).isNotSameAs(orphan);
		assertThat(this.orphans).containsExactly(orphan);
		assertThat(orphan.attach(new StubConnection())).isFalse();
	}

	/**
	 * Another thread uses it, to which the one that ended passed it on.
	 */
	@Test
	void connectionThatIsBusyIsNotTakenFromAThreadThatEnded() throws Exception {
		Checkout<StubConnection> checkout = inOtherThread(() -> lend(new StubConnection()), "generous");
		connectionOf(checkout).busy = true;
		assertThatExceptionOfType(SQLTransientConnectionException.class)
			.isThrownBy(() -> this.pool.checkOut(null, Duration.ZERO));
		assertThat(this.orphans).isEmpty();
		connectionOf(checkout).busy = false;
		assertThat(checkOut()).isNotSameAs(checkout);
		assertThat(this.orphans).containsExactly(checkout);
	}

	@Test
	void orphanIsReportedWithoutTheLock() throws Exception {
		List<Boolean> blank = new ArrayList<>();
		this.pool = new ConnectionPool<>(settings().build(), Clock.systemUTC(), new Observers(), (checkout) -> {
			Thread other = start(new FutureTask<>(() -> blank.add(this.pool.isEmpty())));
			join(other);
		});
		inOtherThread(this::checkOut, "forgetful");
		checkOut();
		assertThat(blank).containsExactly(false);
	}

	@Test
	void checkoutThatWasTakenWhileItsHolderConnectsGetsNoConnection() throws SQLException {
		Checkout<StubConnection> checkout = checkOut();
		assertThat(this.pool.revoke((each) -> each == checkout)).containsExactly(checkout);
		assertThat(checkout.attach(new StubConnection())).isFalse();
	}

	@Test
	void connectionThatCameBackLastIsLentFirst() throws SQLException {
		StubConnection first = new StubConnection();
		StubConnection last = new StubConnection();
		assertThat(this.pool.addIdle(first)).isTrue();
		assertThat(this.pool.addIdle(last)).isTrue();
		assertThat(checkOut().takeOffered()).isSameAs(last);
		assertThat(this.pool.removeIdle()).containsExactly(first);
	}

	@Test
	void closedKeepsNothing() throws SQLException {
		Checkout<StubConnection> checkout = lend(new StubConnection());
		this.pool.close();
		assertThat(this.pool.checkIn(checkout, checkout.connection())).isFalse();
		assertThat(this.pool.addIdle(new StubConnection())).isFalse();
		assertThat(this.pool.removeIdle()).isEmpty();
	}

	@Test
	void connectionOfAnInvocationThatEndedIsKeptUnlessItIsScopedToIt() throws SQLException {
		for (Scope scope : Scope.values()) {
			this.pool = pool(settings().scope(scope));
			Invocation invocation = Invocation.open("l-1", LONG);
			Checkout<StubConnection> checkout = this.pool.checkOut(invocation, LONG);
			StubConnection connection = new StubConnection();
			checkout.attach(connection);
			invocation.close();
			assertThat(this.pool.checkIn(checkout, connection)).isEqualTo(scope == Scope.CONTAINER);
		}
	}

	@Test
	void idleConnectionThatAnInvocationUsedIsCheckedOutToCleanIt() {
		try (Invocation invocation = Invocation.open("l-2", LONG)) {
			StubConnection used = new StubConnection();
			used.usedBy = invocation;
			this.pool.addIdle(used);
			this.pool.addIdle(new StubConnection());
			Checkout<StubConnection> checkout = this.pool.checkOutIdleOf(invocation);
			assertThat(checkout).isNotNull().extracting(Checkout::connection).isSameAs(used);
			assertThat(this.pool.checkOutIdleOf(invocation)).isNull();
			assertThat(this.pool.lent()).containsExactly(used);
		}
	}

	@Test
	void lastLoanOfACheckoutIsTold() throws SQLException {
		Checkout<StubConnection> checkout = lend(new StubConnection());
		Loan first = new StubLoan();
		Loan second = new StubLoan();
		checkout.add(first);
		checkout.add(second);
		assertThat(checkout.remove(second)).isFalse();
		assertThat(checkout.hasLoans()).isTrue();
		assertThat(checkout.remove(first)).isTrue();
		assertThat(checkout.hasLoans()).isFalse();
	}

	@Test
	void loansOfThisThreadAreClosedWhenTheyAreTakenBack() throws SQLException {
		Checkout<StubConnection> checkout = lend(new StubConnection());
		StubLoan loan = new StubLoan();
		checkout.add(loan);
		checkout.takeBack();
		assertThat(loan.closed).isEqualTo(1);
		assertThat(loan.revoked).isZero();
	}

	@Test
	void loansOfAnotherThreadAreRevokedWhenTheyAreTakenBack() throws Exception {
		Checkout<StubConnection> checkout = inOtherThread(() -> lend(new StubConnection()), "other");
		assertRevoked(checkout);
	}

	@Test
	void loansOfABusyConnectionAreRevokedWhenTheyAreTakenBack() throws SQLException {
		Checkout<StubConnection> checkout = lend(new StubConnection());
		connectionOf(checkout).busy = true;
		assertRevoked(checkout);
	}

	private static void assertRevoked(Checkout<StubConnection> checkout) {
		StubLoan loan = new StubLoan();
		checkout.add(loan);
		checkout.takeBack();
		assertThat(loan.closed).isZero();
		assertThat(loan.revoked).isEqualTo(1);
	}

	@Test
	void loansAreCopiedUnderTheLock() throws SQLException {
		Checkout<StubConnection> checkout = checkOut();
		List<Thread.State> states = new ArrayList<>();
		List<Thread> others = new ArrayList<>();
		ReflectionTestUtils.setField(checkout, "loans", new ArrayList<Loan>() {

			private static final long serialVersionUID = 1L;

			@Override
			public Object[] toArray() {
				Thread other = start(new FutureTask<>(checkout::hasLoans));
				others.add(other);
				awaitWaiting(other);
				states.add(other.getState());
				return super.toArray();
			}

		});
		assertThat(checkout.loans()).isEmpty();
		others.forEach(ConnectionPoolTests::join);
		assertThat(states).containsExactly(Thread.State.BLOCKED);
	}

	private static ConnectionSettings.Builder settings() {
		return ConnectionSettings.builder("localhost").acquireTimeout(LONG);
	}

	private ConnectionPool<StubConnection> pool(ConnectionSettings.Builder settings) {
		return new ConnectionPool<>(settings.build(), Clock.systemUTC(), new Observers(), this.orphans::add);
	}

	private ConnectionPool<StubConnection> pool(FakeTimer timer) {
		return new ConnectionPool<>(settings().build(), Clock.systemUTC(), timer::nanoTime, timer::park,
				new Observers(), this.orphans::add);
	}

	private Checkout<StubConnection> checkOut() throws SQLException {
		return this.pool.checkOut(null, LONG);
	}

	private Checkout<StubConnection> lend(StubConnection connection) throws SQLException {
		Checkout<StubConnection> checkout = checkOut();
		assertThat(checkout.attach(connection)).isTrue();
		return checkout;
	}

	private static StubConnection offeredBy(Checkout<StubConnection> checkout) {
		StubConnection connection = checkout.takeOffered();
		assertThat(connection).isNotNull();
		return connection;
	}

	private static StubConnection connectionOf(Checkout<StubConnection> checkout) {
		StubConnection connection = checkout.connection();
		assertThat(connection).isNotNull();
		return connection;
	}

	private static <T> T inOtherThread(Callable<T> task, String name) throws Exception {
		FutureTask<T> future = new FutureTask<>(task);
		Thread thread = new Thread(future, name);
		thread.start();
		thread.join();
		return future.get();
	}

	private static Thread start(FutureTask<?> task) {
		Thread thread = new Thread(task);
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	private static void awaitWaiting(Thread thread) {
		Awaitility.await().until(() -> switch (thread.getState()) {
			case BLOCKED, WAITING, TIMED_WAITING, TERMINATED -> true;
			default -> false;
		});
	}

	private static void join(Thread thread) {
		try {
			thread.join();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static final class StubConnection implements PoolEntry {

		private boolean usable = true;

		private volatile boolean busy;

		private boolean openTransaction;

		private @Nullable Invocation usedBy;

		@Override
		public boolean isUsable() {
			return this.usable;
		}

		@Override
		public boolean isBusy() {
			return this.busy;
		}

		@Override
		public boolean hasOpenTransaction() {
			return this.openTransaction;
		}

		@Override
		public @Nullable Invocation usedBy() {
			return this.usedBy;
		}

		@Override
		public long checkDeadline(long now) {
			return Watchdog.NEVER;
		}

	}

	private static final class StubLoan implements Loan {

		private int closed;

		private int revoked;

		@Override
		public void close() {
			this.closed++;
		}

		@Override
		public void revoke() {
			this.revoked++;
		}

	}

	/**
	 * A time that stands still until a test moves it on.
	 */
	private static final class FakeTimer {

		private final Set<Thread> parked = ConcurrentHashMap.newKeySet();

		private volatile long now;

		private volatile boolean stopped;

		private final AtomicReference<@Nullable Runnable> onRead = new AtomicReference<>();

		private long nanoTime() {
			Runnable action = this.onRead.getAndSet(null);
			if (action != null) {
				action.run();
			}
			return this.now;
		}

		private void park(Object blocker, long nanos) {
			long end = this.now + nanos;
			this.parked.add(Thread.currentThread());
			if (this.now < end) {
				LockSupport.park(blocker);
			}
			while (this.stopped) {
				Thread.onSpinWait();
			}
			this.parked.remove(Thread.currentThread());
		}

		private void advance(Duration time) {
			List<Thread> threads = List.copyOf(this.parked);
			this.parked.clear();
			this.now += time.toNanos();
			threads.forEach(LockSupport::unpark);
		}

		/** Runs something once, just before the time is read the next time. */
		private void beforeNextRead(Runnable action) {
			this.onRead.set(action);
		}

		private void awaitParked(int threads) {
			Awaitility.await().until(() -> this.parked.size() == threads);
		}

		/** Lets no thread go on that is parked. */
		private void stop() {
			this.stopped = true;
		}

		private void resume() {
			this.stopped = false;
		}

	}

}
