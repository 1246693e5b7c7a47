package io.soong.jdbc;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * The checked-out and idle connections of a {@link SoongDataSource}. Threads that find
 * none wait in one queue, first come first served: a returned connection goes to the
 * first of them, and no later thread overtakes it. Never talks to the server.
 * Thread-safe.
 */
final class ConnectionPool<C extends PoolEntry> {

	/** How often a waiting thread checks for holders that ended without returning. */
	private static final long ORPHAN_CHECK = Duration.ofSeconds(1).toNanos();

	private final ConnectionSettings settings;

	private final Clock clock;

	private final LongSupplier nanoTime;

	/** Parks the calling thread for a number of nanoseconds. */
	private final ObjLongConsumer<Object> park;

	private final Observers observers;

	private final Consumer<Checkout<C>> onOrphan;

	private final List<Checkout<C>> checkouts = new ArrayList<>(1);

	/** The connection that was returned last is lent first. */
	private final Deque<C> idle = new ArrayDeque<>(1);

	/** Not empty only while there are as many checkouts as allowed. */
	private final Deque<Waiter<C>> waiters = new ArrayDeque<>(1);

	private boolean closed;

	/**
	 * Creates an empty pool.
	 * @param observers observers of threads that wait
	 * @param onOrphan receives each checkout that was revoked from a thread that ended
	 */
	ConnectionPool(ConnectionSettings settings, Clock clock, Observers observers, Consumer<Checkout<C>> onOrphan) {
		this(settings, clock, Budget.NANO_TIME, LockSupport::parkNanos, observers, onOrphan);
	}

	ConnectionPool(ConnectionSettings settings, Clock clock, LongSupplier nanoTime, ObjLongConsumer<Object> park,
			Observers observers, Consumer<Checkout<C>> onOrphan) {
		this.settings = settings;
		this.clock = clock;
		this.nanoTime = nanoTime;
		this.park = park;
		this.observers = observers;
		this.onOrphan = onOrphan;
	}

	/**
	 * Returns the checkout of this thread, or a new one as soon as fewer than the maximum
	 * exist. A new one offers an idle connection, if there is one.
	 * @param invocation the invocation that this thread borrows for, if that is known
	 * @param wait how long to wait at most
	 */
	Checkout<C> checkOut(@Nullable Invocation invocation, Duration wait) throws SQLException {
		Waiter<C> waiter = new Waiter<>(Thread.currentThread(), invocation);
		List<Checkout<C>> orphans = new ArrayList<>(0);
		try {
			Checkout<C> checkout = enter(waiter, wait, orphans);
			if (checkout != null) {
				return checkout;
			}
		}
		finally {
			// May take long, or wait for another thread
			orphans.forEach(this.onOrphan);
		}
		Checkout<C> checkout = awaitObserved(waiter, wait);
		checkout.markBorrowed();
		return checkout;
	}

	private Checkout<C> awaitObserved(Waiter<C> waiter, Duration wait) throws SQLException {
		ConnectionObserver observer = this.observers.of(waiter.invocation);
		if (observer == null) {
			return await(waiter, wait);
		}
		long start = this.nanoTime.getAsLong();
		boolean served = false;
		try {
			Checkout<C> checkout = await(waiter, wait);
			served = true;
			return checkout;
		}
		finally {
			observer.waited(Duration.ofNanos(this.nanoTime.getAsLong() - start), served);
		}
	}

	/**
	 * Returns a checkout, or null after the thread was added to those that wait.
	 */
	private synchronized @Nullable Checkout<C> enter(Waiter<C> borrower, Duration wait, List<Checkout<C>> orphans)
			throws SQLException {
		checkOpen();
		Checkout<C> own = checkoutOf(borrower.thread);
		while (own != null && own.isDead()) {
			// Its loans are obsolete, and may never be closed
			this.checkouts.remove(own);
			serveWaiters();
			own = checkoutOf(borrower.thread);
		}
		if (own != null && !own.hasOpenTransaction()) {
			return own;
		}
		if (!hasPlace()) {
			removeOrphans(orphans);
		}
		if (hasPlace()) {
			Checkout<C> checkout = add(borrower);
			checkout.markBorrowed();
			return checkout;
		}
		if (own != null) {
			throw refuseToNest();
		}
		if (wait.isZero() || wait.isNegative()) {
			throw refuseToWait(borrower.invocation, wait);
		}
		this.waiters.add(borrower);
		return null;
	}

