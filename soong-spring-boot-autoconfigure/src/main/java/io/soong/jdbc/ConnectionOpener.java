package io.soong.jdbc;

import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

import io.soong.auth.DatabaseCredentials;
import io.soong.auth.DatabaseCredentialsProvider;
import io.soong.auth.DatabaseEndpoint;
import io.soong.jdbc.ConnectionSettings.SslMode;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.util.HostSpec;

import org.springframework.util.Assert;

/**
 * Opens physical connections, each with newly resolved credentials. Thread-safe.
 */
final class ConnectionOpener {

	private static final Log logger = LogFactory.getLog(ConnectionLog.NAME);

	private static final Duration TLS_TIMEOUT = Duration.ofSeconds(5);

	private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(10);

	/**
	 * Reads every number from the system, because clones of a snapshot share their heap.
	 */
	private static final RandomGenerator RANDOM = () -> SystemRandom.INSTANCE.nextLong();

	private final ConnectionSettings settings;

	private final DatabaseCredentialsProvider credentials;

	private final ServerTrust trust;

	private final Clock clock;

	private final Properties driverProperties;

	private final Retries retries;

	private final Pause pause;

	private final Outage outage;

	// Created on the first failure, so that a successful start does not load it
	private volatile @Nullable ConnectionDiagnosis diagnosis;

	/** The kinds of failure that were logged since a connection was opened. */
	private final Set<String> logged = ConcurrentHashMap.newKeySet();

	/**
	 * Whether the server has accepted these credentials before; a refusal may then pass.
	 */
	private volatile boolean loggedInBefore;

	ConnectionOpener(ConnectionSettings settings, DatabaseCredentialsProvider credentials, Clock clock) {
		this(settings, credentials, clock, new Backoff(RANDOM)::pauseAfter, Thread::sleep);
	}

	ConnectionOpener(ConnectionSettings settings, DatabaseCredentialsProvider credentials, Clock clock, Retries retries,
			Pause pause) {
		this(settings, credentials, new ServerTrust(settings), clock, retries, pause);
		warnOfUnverifiedTokens();
		warnOfPinning();
	}

	private ConnectionOpener(ConnectionSettings settings, DatabaseCredentialsProvider credentials, ServerTrust trust,
			Clock clock, Retries retries, Pause pause) {
		Assert.notNull(settings, "settings must not be null");
		Assert.notNull(credentials, "credentials must not be null");
		this.settings = settings;
		this.credentials = credentials;
		this.trust = trust;
		this.clock = clock;
		this.driverProperties = DriverProperties.base(settings);
		this.retries = retries;
		this.pause = pause;
		this.outage = new Outage(clock, RANDOM);
	}

	private void warnOfUnverifiedTokens() {
		if (this.settings.allowUnverified() && this.settings.sslMode() != SslMode.VERIFY_FULL) {
			logger.warn("IAM tokens may be sent to a server that is not fully verified (soong.ssl.mode="
					+ this.settings.sslMode() + ", soong.ssl.allow-unverified=true): a server that answers in place "
					+ "of " + this.settings.endpoint().host() + " can log in with them. Remove both properties to "
					+ "verify it.");
		}
	}

	/**
	 * Returns an opener for another role on the same server, with the same trust.
	 * @param password the role's password, or {@code null} to use the provider's
	 */
	ConnectionOpener forRole(String user, @Nullable String password) {
		DatabaseCredentialsProvider credentials = (password != null)
				? (endpoint) -> new DatabaseCredentials(user, password)
				: (endpoint) -> ofRole(user, this.credentials.credentials(endpoint));
		return new ConnectionOpener(this.settings.withUser(user), credentials, this.trust, this.clock, this.retries,
				this.pause);
	}

	/**
	 * A provider may support one role only.
	 */
	private static DatabaseCredentials ofRole(String user, DatabaseCredentials credentials) throws SQLException {
		if (!credentials.user().equals(user)) {
			throw new SQLNonTransientConnectionException("the DatabaseCredentialsProvider was asked for the role '"
					+ user + "' (DatabaseEndpoint.user) and returned credentials of '" + credentials.user()
					+ "'. Make it support both roles, or set the role's password", SqlStates.CANNOT_CONNECT);
		}
		return credentials;
	}

	DatabaseCredentialsProvider credentials() {
		return this.credentials;
	}

	private ConnectionDiagnosis diagnosis() {
		ConnectionDiagnosis diagnosis = this.diagnosis;
		if (diagnosis == null) {
			diagnosis = new ConnectionDiagnosis(this.settings, new CanonicalName());
			this.diagnosis = diagnosis;
		}
		return diagnosis;
	}

	private void warnOfPinning() {
		for (String name : DriverProperties.pinning(this.settings)) {
			logger.warn("soong.connection.properties." + name + " makes an RDS Proxy pin sessions to their clients, "
					+ "so that it needs as many connections as there are functions. Remove it, or connect to the "
					+ "database itself");
		}
	}

	PhysicalConnection open() throws SoongConnectionException {
		return openWithin(this.settings.connectTimeout(), null);
	}

