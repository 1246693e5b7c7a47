package io.soong.jdbc;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

import io.soong.jdbc.ConnectionSettings.Scope;
import io.soong.jdbc.Lease.Loan;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LeasesTests {

	private static final Duration LONG = Duration.ofMinutes(10);

	private final List<Lease<StubConnection>> orphans = new ArrayList<>();

	private Leases<StubConnection> leases = leases(settings());

	@Test
	void threadWithoutATransactionGetsItsOwnLeaseAgain() throws SQLException {
		Lease<StubConnection> lease = lend(new StubConnection());
		assertThat(reserve()).isSameAs(lease);
	}

	@Test
	void threadWithATransactionGetsAnotherLeaseIfThereIsOne() throws SQLException {
		this.leases = leases(settings().max(2));
		Lease<StubConnection> lease = lend(new StubConnection());
		connectionOf(lease).openTransaction = true;
		Lease<StubConnection> second = reserve();
		assertThat(second).isNotSameAs(lease);
		assertThat(reserve()).as("the one that was made last").isSameAs(second);
	}

	@Test
	void threadWithATransactionIsRefusedAtOnceIfThereIsNoOther() throws SQLException {
		connectionOf(lend(new StubConnection())).openTransaction = true;
		assertThatExceptionOfType(SQLNonTransientConnectionException.class).isThrownBy(this::reserve)
			.withMessageContaining("soong.connection.max=1");
	}

	@Test
	void threadWhoseConnectionDiedGetsANewLease() throws SQLException {
		Lease<StubConnection> lease = lend(new StubConnection());
		connectionOf(lease).usable = false;
		assertThat(reserve()).isNotSameAs(lease);
		assertThat(this.leases.end(lease, lease.connection())).as("whether the dead connection is kept").isFalse();
	}

	@Test
	void waitThatIsOverNamesTheHolder() throws Exception {
		reserve();
		assertThat(inOtherThread(() -> catchThrowable(() -> this.leases.reserve(null, Duration.ZERO)), "other"))
			.isInstanceOf(SQLTransientConnectionException.class)
			.hasMessageContaining("held by thread '" + Thread.currentThread().getName() + "'");
	}

	@Test
	void waitThatTheDeadlineEndsNamesTheInvocation() throws Exception {
		reserve();
		try (Invocation invocation = Invocation.open("l-0", LONG, true)) {
			assertThat(inOtherThread(() -> catchThrowable(() -> this.leases.reserve(invocation, Duration.ofMillis(1))),
					"other"))
				.hasMessageContaining("all that the deadline of invocation l-0 left");
		}
	}

	@Test
	void leaseThatEndsIsGivenToAThreadThatWaits() throws Exception {
		Lease<StubConnection> lease = lend(new StubConnection());
		FutureTask<Lease<StubConnection>> waiting = new FutureTask<>(this::reserve);
		Thread thread = start(waiting);
		awaitWaiting(thread);
		this.leases.end(lease, lease.connection());
		assertThat(waiting.get()).isNotSameAs(lease);
		assertThat(this.leases.pollIdle()).isSameAs(lease.connection());
	}

	@Test
	void closeEndsEveryWait() throws Exception {
		reserve();
		List<FutureTask<@Nullable Throwable>> waiting = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			FutureTask<@Nullable Throwable> task = new FutureTask<>(() -> catchThrowable(this::reserve));
			waiting.add(task);
			awaitWaiting(start(task));
		}
		this.leases.close();
		for (FutureTask<@Nullable Throwable> task : waiting) {
			assertThat(task.get()).hasMessageContaining("This SoongDataSource was closed");
		}
	}

	@Test
	void interruptEndsAWait() throws Exception {
		reserve();
		FutureTask<@Nullable Throwable> waiting = new FutureTask<>(() -> {
			Throwable failure = catchThrowable(this::reserve);
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
	void leaseOfAThreadThatEndedIsTakenFromIt() throws Exception {
		Lease<StubConnection> orphan = inOtherThread(this::reserve, "forgetful");
		assertThat(reserve()).isNotSameAs(orphan);
		assertThat(this.orphans).containsExactly(orphan);
		assertThat(orphan.isRevoked()).isTrue();
		assertThat(this.leases.attach(orphan, new StubConnection())).isFalse();
	}

	/**
	 * Another thread uses it, to which the one that ended passed it on.
	 */
	@Test
	void connectionThatIsBusyIsNotTakenFromAThreadThatEnded() throws Exception {
		Lease<StubConnection> lease = inOtherThread(() -> lend(new StubConnection()), "generous");
		connectionOf(lease).busy = true;
		assertThatExceptionOfType(SQLTransientConnectionException.class)
			.isThrownBy(() -> this.leases.reserve(null, Duration.ZERO));
		assertThat(this.orphans).isEmpty();
		connectionOf(lease).busy = false;
		assertThat(reserve()).isNotSameAs(lease);
		assertThat(this.orphans).containsExactly(lease);
	}

	@Test
	void orphanIsReportedWithoutTheLock() throws Exception {
		List<Boolean> blank = new ArrayList<>();
		this.leases = new Leases<>(settings().build(), Clock.systemUTC(), (lease) -> {
			Thread other = start(new FutureTask<>(() -> blank.add(this.leases.isBlank())));
			join(other);
		});
		inOtherThread(this::reserve, "forgetful");
		reserve();
		assertThat(blank).containsExactly(false);
	}

	@Test
	void leaseThatWasTakenWhileItsHolderConnectsGetsNoConnection() throws SQLException {
		Lease<StubConnection> lease = reserve();
		assertThat(this.leases.revoke((each) -> each == lease)).containsExactly(lease);
		assertThat(this.leases.attach(lease, new StubConnection())).isFalse();
	}

	@Test
	void connectionThatCameBackLastIsLentFirst() {
		StubConnection first = new StubConnection();
		StubConnection last = new StubConnection();
		assertThat(this.leases.keep(first)).isTrue();
		assertThat(this.leases.keep(last)).isTrue();
		assertThat(this.leases.pollIdle()).isSameAs(last);
		assertThat(this.leases.drain()).containsExactly(first);
		assertThat(this.leases.isBlank()).isTrue();
	}

	@Test
	void closedKeepsNothing() throws SQLException {
		Lease<StubConnection> lease = lend(new StubConnection());
		this.leases.close();
		assertThat(this.leases.end(lease, lease.connection())).isFalse();
		assertThat(this.leases.keep(new StubConnection())).isFalse();
		assertThat(this.leases.pollIdle()).isNull();
	}

	@Test
	void connectionOfAnInvocationThatEndedIsKeptUnlessItIsScopedToIt() throws SQLException {
		for (Scope scope : Scope.values()) {
			this.leases = leases(settings().scope(scope));
			Invocation invocation = Invocation.open("l-1", LONG, true);
			Lease<StubConnection> lease = this.leases.reserve(invocation, LONG);
			StubConnection connection = new StubConnection();
			this.leases.attach(lease, connection);
			invocation.close();
			assertThat(this.leases.end(lease, connection)).isEqualTo(scope == Scope.CONTAINER);
		}
	}

	@Test
	void idleConnectionThatAnInvocationUsedIsLeasedToCleanIt() {
		try (Invocation invocation = Invocation.open("l-2", LONG, true)) {
			StubConnection used = new StubConnection();
			used.usedBy = invocation;
			this.leases.keep(used);
			this.leases.keep(new StubConnection());
			Lease<StubConnection> lease = this.leases.leaseIdleOf(invocation);
			assertThat(lease).isNotNull().extracting(Lease::connection).isSameAs(used);
			assertThat(this.leases.leaseIdleOf(invocation)).isNull();
			assertThat(this.leases.lent()).containsExactly(used);
		}
	}

	@Test
	void lastLoanOfALeaseIsTold() throws SQLException {
		Lease<StubConnection> lease = lend(new StubConnection());
		Loan first = new StubLoan();
		Loan second = new StubLoan();
		this.leases.add(lease, first);
		this.leases.add(lease, second);
		assertThat(this.leases.remove(lease, second)).isFalse();
		assertThat(this.leases.hasLoans(lease)).isTrue();
		assertThat(this.leases.remove(lease, first)).isTrue();
		assertThat(this.leases.hasLoans(lease)).isFalse();
	}

	@Test
	void loansAreCopiedUnderTheLock() throws SQLException {
		Lease<StubConnection> lease = reserve();
		List<Thread.State> states = new ArrayList<>();
		List<Thread> others = new ArrayList<>();
		ReflectionTestUtils.setField(lease, "loans", new ArrayList<Loan>() {

			private static final long serialVersionUID = 1L;

			@Override
			public Object[] toArray() {
				Thread other = start(new FutureTask<>(() -> LeasesTests.this.leases.hasLoans(lease)));
				others.add(other);
				awaitWaiting(other);
				states.add(other.getState());
				return super.toArray();
			}

		});
		assertThat(this.leases.loans(lease)).isEmpty();
		others.forEach(LeasesTests::join);
		assertThat(states).containsExactly(Thread.State.WAITING);
	}

	private static ConnectionSettings.Builder settings() {
		return ConnectionSettings.builder("localhost").acquireTimeout(LONG);
	}

	private Leases<StubConnection> leases(ConnectionSettings.Builder settings) {
		return new Leases<>(settings.build(), Clock.systemUTC(), this.orphans::add);
	}

	private Lease<StubConnection> reserve() throws SQLException {
		return this.leases.reserve(null, LONG);
	}

	private Lease<StubConnection> lend(StubConnection connection) throws SQLException {
		Lease<StubConnection> lease = reserve();
		assertThat(this.leases.attach(lease, connection)).isTrue();
		return lease;
	}

	private static StubConnection connectionOf(Lease<StubConnection> lease) {
		StubConnection connection = lease.connection();
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
			case WAITING, TIMED_WAITING, TERMINATED -> true;
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

	private static final class StubConnection implements Poolable {

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
		public long look(long now) {
			return Watchdog.NEVER;
		}

	}

	private static final class StubLoan implements Loan {

		@Override
		public void close() {
		}

		@Override
		public void revoke() {
		}

	}

}
