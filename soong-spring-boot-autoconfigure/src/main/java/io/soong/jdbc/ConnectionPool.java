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
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;

import io.soong.jdbc.Checkout.Loan;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a {@link SoongDataSource}: those that are checked out, and those
 * that are idle. Threads wait here for a connection. Never talks to the server.
 * Thread-safe.
 */
final class ConnectionPool<C extends Poolable> {

	/** How often a waiting thread looks for holders that ended without a notice. */
	private static final long ORPHAN_CHECK = Duration.ofSeconds(1).toNanos();

	private final ConnectionSettings settings;

	private final Clock clock;

	private final Consumer<Checkout<C>> onOrphan;

	/** Fair, so that a waiting thread is served before one that returns a connection. */
	private final ReentrantLock lock = new ReentrantLock(true);

	private final Condition returned = this.lock.newCondition();

	private final List<Checkout<C>> checkouts = new ArrayList<>(1);

	/** The connection that was returned last is lent first. */
	private final Deque<C> idle = new ArrayDeque<>(1);

	private boolean closed;

	/**
	 * Creates an empty pool.
	 * @param onOrphan told of a checkout that was taken from a thread that ended
	 */
	ConnectionPool(ConnectionSettings settings, Clock clock, Consumer<Checkout<C>> onOrphan) {
		this.settings = settings;
		this.clock = clock;
		this.onOrphan = onOrphan;
	}