	/**
	 * Opens a connection for a later borrower. A failure is not recorded as an outage: a
	 * freeze may have used up the time, and the borrower tries again.
	 * @param report receives the outcome, or {@code null}
	 */
	PhysicalConnection openAhead(@Nullable ConnectReport report) throws SoongConnectionException {
		this.outage.check();
		return open(this.settings.connectTimeout(), false, true, report);
	}

	/**
	 * Opens a connection, with as many attempts as the time and the failures allow.
	 * @param left the time that the invocation has, or more
	 * @param report receives the outcome, or {@code null}
	 */
	PhysicalConnection openWithin(Duration left, @Nullable ConnectReport report) throws SoongConnectionException {
		this.outage.check();
		if (left.compareTo(this.settings.connectTimeout()) >= 0) {
			return open(this.settings.connectTimeout(), true, true, report);
		}
		try {
			return open(left, false, true, report);
		}
		catch (SoongConnectionException ex) {
			throw ex.isTransient() ? ex.within(left) : ex;
		}
	}

	/**
	 * Opens a connection within the caller's own time limit. Running out of a short limit
	 * is no outage. Credentials are resolved on this thread, so that what libraries cache
	 * of them for a thread ends with it: for a snapshot. A provider that hangs is waited
	 * for.
	 */
	PhysicalConnection open(Duration limit) throws SoongConnectionException {
		return open(limit, limit.compareTo(this.settings.connectTimeout()) >= 0, false, null);
	}

	private PhysicalConnection open(Duration limit, boolean beginsOutage, boolean bounded,
			@Nullable ConnectReport report) throws SoongConnectionException {
		Budget budget = new Budget(limit);
		String sqlState = SqlStates.INTERNAL_ERROR;
		try {
			PhysicalConnection connection = open(budget, beginsOutage, bounded, report);
			sqlState = null;
			return connection;
		}
		catch (SoongConnectionException ex) {
			sqlState = ex.getSQLState();
			throw ex;
		}
		finally {
			if (report != null) {
				report.send(budget.spent(), sqlState);
			}
		}
	}

	private PhysicalConnection open(Budget budget, boolean beginsOutage, boolean bounded,
			@Nullable ConnectReport report) throws SoongConnectionException {
		Duration pause = Duration.ZERO;
		SoongConnectionException previous = null;
		for (int attempts = 1;; attempts++) {
			SoongConnectionException failure;
			ConnectionAttempt attempt = new ConnectionAttempt(this.settings, this.trust, budget, report);
			try {
				PhysicalConnection connection = open(attempt, budget, bounded);
				this.loggedInBefore = true;
				this.logged.clear();
				this.outage.end();
				return connection;
			}
			catch (RuntimeException | Error ex) {
				attempt.abort();
				throw ex;
			}
			catch (SQLException ex) {
				attempt.abort();
				failure = TemporaryRefusal.asTransient(
						diagnosis().of(attempt.failedStep(ex), ex, attempt.credentials(), attempts, budget.spent()),
						this.settings.endpoint(), this.loggedInBefore);
				if (previous != null && isCutShort(ex, budget)) {
					failure = previous.untilTimeEnded(attempts);
				}
			}
			if (SqlStates.INVALID_AUTHORIZATION.equals(failure.getSQLState()) && !this.loggedInBefore) {
				log(failure);
			}
			Duration next = this.retries.pauseAfter(failure,
					new Backoff.Attempts(attempts, this.loggedInBefore, pause, budget.spent(), budget.left()));
			if (Causes.find(failure, InterruptedException.class) != null) {
				throw failure;
			}
			if (next == null || next.compareTo(budget.left()) >= 0 || !paused(next)) {
				log(failure);
				// The interrupt is of this thread alone, and says nothing of the database
				if (next != null && Thread.currentThread().isInterrupted()) {
					throw failure.interrupted();
				}
				if (next != null && beginsOutage) {
					this.outage.begin(failure);
				}
				throw failure;
			}
			pause = next;
			previous = failure;
		}
	}

	/**
	 * Returns whether an attempt failed because the time ended, which says nothing of the
	 * cause. Timeouts are in whole milliseconds.
	 */
	private static boolean isCutShort(SQLException failure, Budget budget) {
		return budget.left().toMillis() <= 1 && (Causes.find(failure, SocketTimeoutException.class) != null
				|| Causes.find(failure, TimeoutException.class) != null);
	}

	/**
	 * Writes the full diagnosis once per kind of failure, until a connection is opened.
	 */
	private void log(SoongConnectionException failure) {
		if (this.logged.add(failure.step() + " " + failure.getSQLState())) {
			logger.error(failure.diagnosis());
		}
	}

	/**
	 * Drops what earlier attempts recorded about the server, and the TLS session secrets.
	 */
	void forget() {
		this.outage.end();
		this.logged.clear();
		this.trust.forgetSessions();
	}

