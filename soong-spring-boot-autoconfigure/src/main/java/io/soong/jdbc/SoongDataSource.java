package io.soong.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTransientConnectionException;
import java.time.Clock;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import io.soong.auth.DatabaseCredentialsProvider;
import io.soong.jdbc.ConnectionObserver.Reason;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.util.ClassUtils;

/**
 * A {@link javax.sql.DataSource} with one physical connection, for a process that handles
 * one event at a time and may be frozen between events; or with several, for a process
 * that handles several at once.
 * <p>
 * {@link #getConnection()} lends the connection to one thread exclusively. Closing the
 * loan returns it: it is rolled back, and what the loan changed (auto-commit, read-only,
 * isolation, schema, network timeout, holdability, type map, client info) is reset. The
 * next loan gets the same physical connection if it is alive, otherwise a new one with
 * fresh credentials. A connection that was idle for long is probed first; a recently used
 * one is lent without a round trip.
 * <p>
 * The thread that holds a loan may borrow again, and gets the same connection, unless a
 * transaction is open on it. Other threads wait while all connections are lent.
 * <p>
 * Before a snapshot of the process, as Lambda SnapStart takes one, every connection is
 * closed, however the data source was created. The next loan after a restore opens a new
 * connection.
 * <p>
 * Thread-safe. Lives until {@link #close()}.
 */
public final class SoongDataSource extends AbstractDataSource implements AutoCloseable {

	private static final boolean CRAC_IS_PRESENT = ClassUtils.isPresent("org.crac.Resource",
			SoongDataSource.class.getClassLoader());

	private final ConnectionSettings settings;

	private final Clock clock;

	private final Observers observers = new Observers();

	/** Why connections ended that are not replaced yet. */
	private final Queue<Reason> ended = new ConcurrentLinkedQueue<>();

	private final ConnectionOpener opener;

	private final ConnectionPool<PhysicalConnection> pool;

	private final LongConsumer watchdog;

	private final Consumer<Invocation> onEnd = this::leave;

	private final AtomicReference<@Nullable EagerConnection> eager = new AtomicReference<>();

	/** Referenced here only, so that it is not garbage collected. */
	@SuppressWarnings("unused")
	private final @Nullable Object checkpoint;

	private volatile @Nullable DataSource wrapper;

	private volatile boolean closed;

	/**
	 * Creates a data source. Nothing is connected until the first loan.
	 * @param settings where to connect to and how
	 * @param credentials called for every physical connection
	 */
	public SoongDataSource(ConnectionSettings settings, DatabaseCredentialsProvider credentials) {
		this(settings, credentials, Clock.systemUTC());
	}

	/**
	 * Creates a data source with a given clock.
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
		this.pool = new ConnectionPool<>(settings, clock, this.observers,
				(checkout) -> takeBack(checkout, "Its thread ended"));
		this.watchdog = new Watchdog(this.pool::lent)::watch;
		this.checkpoint = CRAC_IS_PRESENT ? Checkpoint.register(this::isClosed, this::prime, this::purge) : null;
	}

	/**
	 * Adds an observer of what this data source does from now on. To add it again has no
	 * effect.
	 * @param observer the observer
	 */
	public void observe(ConnectionObserver observer) {
		this.observers.add(observer);
	}

	/**
	 * Lends every connection through a wrapper from now on, such as one that traces what
	 * borrowers do.
	 * @param wrapper wraps the data source that lends without it
	 */
	public void lendThrough(UnaryOperator<DataSource> wrapper) {
		this.wrapper = wrapper.apply(new UnwrappedLoans());
	}

	/**
	 * Starts to open the connection in the background for the first borrower. A failure
	 * is logged, and the borrower tries again.
	 */
	public void openEagerly() {
		ConnectionObserver observer = this.observers.of(null);
		EagerConnection eager = new EagerConnection(this.opener, this.clock, ConnectReport.lending(null, observer));
		if (this.pool.isEmpty() && this.eager.compareAndSet(null, eager)) {
			eager.start();
		}
	}

	/**
	 * Connects and runs a query, so that the classes this needs are loaded and linked
	 * before a snapshot is taken. Does nothing if a connection is open, or if
	 * {@code soong.snapstart.prime} is off.
	 * @param limit how long connecting may take, retries included
	 * @throws SoongConnectionException if the server cannot be reached in that time
	 * @throws SQLException if the query fails
	 */
	void prime(Duration limit) throws SQLException {
		if (!this.settings.prime() || !this.pool.isEmpty()) {
			return;
		}
		PhysicalConnection opened = this.opener.open(limit);
		if (!this.pool.addIdle(opened)) {
			opened.close();
		}
		try (Connection connection = getConnection();
				PreparedStatement statement = connection.prepareStatement("SELECT 1");
				ResultSet resultSet = statement.executeQuery()) {
			resultSet.next();
		}
	}