	/**
	 * Returns the checkout under which this thread borrows: its own, or a new one as soon
	 * as there are fewer than allowed.
	 * @param invocation the invocation that this thread borrows for, if that is known
	 * @param wait how long to wait at most
	 */
	Checkout<C> checkOut(@Nullable Invocation invocation, Duration wait) throws SQLException {
		Thread borrower = Thread.currentThread();
		long left = wait.toNanos();
		List<Checkout<C>> orphans = new ArrayList<>(0);
		try {
			this.lock.lockInterruptibly();
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
		try {
			while (true) {
				if (this.closed) {
					throw new SQLNonTransientConnectionException("This SoongDataSource was closed", "08003");
				}
				Checkout<C> own = checkoutOf(borrower);
				if (own != null && own.isDead()) {
					// Its loans are of no use any more, and may never be closed
					this.checkouts.remove(own);
					continue;
				}
				if (own != null && !own.hasOpenTransaction()) {
					return own;
				}
				if (this.checkouts.size() < this.settings.max()) {
					return add(new Checkout<>(borrower, this.clock.instant(), invocation));
				}
				if (removeOrphans(orphans)) {
					continue;
				}
				if (own != null) {
					throw refuseToNest();
				}
				if (left <= 0) {
					throw refuseToWait(invocation, wait);
				}
				long pause = Math.min(left, ORPHAN_CHECK);
				left -= pause - this.returned.awaitNanos(pause);
			}
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
		finally {
			this.lock.unlock();
			// May take long, or wait for another thread
			orphans.forEach(this.onOrphan);
		}
	}

	private static SQLException interrupted(InterruptedException ex) {
		Thread.currentThread().interrupt();
		return new SQLTransientConnectionException("Interrupted while waiting for the connection", "08001", ex);
	}

	/**
	 * Returns the last checkout of a thread.
	 */
	private @Nullable Checkout<C> checkoutOf(Thread thread) {
		for (int i = this.checkouts.size() - 1; i >= 0; i--) {
			if (this.checkouts.get(i).isHeldBy(thread)) {
				return this.checkouts.get(i);
			}
		}
		return null;
	}

	private Checkout<C> add(Checkout<C> checkout) {
		this.checkouts.add(checkout);
		return checkout;
	}

	/**
	 * Frees the places of threads that ended.
	 * @param orphans the list to add their checkouts to
	 */
	private boolean removeOrphans(List<Checkout<C>> orphans) {
		boolean found = false;
		for (Checkout<C> checkout : List.copyOf(this.checkouts)) {
			if (checkout.isOrphaned()) {
				checkout.revoke();
				this.checkouts.remove(checkout);
				orphans.add(checkout);
				found = true;
			}
		}
		return found;
	}

	/**
	 * A second loan of a connection with an open transaction would take part in that
	 * transaction. A wait for another connection could be a wait for this thread itself,
	 * or for one that waits in the same way.
	 */
	private SQLException refuseToNest() {
		return new SQLNonTransientConnectionException(
				"This thread holds a connection with a transaction open, and asks for another that must not be part "
						+ "of it, as REQUIRES_NEW and NOT_SUPPORTED do, but there is none left (soong.connection.max="
						+ this.settings.max() + "). End the transaction first, join it, raise soong.connection.max, "
						+ "or open a connection of your own with SoongDataSource.openConnection()",
				"08001");
	}

	private SQLException refuseToWait(@Nullable Invocation invocation, Duration waited) {
		StringJoiner holders = new StringJoiner(" and by ");
		this.checkouts.forEach((checkout) -> holders.add(checkout.toString()));
		boolean byDeadline = waited.compareTo(this.settings.acquireTimeout()) < 0;
		return new SQLTransientConnectionException("The connection is held by " + holders + ", and was waited for "
				+ waited.toMillis() + " ms ("
				+ (byDeadline ? "all that the deadline of " + invocation + " left" : "soong.connection.acquire-timeout")
				+ "). Close connections, streams and transactions as soon as they are done with, or raise "
				+ "soong.connection.max (" + this.settings.max() + ")", "08001");
	}

	/**
	 * Returns whether no connection is lent and none is idle.
	 */
	boolean isEmpty() {
		this.lock.lock();
		try {
			return !this.closed && this.idle.isEmpty() && this.checkouts.isEmpty();
		}
		finally {
			this.lock.unlock();
		}
	}

	@Nullable C pollIdle() {
		this.lock.lock();
		try {
			return this.idle.poll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Adds a connection that was not lent yet.
	 * @return whether it was kept
	 */
	boolean addIdle(C connection) {
		this.lock.lock();
		try {
			if (!this.closed) {
				this.idle.push(connection);
			}
			return !this.closed;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Ends a checkout, and gives its place to a waiting thread.
	 * @param connection its connection, if that can be lent again
	 * @return whether the connection is kept
	 */
	boolean checkIn(Checkout<C> checkout, @Nullable C connection) {
		this.lock.lock();
		try {
			boolean held = this.checkouts.remove(checkout);
			this.returned.signal();
			Invocation invocation = checkout.invocation();
			boolean outOfScope = invocation != null && invocation.hasEnded()
					&& this.settings.scope() == ConnectionSettings.Scope.INVOCATION;
			if (!held || outOfScope || this.closed || connection == null) {
				return false;
			}
			this.idle.push(connection);
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Takes checkouts from their holders. They keep their places until they are checked
	 * in.
	 */
	List<Checkout<C>> revoke(Predicate<Checkout<C>> which) {
		this.lock.lock();
		try {
			List<Checkout<C>> revoked = this.checkouts.stream().filter(which).toList();
			revoked.forEach(Checkout::revoke);
			return revoked;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Checks out an idle connection that an invocation used, in order to clean it.
	 */
	@Nullable Checkout<C> checkOutIdleOf(Invocation invocation) {
		this.lock.lock();
		try {
			for (C connection : this.idle) {
				if (connection.usedBy() == invocation) {
					this.idle.remove(connection);
					Checkout<C> checkout = add(
							new Checkout<>(Thread.currentThread(), this.clock.instant(), invocation));
					checkout.attach(connection);
					return checkout;
				}
			}
			return null;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Returns the connections that are lent.
	 */
	List<C> lent() {
		List<C> connections = new ArrayList<>();
		this.lock.lock();
		try {
			for (Checkout<C> checkout : this.checkouts) {
				C connection = checkout.connection();
				if (connection != null) {
					connections.add(connection);
				}
			}
		}
		finally {
			this.lock.unlock();
		}
		return connections;
	}

	/**
	 * Removes the idle connections.
	 */
	List<C> removeIdle() {
		this.lock.lock();
		try {
			List<C> connections = List.copyOf(this.idle);
			this.idle.clear();
			return connections;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * From now on, lends and keeps no connection, and ends every wait.
	 */
	void close() {
		this.lock.lock();
		try {
			this.closed = true;
			this.returned.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

}
