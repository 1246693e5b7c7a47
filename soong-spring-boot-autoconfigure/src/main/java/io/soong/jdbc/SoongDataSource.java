package io.soong.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
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

import io.soong.auth.DatabaseCredentialsProvider;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * A {@link javax.sql.DataSource} of one physical connection, for a process that handles
 * one event at a time and may be frozen between two of them; or of a few, where it
 * handles several.
 * <p>
 * {@link #getConnection()} lends the connection to one thread exclusively. Closing the
 * loan gives it back: rolled back, and with what the loan changed (auto-commit,
 * read-only, isolation, schema, network timeout) as it was. The next loan gets the same
 * physical connection, if it is alive, or a new one with fresh credentials. A connection
 * idle for long is probed first; a hot one is lent without a round trip.
 * <p>
 * The thread that holds a loan may borrow again, and gets the same connection, as long as
 * no transaction is open on it. Other threads wait while all connections are lent.
 * <p>
 * Thread-safe. Lives until {@link #close()}.
 */
public final class SoongDataSource extends AbstractDataSource implements AutoCloseable {

	/** How often somebody who waits looks for threads that ended. */
	private static final long GLANCE = Duration.ofSeconds(1).toNanos();

	private final ConnectionSettings settings;

	private final Clock clock;

	private final ConnectionOpener opener;

	/** Fair, so that who waits is served before who has just given back. */
	private final ReentrantLock lock = new ReentrantLock(true);

	private final Condition returned = this.lock.newCondition();

	private final List<Lease> leases = new ArrayList<>(1);

	/** The last to come back is the first to be lent. */
	private final Deque<PhysicalConnection> idle = new ArrayDeque<>(1);

	private final Watchdog watchdog = new Watchdog(this::lentGuards);

	private final Consumer<Invocation> onEnd = this::leave;

	private @Nullable EagerConnection eager;

	private boolean closed;

	/**
	 * Creates a data source. Nothing is connected until the first loan.
	 * @param settings where to connect to and how
	 * @param credentials asked for every physical connection
	 */
	public SoongDataSource(ConnectionSettings settings, DatabaseCredentialsProvider credentials) {
		this(settings, credentials, Clock.systemUTC());
	}

	/**
	 * Creates a data source that tells the time by a given clock.
	 * @param settings where to connect to and how
	 * @param credentials asked for every physical connection
	 * @param clock the wall clock by which connections age
	 */
	public SoongDataSource(ConnectionSettings settings, DatabaseCredentialsProvider credentials, Clock clock) {
		this(settings, clock, new ConnectionOpener(settings, credentials, clock));
	}

	SoongDataSource(ConnectionSettings settings, Clock clock, ConnectionOpener opener) {
		this.settings = settings;
		this.clock = clock;
		this.opener = opener;
	}

	/**
	 * Starts to open the connection in the background, for the first borrower to find it
	 * ready. If it fails, that is logged, and the borrower tries for itself.
	 */
	public void openEagerly() {
		this.lock.lock();
		try {
			if (!this.closed && this.eager == null && this.idle.isEmpty() && this.leases.isEmpty()) {
				this.eager = new EagerConnection(this.opener, this.clock);
				this.eager.start();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Connects and asks the server something, so that the classes on this way are loaded
	 * and linked before a snapshot is taken. Does nothing if a connection is open.
	 * @param limit how long connecting may take, retries included
	 * @throws SoongConnectionException if the server cannot be reached in that time
	 * @throws SQLException if it does not answer
	 */
	public void prime(Duration limit) throws SQLException {
		this.lock.lock();
		try {
			if (this.closed || !this.idle.isEmpty() || !this.leases.isEmpty()) {
				return;
			}
		}
		finally {
			this.lock.unlock();
		}
		keep(this.opener.open(limit));
		try (Connection connection = getConnection();
				PreparedStatement statement = connection.prepareStatement("SELECT 1");
				ResultSet resultSet = statement.executeQuery()) {
			resultSet.next();
		}
	}

	private void keep(PhysicalConnection connection) {
		this.lock.lock();
		try {
			this.idle.push(connection);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Drops every connection, also those that are lent, whose holders will notice, and
	 * all that is known of the server. The next loan connects anew.
	 */
	public void purge() {
		List<PhysicalConnection> connections;
		List<Lease> leases;
		EagerConnection eager;
		this.lock.lock();
		try {
			connections = List.copyOf(this.idle);
			leases = List.copyOf(this.leases);
			eager = this.eager;
			this.idle.clear();
			this.eager = null;
			leases.forEach(Lease::revoke);
		}
		finally {
			this.lock.unlock();
		}
		if (eager != null) {
			eager.abandon();
		}
		connections.forEach(PhysicalConnection::close);
		for (Lease lease : leases) {
			PhysicalConnection lent = lease.connection();
			if (lent != null) {
				logger.warn("The connection is dropped in the hands of " + lease);
				lent.abort();
			}
		}
		this.opener.forget();
	}

	/**
	 * Returns the settings of this data source.
	 * @return the settings
	 */
	public ConnectionSettings settings() {
		return this.settings;
	}

	/**
	 * Borrows the connection.
	 * @return a loan, to be closed by the borrower
	 * @throws SoongConnectionException if there is none and none can be opened
	 * @throws SQLTransientConnectionException if another thread holds it for longer than
	 * the acquire timeout
	 * @throws SQLException if the calling thread holds it with a transaction open, or
	 * this data source is closed
	 */
	@Override
	public Connection getConnection() throws SQLException {
		Lease lease = reserve();
		try {
			return lend(lease, connect(lease)).proxy();
		}
		catch (SQLException | RuntimeException | Error ex) {
			releaseIfUnused(lease);
			throw ex;
		}
	}

	/**
	 * Not supported, as the credentials are this data source's own affair.
	 */
	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		throw new SQLFeatureNotSupportedException(
				"SoongDataSource logs in with its own credentials; call getConnection() without arguments");
	}

	/**
	 * Opens a second, independent physical connection that is not lent to anybody else,
	 * for example to listen for notifications.
	 * @return the connection, which ends when its caller closes it
	 * @throws SoongConnectionException if it cannot be opened
	 * @throws SQLException if the invocation's deadline leaves no time to
	 */
	public Connection openConnection() throws SQLException {
		return this.opener.openWithin(atMost(this.settings.connectTimeout(), invocation())).driverConnection();
	}

	private Lease reserve() throws SQLException {
		Thread borrower = Thread.currentThread();
		Invocation invocation = invocation();
		Duration wait = atMost(this.settings.acquireTimeout(), invocation);
		long left = wait.toNanos();
		try {
			this.lock.lockInterruptibly();
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
		try {
			while (true) {
				checkOpen();
				Lease own = leaseOf(borrower);
				if (own != null && own.isBroken()) {
					// Its loans are lost anyhow, and may never be closed
					this.leases.remove(own);
					continue;
				}
				if (own != null && !own.hasOpenTransaction()) {
					return own;
				}
				if (this.leases.size() < this.settings.max()) {
					Lease lease = new Lease(borrower, this.clock.instant(),
							(invocation != null && !invocation.hasEnded()) ? invocation : null);
					this.leases.add(lease);
					return lease;
				}
				if (revokeOrphans()) {
					continue;
				}
				if (own != null) {
					throw refuseToNest();
				}
				if (left <= 0) {
					throw new SQLTransientConnectionException("The connection is held by " + holders()
							+ ", and was waited for " + wait.toMillis() + " ms ("
							+ ((wait.compareTo(this.settings.acquireTimeout()) < 0)
									? "all that the deadline of " + invocation + " left"
									: "soong.connection.acquire-timeout")
							+ "). Close connections, streams and transactions " + "as soon as they are done with",
							"08001");
				}
				// Nobody tells of a thread that ends
				long glance = Math.min(left, GLANCE);
				left -= glance - this.returned.awaitNanos(glance);
			}
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Returns what this thread borrows for.
	 */
	private @Nullable Invocation invocation() {
		Invocation invocation = Invocation.current();
		if (invocation == null || invocation.hasEnded()) {
			return null;
		}
		invocation.onEnd(this.onEnd);
		return invocation;
	}

	/**
	 * Returns the limit, or less if the invocation has to end before.
	 */
	private Duration atMost(Duration limit, @Nullable Invocation invocation) throws SQLException {
		if (invocation == null) {
			return limit;
		}
		Duration left = invocation.left(this.settings.deadlineMargin());
		if (left.isNegative()) {
			throw DeadlineErrors.tooLate(invocation, this.settings.deadlineMargin());
		}
		return (left.compareTo(limit) < 0) ? left : limit;
	}

	private static SQLException interrupted(InterruptedException ex) {
		Thread.currentThread().interrupt();
		return new SQLTransientConnectionException("Interrupted while waiting for the connection", "08001", ex);
	}

	private void checkOpen() throws SQLException {
		if (this.closed) {
			throw new SQLNonTransientConnectionException("This SoongDataSource was closed", "08003");
		}
	}

	/**
	 * Returns the lease that a thread made last.
	 */
	private @Nullable Lease leaseOf(Thread thread) {
		for (int i = this.leases.size() - 1; i >= 0; i--) {
			if (this.leases.get(i).isHeldBy(thread)) {
				return this.leases.get(i);
			}
		}
		return null;
	}

	private String holders() {
		StringJoiner holders = new StringJoiner(" and by ");
		this.leases.forEach((lease) -> holders.add(lease.toString()));
		return holders.toString();
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

	private PhysicalConnection connect(Lease lease) throws SQLException {
		PhysicalConnection connection = lease.connection();
		if (connection == null) {
			connection = takeIdle(lease.invocation());
			if (connection != null) {
				attach(lease, connection);
				if (!isFitForLoan(connection, lease.invocation())) {
					connection = null;
				}
			}
			if (connection == null) {
				connection = this.opener.openWithin(atMost(this.settings.connectTimeout(), lease.invocation()));
				attach(lease, connection);
			}
			connection.setUsedBy(lease.invocation());
		}
		return connection;
	}

	/**
	 * Gives a connection to a lease, and has it guarded.
	 */
	private void attach(Lease lease, PhysicalConnection connection) throws SQLException {
		boolean revoked;
		this.lock.lock();
		try {
			lease.attach(connection);
			revoked = lease.isRevoked();
		}
		finally {
			this.lock.unlock();
		}
		if (revoked) {
			connection.abort();
			throw new SQLTransientConnectionException(
					"The connection was taken back while this thread waited for it: the invocation ended, or all "
							+ "connections were dropped for a snapshot",
					"08003");
		}
		connection.guard().keep(lease.invocation(), this.watchdog);
	}

	private List<Guard> lentGuards() {
		List<Guard> guards = new ArrayList<>();
		this.lock.lock();
		try {
			for (Lease lease : this.leases) {
				PhysicalConnection connection = lease.connection();
				if (connection != null) {
					guards.add(connection.guard());
				}
			}
		}
		finally {
			this.lock.unlock();
		}
		return guards;
	}

	private boolean isFitForLoan(PhysicalConnection connection, @Nullable Invocation invocation) {
		boolean fit = false;
		try {
			Invocation usedBy = connection.usedBy();
			fit = connection.isFitForLoan() && (usedBy == null || usedBy == invocation || forget(connection));
			return fit;
		}
		catch (SQLException ex) {
			logger.debug("The connection broke before it was lent", ex);
			return false;
		}
		finally {
			if (!fit) {
				connection.abort();
			}
		}
	}

	/**
	 * Makes the session forget all, if that is wanted.
	 * @return whether it did: to an RDS Proxy that would pin it, and to close the
	 * connection does the same there at little cost
	 */
	private boolean forget(PhysicalConnection connection) throws SQLException {
		if (this.settings.reset() == ConnectionSettings.Reset.DISCARD) {
			if (this.settings.endpoint().isProxy()) {
				return false;
			}
			connection.discardSession();
		}
		return true;
	}

	private @Nullable PhysicalConnection takeIdle(@Nullable Invocation invocation) throws SQLException {
		EagerConnection eager;
		this.lock.lock();
		try {
			PhysicalConnection connection = this.idle.poll();
			eager = this.eager;
			this.eager = null;
			if (connection != null || eager == null) {
				return connection;
			}
		}
		finally {
			this.lock.unlock();
		}
		return eager.take(atMost(EagerConnection.FRESH, invocation));
	}

	private LoanedConnection lend(Lease lease, PhysicalConnection connection) {
		this.lock.lock();
		try {
			LoanedConnection loan = new LoanedConnection(connection, lease, (returned) -> giveBack(lease, returned));
			lease.add(loan);
			return loan;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void giveBack(Lease lease, LoanedConnection loan) {
		this.lock.lock();
		try {
			if (!lease.remove(loan)) {
				return;
			}
		}
		finally {
			this.lock.unlock();
		}
		release(lease);
	}

	private void releaseIfUnused(Lease lease) {
		this.lock.lock();
		try {
			if (lease.hasLoans()) {
				return;
			}
		}
		finally {
			this.lock.unlock();
		}
		release(lease);
	}

	/**
	 * Ends a lease, whatever happens, and keeps its connection if that is sound.
	 */
	private void release(Lease lease) {
		PhysicalConnection connection = lease.connection();
		boolean sound = false;
		try {
			if (connection != null && connection.isUsable() && connection.isClean()) {
				connection.dropStaleStatements();
				connection.markUsed();
				sound = (lease.invocation() != null && !lease.invocation().hasEnded()) || forget(connection);
			}
		}
		catch (SQLException ex) {
			logger.debug("The connection broke as it was given back", ex);
		}
		finally {
			end(lease, sound);
		}
	}

	private void end(Lease lease, boolean sound) {
		PhysicalConnection connection = lease.connection();
		if (!endLease(lease, sound ? connection : null) && connection != null) {
			if (sound) {
				connection.close();
			}
			else {
				connection.abort();
			}
		}
	}

	/**
	 * Returns whether the connection was kept.
	 */
	private boolean endLease(Lease lease, @Nullable PhysicalConnection connection) {
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
	 * Takes back what was lent for an invocation that ended, and has the sessions that it
	 * used forget it.
	 */
	private void leave(Invocation invocation) {
		for (Lease lease : revokeLeasesOf(invocation)) {
			takeBack(lease, invocation + " ended");
		}
		if (this.settings.reset() == ConnectionSettings.Reset.CHANGED
				&& this.settings.scope() == ConnectionSettings.Scope.CONTAINER) {
			return;
		}
		for (Lease lease = leaseIdleOf(invocation); lease != null; lease = leaseIdleOf(invocation)) {
			release(lease);
		}
	}

	private List<Lease> revokeLeasesOf(Invocation invocation) {
		List<Lease> leases = new ArrayList<>();
		this.lock.lock();
		try {
			for (Lease lease : this.leases) {
				if (lease.invocation() == invocation) {
					lease.revoke();
					leases.add(lease);
				}
			}
		}
		finally {
			this.lock.unlock();
		}
		return leases;
	}

	/**
	 * Leases an idle connection that an invocation used, in order to clean it.
	 */
	private @Nullable Lease leaseIdleOf(Invocation invocation) {
		this.lock.lock();
		try {
			for (PhysicalConnection connection : this.idle) {
				if (connection.usedBy() == invocation) {
					this.idle.remove(connection);
					Lease lease = new Lease(Thread.currentThread(), this.clock.instant(), invocation);
					lease.attach(connection);
					this.leases.add(lease);
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
	 * Gives a place back to those who wait that a thread holds which ended.
	 */
	private boolean revokeOrphans() {
		boolean found = false;
		for (Lease lease : List.copyOf(this.leases)) {
			if (lease.isOrphaned()) {
				lease.revoke();
				this.leases.remove(lease);
				takeBack(lease, "Its thread ended");
				found = true;
			}
		}
		return found;
	}

	/**
	 * Takes a connection from whoever forgot to give it back. If that is this thread, it
	 * is rolled back and kept; another may yet be using it.
	 */
	private void takeBack(Lease lease, String when) {
		PhysicalConnection connection = lease.connection();
		String sql = (connection != null) ? connection.guard().lastSql() : null;
		logger.warn(
				"A connection was not given back and had to be taken from " + lease + ": " + when
						+ ". What was not committed is rolled back. Last statement: " + ((sql != null) ? sql : "none")
						+ ". Close connections and streams where they are opened, by try-with-resources",
				lease.borrowed());
		boolean quiet = connection != null && !connection.guard().isBusy() && lease.isHeldBy(Thread.currentThread());
		for (LoanedConnection loan : lease.loans()) {
			if (quiet) {
				loan.close();
			}
			else {
				loan.revoke();
			}
		}
	}

	@Override
	public int getLoginTimeout() {
		return (int) Math.min(Integer.MAX_VALUE,
				this.settings.connectTimeout().plus(Duration.ofMillis(999)).toSeconds());
	}

	/**
	 * Closes every connection, at once or when its borrower gives it back.
	 */
	@Override
	public void close() {
		List<PhysicalConnection> connections;
		EagerConnection eager;
		this.lock.lock();
		try {
			this.closed = true;
			connections = List.copyOf(this.idle);
			eager = this.eager;
			this.idle.clear();
			this.eager = null;
			this.returned.signalAll();
		}
		finally {
			this.lock.unlock();
		}
		if (eager != null) {
			eager.abandon();
		}
		connections.forEach(PhysicalConnection::close);
	}

	@Override
	public String toString() {
		return "SoongDataSource[" + this.settings.endpoint() + "]";
	}

}