	/**
	 * Closes every connection, including borrowed ones (their next call fails), and drops
	 * everything known about the server. The next loan opens a new connection.
	 */
	void purge() {
		closeIdle();
		for (Checkout<PhysicalConnection> checkout : this.pool.revoke((checkout) -> true)) {
			PhysicalConnection lent = checkout.connection();
			if (lent != null) {
				logger.warn("The connection is closed while it is borrowed by " + checkout);
				lent.abort();
			}
		}
		this.opener.forget();
		this.ended.clear();
		this.ended.add(Reason.RESTORE);
	}

	private void closeIdle() {
		EagerConnection eager = this.eager.getAndSet(null);
		if (eager != null) {
			eager.abandon();
		}
		this.pool.removeIdle().forEach(PhysicalConnection::close);
	}

	/**
	 * Returns how many connections are borrowed, including those that are being opened
	 * for a borrower.
	 * @return the number, at most {@link #maxConnections()}
	 */
	public int activeConnections() {
		return this.pool.countLent();
	}

	/**
	 * Returns the maximum number of connections.
	 * @return the number
	 */
	public int maxConnections() {
		return this.settings.max();
	}

	/**
	 * Returns how many connections are open and not borrowed.
	 * @return the number
	 */
	public int idleConnections() {
		return this.pool.countIdle();
	}

	/**
	 * Returns the settings of this data source.
	 * @return the settings
	 */
	public ConnectionSettings settings() {
		return this.settings;
	}

	DatabaseCredentialsProvider credentials() {
		return this.opener.credentials();
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
		DataSource wrapper = this.wrapper;
		return (wrapper != null) ? wrapper.getConnection() : lend();
	}

	private Connection lend() throws SQLException {
		Invocation invocation = invocation();
		Checkout<PhysicalConnection> checkout = this.pool.checkOut(invocation,
				atMost(this.settings.acquireTimeout(), invocation));
		try {
			LoanedConnection loan = new LoanedConnection(connect(checkout), checkout, (returned) -> {
				if (checkout.remove(returned)) {
					release(checkout);
				}
			});
			checkout.add(loan);
			return loan.proxy();
		}
		catch (SQLException | RuntimeException | Error ex) {
			if (!checkout.hasLoans()) {
				release(checkout);
			}
			throw ex;
		}
	}