	private Checkout<C> await(Waiter<C> waiter, Duration wait) throws SQLException {
		long end = this.nanoTime.getAsLong() + wait.toNanos();
		while (true) {
			boolean interrupted = Thread.currentThread().isInterrupted();
			Checkout<C> checkout = waiter.checkout;
			if (checkout != null && !interrupted) {
				return checkout;
			}
			long left = end - this.nanoTime.getAsLong();
			if (waiter.ended || left <= 0 || interrupted) {
				return giveUp(waiter, wait);
			}
			this.park.accept(this, Math.min(left, ORPHAN_CHECK));
			if (waiter.checkout == null && !waiter.ended) {
				List<Checkout<C>> orphans = new ArrayList<>(0);
				removeOrphans(orphans);
				orphans.forEach(this.onOrphan);
			}
		}
	}

	/**
	 * Ends a wait, unless the thread was served at the last moment.
	 */
	private synchronized Checkout<C> giveUp(Waiter<C> waiter, Duration wait) throws SQLException {
		this.waiters.remove(waiter);
		Checkout<C> checkout = waiter.checkout;
		if (Thread.currentThread().isInterrupted()) {
			if (checkout != null) {
				remove(checkout);
			}
			throw new SQLTransientConnectionException("Interrupted while waiting for the connection",
					SqlStates.CANNOT_CONNECT, new InterruptedException());
		}
		if (checkout == null) {
			checkOpen();
			throw refuseToWait(waiter.invocation, wait);
		}
		return checkout;
	}

	private void checkOpen() throws SQLException {
		if (this.closed) {
			throw new SQLNonTransientConnectionException("This SoongDataSource was closed",
					SqlStates.CONNECTION_DOES_NOT_EXIST);
		}
	}

	private boolean hasPlace() {
		return this.checkouts.size() < this.settings.max();
	}

	private Checkout<C> add(Waiter<C> borrower) {
		Checkout<C> checkout = new Checkout<>(borrower.thread, this.clock.instant(), borrower.invocation);
		checkout.offer(this.idle.poll());
		this.checkouts.add(checkout);
		return checkout;
	}

	/**
	 * Ends a checkout whose holder has not used the offered connection, if there was one.
	 */
	private boolean remove(Checkout<C> checkout) {
		boolean held = this.checkouts.remove(checkout);
		C offered = checkout.takeOffered();
		if (offered != null) {
			this.idle.push(offered);
		}
		serveWaiters();
		return held;
	}

	private void serveWaiters() {
		while (hasPlace() && !this.waiters.isEmpty()) {
			Waiter<C> first = this.waiters.remove();
			first.checkout = add(first);
			LockSupport.unpark(first.thread);
		}
	}

	private @Nullable Checkout<C> checkoutOf(Thread thread) {
		for (int i = this.checkouts.size() - 1; i >= 0; i--) {
			if (this.checkouts.get(i).isHeldBy(thread)) {
				return this.checkouts.get(i);
			}
		}
		return null;
	}

	/**
	 * Frees the places of threads that ended.
	 * @param orphans the list to add their checkouts to
	 */
	private synchronized void removeOrphans(List<Checkout<C>> orphans) {
		for (Checkout<C> checkout : List.copyOf(this.checkouts)) {
			if (checkout.isOrphaned()) {
				checkout.revoke();
				orphans.add(checkout);
				remove(checkout);
			}
		}
	}

	/**
	 * A second loan of a connection with an open transaction would take part in that
	 * transaction. Waiting for another connection could mean waiting for this thread
	 * itself, or for one that waits in the same way.
	 */
	private SQLException refuseToNest() {
		return new SQLNonTransientConnectionException(
				"This thread has a transaction open and needs a second connection (as with REQUIRES_NEW or "
						+ "NOT_SUPPORTED), but all connections are in use (soong.connection.max=" + this.settings.max()
						+ "). End the transaction first, join it, raise soong.connection.max, or open a separate "
						+ "connection with SoongDataSource.openConnection()",
				SqlStates.CANNOT_CONNECT);
	}

