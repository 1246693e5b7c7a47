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

import io.soong.jdbc.Lease.Loan;
import org.jspecify.annotations.Nullable;

/**
 * The book of a {@link SoongDataSource}: which thread has which connection, who waits,
 * and which connections are idle. Never talks to the server. Thread-safe.
 */
final class Leases<C extends Poolable> {

	/** How often those who wait look for threads that ended, of which nobody tells. */
	private static final long GLANCE = Duration.ofSeconds(1).toNanos();

	private final ConnectionSettings settings;

	private final Clock clock;

	private final Consumer<Lease<C>> onOrphan;

	/** Fair, so that who waits is served before who has just given back. */
	private final ReentrantLock lock = new ReentrantLock(true);

	private final Condition returned = this.lock.newCondition();

	private final List<Lease<C>> leases = new ArrayList<>(1);

	/** The last to come back is the first to be lent. */
	private final Deque<C> idle = new ArrayDeque<>(1);

	private boolean closed;

	/**
	 * Creates an empty book.
	 * @param onOrphan told of a lease that was taken from a thread that ended
	 */
	Leases(ConnectionSettings settings, Clock clock, Consumer<Lease<C>> onOrphan) {
		this.settings = settings;
		this.clock = clock;
		this.onOrphan = onOrphan;
	}

	/**
	 * Returns the lease that this thread may borrow under: one of its own, or a new one,
	 * as soon as there are fewer than allowed.
	 * @param invocation what this thread borrows for, if that is known
	 * @param wait how long to wait at most
	 */
	Lease<C> reserve(@Nullable Invocation invocation, Duration wait) throws SQLException {
		Thread borrower = Thread.currentThread();
		long left = wait.toNanos();
		List<Lease<C>> orphans = new ArrayList<>(0);
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
				Lease<C> own = leaseOf(borrower);
				if (own != null && own.isBroken()) {
					// Its loans are lost anyhow, and may never be closed
					this.leases.remove(own);
					continue;
				}
				if (own != null && !own.hasOpenTransaction()) {
					return own;
				}
				if (this.leases.size() < this.settings.max()) {
					return add(new Lease<>(borrower, this.clock.instant(), invocation));
				}
				if (revokeOrphans(orphans)) {
					continue;
				}
				if (own != null) {
					throw refuseToNest();
				}
				if (left <= 0) {
					throw refuseToWait(invocation, wait);
				}
				long glance = Math.min(left, GLANCE);
				left -= glance - this.returned.awaitNanos(glance);
			}
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
		finally {
			this.lock.unlock();
			// It may take long, or wait for another thread
			orphans.forEach(this.onOrphan);
		}
	}

	private static SQLException interrupted(InterruptedException ex) {
		Thread.currentThread().interrupt();
		return new SQLTransientConnectionException("Interrupted while waiting for the connection", "08001", ex);
	}

	/**
	 * Returns the lease that a thread made last.
	 */
	private @Nullable Lease<C> leaseOf(Thread thread) {
		for (int i = this.leases.size() - 1; i >= 0; i--) {
			if (this.leases.get(i).isHeldBy(thread)) {
				return this.leases.get(i);
			}
		}
		return null;
	}

	private Lease<C> add(Lease<C> lease) {
		this.leases.add(lease);
		return lease;
	}

	/**
	 * Frees the places of threads that ended.
	 * @param orphans the list to add their leases to
	 */
	private boolean revokeOrphans(List<Lease<C>> orphans) {
		boolean found = false;
		for (Lease<C> lease : List.copyOf(this.leases)) {
			if (lease.isOrphaned()) {
				lease.revoke();
				this.leases.remove(lease);
				orphans.add(lease);
				found = true;
			}
		}
		return found;
	}

	/**
	 * A second loan of a connection with a transaction open would commit, or be rolled
	 * back with, what is not its own. To wait for another connection would be to wait for
	 * oneself, or for a thread that does the same.
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
		this.leases.forEach((lease) -> holders.add(lease.toString()));
		boolean byDeadline = waited.compareTo(this.settings.acquireTimeout()) < 0;
		return new SQLTransientConnectionException("The connection is held by " + holders + ", and was waited for "
				+ waited.toMillis() + " ms ("
				+ (byDeadline ? "all that the deadline of " + invocation + " left" : "soong.connection.acquire-timeout")
				+ "). Close connections, streams and transactions as soon as they are done with", "08001");
	}

	/**
	 * Returns whether nothing is lent and nothing idle.
	 */
	boolean isBlank() {
		this.lock.lock();
		try {
			return !this.closed && this.idle.isEmpty() && this.leases.isEmpty();
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
	 * Keeps a connection that nobody has borrowed yet.
	 * @return whether it was kept
	 */
	boolean keep(C connection) {
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
	 * Writes a connection to a lease.
	 * @return whether the holder may have it, as the lease was not taken from it
	 * meanwhile
	 */
	boolean attach(Lease<C> lease, C connection) {
		this.lock.lock();
		try {
			lease.attach(connection);
			return !lease.isRevoked();
		}
		finally {
			this.lock.unlock();
		}
	}

	void add(Lease<C> lease, Loan loan) {
		this.lock.lock();
		try {
			lease.add(loan);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Strikes a loan out.
	 * @return whether it was the lease's last
	 */
	boolean remove(Lease<C> lease, Loan loan) {
		this.lock.lock();
		try {
			return lease.remove(loan);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Returns the loans of a lease, which its holder may be closing at this moment.
	 */
	List<Loan> loans(Lease<C> lease) {
		this.lock.lock();
		try {
			return lease.loans();
		}
		finally {
			this.lock.unlock();
		}
	}

	boolean hasLoans(Lease<C> lease) {
		this.lock.lock();
		try {
			return lease.hasLoans();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Strikes a lease out, and gives its place to whoever waits.
	 * @param connection what it had, if that can be lent again
	 * @return whether the connection is kept
	 */
	boolean end(Lease<C> lease, @Nullable C connection) {
		this.lock.lock();
		try {
			boolean held = this.leases.remove(lease);
			this.returned.signal();
			Invocation invocation = lease.invocation();
			boolean left = invocation != null && invocation.hasEnded()
					&& this.settings.scope() == ConnectionSettings.Scope.INVOCATION;
			if (!held || left || this.closed || connection == null) {
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
	 * Takes leases from their holders, which keep them in the book until they are ended.
	 */
	List<Lease<C>> revoke(Predicate<Lease<C>> which) {
		this.lock.lock();
		try {
			List<Lease<C>> revoked = this.leases.stream().filter(which).toList();
			revoked.forEach(Lease::revoke);
			return revoked;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Leases an idle connection that an invocation used, in order to clean it.
	 */
	@Nullable Lease<C> leaseIdleOf(Invocation invocation) {
		this.lock.lock();
		try {
			for (C connection : this.idle) {
				if (connection.usedBy() == invocation) {
					this.idle.remove(connection);
					Lease<C> lease = add(new Lease<>(Thread.currentThread(), this.clock.instant(), invocation));
					lease.attach(connection);
					return lease;
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
			for (Lease<C> lease : this.leases) {
				C connection = lease.connection();
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
	 * Empties the shelf of idle connections.
	 */
	List<C> drain() {
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
	 * Lends and keeps nothing any more.
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