	private boolean paused(Duration pause) {
		try {
			this.pause.millis(pause.toMillis());
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private PhysicalConnection open(ConnectionAttempt attempt, Budget budget, boolean bounded) throws SQLException {
		DatabaseEndpoint endpoint = this.settings.endpoint();
		DatabaseCredentials credentials = bounded ? credentials(this.credentials, endpoint, budget)
				: credentials(this.credentials, endpoint);
		attempt.logsInWith(UsedCredentials.of(credentials));
		Properties properties = new Properties();
		properties.putAll(this.driverProperties);
		if (credentials.isToken()) {
			protect(properties);
		}
		PGProperty.USER.set(properties, credentials.user());
		PGProperty.PASSWORD.set(properties, credentials.secret());
		PGProperty.CONNECT_TIMEOUT.set(properties, budget.secondsAtMost(TLS_TIMEOUT));
		PGProperty.SOCKET_TIMEOUT.set(properties, budget.secondsAtMost(LOGIN_TIMEOUT));
		DriverSocketFactory.attach(attempt, properties);
		GuardedConnection connection = logIn(properties, credentials);
		checkWriter(connection);
		connection.setNetworkTimeout(null, PGProperty.SOCKET_TIMEOUT.getInt(this.driverProperties) * 1000);
		if (logger.isDebugEnabled()) {
			logger.debug("Connected to " + endpoint + " as " + UsedCredentials.of(credentials).user() + " in "
					+ budget.spent().toMillis() + " ms (backend " + connection.getBackendPID() + ")");
		}
		return new PhysicalConnection(connection, attempt, this.settings, this.clock);
	}

	/**
	 * Masks the secret in what the server says, because later it is not known any more.
	 */
	private GuardedConnection logIn(Properties properties, DatabaseCredentials credentials) throws SQLException {
		DatabaseEndpoint endpoint = this.settings.endpoint();
		HostSpec[] hosts = { new HostSpec(endpoint.host(), endpoint.port()) };
		try {
			return new GuardedConnection(hosts, properties, "jdbc:postgresql://" + endpoint);
		}
		catch (SQLException ex) {
			throw ServerText.concealing(credentials, ex);
		}
		catch (RuntimeException ex) {
			// The driver trusts the lengths in messages
			SQLException unreadable = new SQLException("what the server sent is no message of PostgreSQL",
					SqlStates.PROTOCOL_VIOLATION);
			unreadable.addSuppressed(ex);
			throw ServerText.concealing(credentials, unreadable);
		}
	}

	/**
	 * After a failover the name may still resolve to the old writer, or already to a
	 * server that is not yet the writer. PostgreSQL 14 and later reports at login which
	 * it is.
	 */
	private void checkWriter(GuardedConnection connection) throws SQLException {
		if (this.settings.endpoint().isWriter() && "on".equals(connection.getParameterStatus("in_hot_standby"))) {
			connection.close();
			throw new SQLTransientException("in_hot_standby", SqlStates.READ_ONLY_SQL_TRANSACTION);
		}
	}

	/**
	 * Ensures that a token is sent only to a verified server, whichever provider supplies
	 * it, and only if the server asks for it the way RDS does. A server that asks in any
	 * other form treats the token as a password.
	 */
	private void protect(Properties properties) throws SQLException {
		if (this.settings.sslMode() != SslMode.VERIFY_FULL && !this.settings.allowUnverified()) {
			throw new UnverifiedServerException();
		}
		PGProperty.REQUIRE_AUTH.set(properties, "password");
	}

	private static DatabaseCredentials credentials(DatabaseCredentialsProvider provider, DatabaseEndpoint endpoint)
			throws NoCredentialsException {
		try {
			return Objects.requireNonNull(provider.credentials(endpoint), "it returned null");
		}
		catch (SQLException | RuntimeException ex) {
			throw new NoCredentialsException(ex);
		}
	}

	static DatabaseCredentials credentials(DatabaseCredentialsProvider provider, DatabaseEndpoint endpoint,
			Budget budget) throws SQLException {
		try {
			return BoundedCall.within(budget, () -> credentials(provider, endpoint));
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof Error failure) {
				throw failure;
			}
			throw (ex.getCause() instanceof SQLException failure) ? failure : new SQLException(ex.getCause());
		}
		catch (TimeoutException ex) {
			throw new NoCredentialsException(new SQLTransientConnectionException(
					"the provider did not answer within " + budget.spent().toMillis() + " ms", SqlStates.CANNOT_CONNECT,
					ex));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new NoCredentialsException(new SQLTransientConnectionException(
					"interrupted while waiting for the provider", SqlStates.CANNOT_CONNECT, ex));
		}
	}

	/**
	 * Returns the pause before the next attempt, or {@code null} to make none.
	 */
	@FunctionalInterface
	interface Retries {

		Retries NONE = (failure, attempts) -> null;

		@Nullable Duration pauseAfter(SoongConnectionException failure, Backoff.Attempts attempts);

	}

	/**
	 * Waits.
	 */
	@FunctionalInterface
	interface Pause {

		void millis(long millis) throws InterruptedException;

	}

	/**
	 * Created only when something is retried, because creating it is slow.
	 */
	private static final class SystemRandom {

		private static final SecureRandom INSTANCE = new SecureRandom();

	}

}