	private SQLException refuseToWait(@Nullable Invocation invocation, Duration waited) {
		StringJoiner holders = new StringJoiner(" and by ");
		this.checkouts.forEach((checkout) -> holders.add(checkout.toString()));
		boolean byDeadline = waited.compareTo(this.settings.acquireTimeout()) < 0;
		return new SQLTransientConnectionException("No connection became free within " + waited.toMillis() + " ms ("
				+ (byDeadline ? "all that the deadline of " + invocation + " left" : "soong.connection.acquire-timeout")
				+ "): held by " + holders
				+ ". Close connections, streams and transactions as soon as possible, or raise soong.connection.max ("
				+ this.settings.max() + ")", SqlStates.CANNOT_CONNECT);
	}

	/** Returns how many connections are lent, or about to be. */
	synchronized int countLent() {
		return this.checkouts.size();
	}

	/** Returns how many connections wait to be lent. */
	synchronized int countIdle() {
		return this.idle.size();
	}

	synchronized boolean isEmpty() {
		return !this.closed && this.idle.isEmpty() && this.checkouts.isEmpty();
	}

	/**
	 * Adds a new connection.
	 * @return whether it was kept
	 */
	synchronized boolean addIdle(C connection) {
		if (!this.closed) {
			this.idle.push(connection);
		}
		return !this.closed;
	}

	/**
	 * Ends a checkout, and passes its place and its connection to the first waiting
	 * thread.
	 * @param connection its connection, if it can be lent again
	 * @return whether the connection is kept
	 */
	synchronized boolean checkIn(Checkout<C> checkout, @Nullable C connection) {
		Invocation invocation = checkout.invocation();
		boolean outOfScope = invocation != null && invocation.hasEnded()
				&& this.settings.scope() == ConnectionSettings.Scope.INVOCATION;
		boolean held = this.checkouts.contains(checkout);
		if (connection == null || outOfScope || this.closed || !held) {
			remove(checkout);
			return false;
		}
		this.idle.push(connection);
		remove(checkout);
		return true;
	}

	/**
	 * Revokes checkouts. They keep their places until they are checked in.
	 */
	synchronized List<Checkout<C>> revoke(Predicate<Checkout<C>> which) {
		List<Checkout<C>> revoked = this.checkouts.stream().filter(which).toList();
		revoked.forEach(Checkout::revoke);
		return revoked;
	}

	/**
	 * Checks out an idle connection that an invocation used, in order to clean it.
	 */
	synchronized @Nullable Checkout<C> checkOutIdleOf(Invocation invocation) {
		for (C connection : this.idle) {
			if (connection.usedBy() == invocation) {
				this.idle.remove(connection);
				Checkout<C> checkout = new Checkout<>(Thread.currentThread(), this.clock.instant(), invocation);
				checkout.attach(connection);
				this.checkouts.add(checkout);
				return checkout;
			}
		}
		return null;
	}

	synchronized List<C> lent() {
		List<C> connections = new ArrayList<>();
		for (Checkout<C> checkout : this.checkouts) {
			C connection = checkout.connection();
			if (connection != null) {
				connections.add(connection);
			}
		}
		return connections;
	}

	synchronized List<C> removeIdle() {
		List<C> connections = List.copyOf(this.idle);
		this.idle.clear();
		return connections;
	}

	/**
	 * Closes the pool: it lends and keeps no connection any more, and every wait ends.
	 */
	synchronized void close() {
		this.closed = true;
		this.waiters.forEach(Waiter::end);
		this.waiters.clear();
	}

	/**
	 * A thread that wants to borrow.
	 */
	private static final class Waiter<C extends PoolEntry> {

		private final Thread thread;

		private final @Nullable Invocation invocation;

		private volatile @Nullable Checkout<C> checkout;

		private volatile boolean ended;

		private Waiter(Thread thread, @Nullable Invocation invocation) {
			this.thread = thread;
			this.invocation = invocation;
		}

		private void end() {
			this.ended = true;
			LockSupport.unpark(this.thread);
		}

	}

}