	/**
	 * Not supported: the credentials come from the {@link DatabaseCredentialsProvider}.
	 */
	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		throw new SQLFeatureNotSupportedException(
				"SoongDataSource logs in with the credentials of its provider; call getConnection() without arguments");
	}

	/**
	 * Opens an independent physical connection that is not shared, for example to listen
	 * for notifications.
	 * @return the connection, which ends when its caller closes it
	 * @throws SoongConnectionException if it cannot be opened
	 * @throws SQLException if the invocation's deadline leaves no time to
	 */
	public Connection openConnection() throws SQLException {
		return openConnection(this.opener);
	}

	private Connection openConnection(ConnectionOpener opener) throws SQLException {
		Invocation current = Invocation.current();
		if (current != null && current.isRollbackOnly()) {
			throw new SQLFeatureNotSupportedException(
					"A sample event cannot open an independent connection, because its changes must be "
							+ "rolled back");
		}
		Invocation invocation = invocation();
		ConnectionObserver observer = this.observers.of(invocation);
		PhysicalConnection connection = opener.openWithin(atMost(this.settings.connectTimeout(), invocation),
				ConnectReport.own(observer));
		connection.guard().observeBy(this.observers);
		return connection.driverConnection();
	}

	/**
	 * Returns a data source for another host of the same cluster, such as an Aurora
	 * cluster's reader endpoint, with the settings and credentials of this one. The host
	 * is dialled, verified by TLS and signed under its own name; {@code soong.hostaddr}
	 * and {@code soong.iam.host} of this data source do not apply.
	 * @param host the name to connect to
	 * @return a new data source, to be closed by its owner
	 * @throws IllegalArgumentException if the host is an RDS endpoint in a region whose
	 * root certificates are neither given nor included
	 */
	public SoongDataSource forHost(String host) {
		return new SoongDataSource(this.settings.toBuilder(host).build(), this.opener.credentials(), this.clock);
	}

	/**
	 * Returns a data source for another role of the same database, for example one that
	 * owns the tables and migrates them. It connects with the settings of this one and
	 * uses the same credentials provider, for the role. Each of its connections is a
	 * physical one, which ends when its borrower closes it.
	 * @param user the name of the role
	 * @param password the role's password, or {@code null} to use the credentials
	 * provider
	 * @return a data source, which does not have to be closed
	 */
	public DataSource forRole(String user, @Nullable String password) {
		return new RoleDataSource(user, this.opener.forRole(user, password));
	}

	private @Nullable Invocation invocation() {
		Invocation invocation = Invocation.current();
		if (invocation == null || invocation.hasEnded()) {
			return null;
		}
		invocation.onEnd(this.onEnd);
		return invocation;
	}

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

	private PhysicalConnection connect(Checkout<PhysicalConnection> checkout) throws SQLException {
		PhysicalConnection connection = checkout.connection();
		if (connection == null) {
			connection = connectIdle(checkout);
			if (connection == null) {
				connection = open(checkout);
				attach(checkout, connection);
			}
			connection.setUsedBy(checkout.invocation());
		}
		return connection;
	}

	private @Nullable PhysicalConnection connectIdle(Checkout<PhysicalConnection> checkout) throws SQLException {
		PhysicalConnection connection = takeIdle(checkout);
		if (connection == null) {
			return null;
		}
		attach(checkout, connection);
		if (!isFitForLoan(connection, checkout.invocation())) {
			return null;
		}
		ConnectionObserver observer = this.observers.of(checkout.invocation());
		if (observer != null) {
			observer.lent(connection.isUnused());
		}
		return connection;
	}

	private PhysicalConnection open(Checkout<PhysicalConnection> checkout) throws SQLException {
		Duration limit = atMost(this.settings.connectTimeout(), checkout.invocation());
		ConnectionObserver observer = this.observers.of(checkout.invocation());
		Reason reason = this.ended.poll();
		boolean opened = false;
		try {
			PhysicalConnection connection = this.opener.openWithin(limit, ConnectReport.lending(reason, observer));
			opened = true;
			return connection;
		}
		finally {
			if (!opened && reason != null) {
				this.ended.add(reason);
			}
		}
	}

	/**
	 * Assigns a connection to a checkout, and has it guarded.
	 */
	private void attach(Checkout<PhysicalConnection> checkout, PhysicalConnection connection) throws SQLException {
		if (!checkout.attach(connection)) {
			connection.abort();
			throw new SQLTransientConnectionException(
					"The connection was revoked while this thread waited for it: the invocation ended, or all "
							+ "connections were closed for a snapshot",
					SqlStates.CONNECTION_DOES_NOT_EXIST);
		}
		connection.onEnd(this.ended::add);
		connection.guard().observeBy(this.observers);
		connection.guard().setInvocation(checkout.invocation(), this.watchdog);
		if (checkout.invocation() != null && checkout.invocation().isRollbackOnly()) {
			connection.beginRollbackOnly();
		}
	}

	private boolean isFitForLoan(PhysicalConnection connection, @Nullable Invocation invocation) {
		boolean fit = false;
		try {
			Invocation usedBy = connection.usedBy();
			fit = connection.isFitForLoan(invocation)
					&& (usedBy == null || usedBy == invocation || discard(connection));
			return fit;
		}
		catch (SQLException ex) {
			logger.debug("The connection broke before it was lent", ex);
			return false;
		}
		finally {
			if (!fit) {
				connection.abort(Reason.RESET);
			}
		}
	}

	/**
	 * Resets the session to its initial state, if {@code soong.connection.reset} says so.
	 * @return whether it did; on an RDS Proxy a reset would pin the connection, and
	 * closing it has the same effect at little cost
	 */
	private boolean discard(PhysicalConnection connection) throws SQLException {
		if (this.settings.reset() == ConnectionSettings.Reset.DISCARD) {
			if (this.settings.endpoint().isProxy()) {
				return false;
			}
			connection.discardSession();
		}
		return true;
	}

	private @Nullable PhysicalConnection takeIdle(Checkout<PhysicalConnection> checkout) throws SQLException {
		PhysicalConnection connection = checkout.takeOffered();
		EagerConnection eager = this.eager.getAndSet(null);
		if (eager == null) {
			return connection;
		}
		if (connection != null) {
			eager.abandon();
			return connection;
		}
		return eager.take(atMost(EagerConnection.FRESH, checkout.invocation()));
	}

	/**
	 * Ends a checkout in every case, and keeps its connection if it is usable.
	 */
	private void release(Checkout<PhysicalConnection> checkout) {
		PhysicalConnection connection = checkout.connection();
		boolean sound = false;
		try {
			if (connection != null && connection.isUsable() && connection.isClean()) {
				connection.checkRefusedWrite();
				connection.dropStaleStatements();
				connection.markUsed();
				sound = connection.isUsable() && ((checkout.invocation() != null && !checkout.invocation().hasEnded())
						|| discard(connection));
			}
		}
		catch (SQLException ex) {
			logger.debug("The connection broke as it was returned", ex);
		}
		finally {
			end(checkout, sound);
		}
	}

	private void end(Checkout<PhysicalConnection> checkout, boolean sound) {
		PhysicalConnection offered = checkout.takeOffered();
		if (offered != null && !this.pool.addIdle(offered)) {
			offered.close();
		}
		PhysicalConnection connection = checkout.connection();
		if (!this.pool.checkIn(checkout, sound ? connection : null) && connection != null) {
			if (sound) {
				connection.close();
			}
			else {
				connection.abort(Reason.RESET);
			}
		}
	}

	/**
	 * Revokes what was lent for an invocation that ended, and resets the sessions that it
	 * used.
	 */
	private void leave(Invocation invocation) {
		for (Checkout<PhysicalConnection> checkout : this.pool
			.revoke((checkout) -> checkout.invocation() == invocation)) {
			takeBack(checkout, invocation + " ended");
		}
		if (!invocation.isRollbackOnly() && this.settings.reset() == ConnectionSettings.Reset.CHANGED
				&& this.settings.scope() == ConnectionSettings.Scope.CONTAINER) {
			return;
		}
		Checkout<PhysicalConnection> used;
		while ((used = this.pool.checkOutIdleOf(invocation)) != null) {
			PhysicalConnection connection = used.connection();
			if (connection != null && invocation.isRollbackOnly()) {
				connection.endRollbackOnly();
			}
			release(used);
		}
	}

	/**
	 * Revokes a connection that its borrower did not return, and reports that.
	 */
	private void takeBack(Checkout<PhysicalConnection> checkout, String when) {
		PhysicalConnection connection = checkout.connection();
		String sql = (connection != null) ? connection.guard().lastSql() : null;
		logger.warn(
				"A connection was not returned and is taken back from " + checkout + ": " + when
						+ ". What was not committed is rolled back. Last statement: " + ((sql != null) ? sql : "none")
						+ ". Close connections and streams where they are opened, by try-with-resources",
				checkout.borrowed());
		checkout.takeBack();
	}

	@Override
	public int getLoginTimeout() {
		return (int) Math.min(Integer.MAX_VALUE,
				this.settings.connectTimeout().plus(Duration.ofMillis(999)).toSeconds());
	}

	/**
	 * Closes every connection: idle ones now, borrowed ones when they are returned.
	 */
	@Override
	public void close() {
		this.closed = true;
		this.pool.close();
		closeIdle();
	}

	boolean isClosed() {
		return this.closed;
	}

	@Override
	public String toString() {
		return "SoongDataSource[" + this.settings.endpoint() + "]";
	}

	/**
	 * The loans as they are without a wrapper.
	 */
	private final class UnwrappedLoans extends DelegatingDataSource {

		UnwrappedLoans() {
			super(SoongDataSource.this);
		}

		@Override
		public Connection getConnection() throws SQLException {
			return lend();
		}

		@Override
		public String toString() {
			return "Loans of " + SoongDataSource.this;
		}

	}

	/**
	 * The same database for another role. Each connection is a physical one, which ends
	 * when its borrower closes it, so that no session of the role remains afterwards.
	 */
	private final class RoleDataSource extends AbstractDataSource {

		private final String user;

		private final ConnectionOpener opener;

		RoleDataSource(String user, ConnectionOpener opener) {
			this.user = user;
			this.opener = opener;
		}

		@Override
		public Connection getConnection() throws SQLException {
			return openConnection(this.opener);
		}

		@Override
		public Connection getConnection(String username, String password) throws SQLException {
			throw new SQLFeatureNotSupportedException(
					"This data source logs in as " + this.user + "; call getConnection() without arguments");
		}

		@Override
		public String toString() {
			return "RoleDataSource[" + this.user + "]";
		}

	}

}
