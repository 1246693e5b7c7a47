package io.soong.jdbc;

import java.security.SecureRandom;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.sql.SQLTransientException;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
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
 * Opens physical connections, each with credentials asked for at that moment.
 * Thread-safe.
 */
final class ConnectionOpener {

	private static final Log logger = LogFactory.getLog(ConnectionLog.NAME);

	private static final Duration TLS_TIMEOUT = Duration.ofSeconds(5);

	private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(10);

	/** Asks the system for every number, as clones of a snapshot share all they hold. */
	private static final RandomGenerator RANDOM = () -> SystemRandom.INSTANCE.nextLong();

	private final ConnectionSettings settings;

	private final DatabaseCredentialsProvider credentials;

	private final ServerTrust trust;

	private final Clock clock;

	private final Properties driverProperties;

	private final RetryPolicy retryPolicy;

	private final Pause pause;

	private final Outage outage;

	// Made when something fails, so that a start that succeeds does without it
	private volatile @Nullable ConnectionDiagnosis diagnosis;

	private final FailureLog failures = new FailureLog(logger);

	/** Whether these credentials were ever accepted: a refusal may then pass. */
	private volatile boolean loggedInBefore;

	ConnectionOpener(ConnectionSettings settings, DatabaseCredentialsProvider credentials, Clock clock) {
		this(settings, credentials, clock, new Backoff(RANDOM), Thread::sleep);
	}

	ConnectionOpener(ConnectionSettings settings, DatabaseCredentialsProvider credentials, Clock clock,
			RetryPolicy retryPolicy, Pause pause) {
		Assert.notNull(settings, "settings must not be null");
		Assert.notNull(credentials, "credentials must not be null");
		this.settings = settings;
		this.credentials = credentials;
		this.trust = new ServerTrust(settings);
		this.clock = clock;
		this.driverProperties = DriverProperties.base(settings);
		this.retryPolicy = retryPolicy;
		this.pause = pause;
		this.outage = new Outage(clock, RANDOM);
		warnOfUnverifiedTokens();
		warnOfPinning();
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
	 * Opens connections to the same server, which is trusted alike, for another role.
	 */
	private ConnectionOpener(ConnectionOpener other, ConnectionSettings settings,
			DatabaseCredentialsProvider credentials) {
		this.settings = settings;
		this.credentials = credentials;
		this.trust = other.trust;
		this.clock = other.clock;
		this.driverProperties = other.driverProperties;
		this.retryPolicy = other.retryPolicy;
		this.pause = other.pause;
		this.outage = new Outage(this.clock, RANDOM);
	}

	/**
	 * Returns an opener for another role.
	 * @param password the role's, or {@code null} for what the provider gives for it
	 */
	ConnectionOpener forRole(String user, @Nullable String password) {
		DatabaseCredentialsProvider credentials = (password != null)
				? (endpoint) -> new DatabaseCredentials(user, password)
				: (endpoint) -> ofRole(user, this.credentials.credentials(endpoint));
		return new ConnectionOpener(this, this.settings.withUser(user), credentials);
	}

	/**
	 * A provider may know one role only.
	 */
	private static DatabaseCredentials ofRole(String user, DatabaseCredentials credentials) throws SQLException {
		if (!credentials.user().equals(user)) {
			throw new SQLNonTransientConnectionException("the DatabaseCredentialsProvider was asked for the role '"
					+ user + "' (DatabaseEndpoint.user) and gave credentials of '" + credentials.user()
					+ "'. Have it answer for both roles, or set the role's password", "08001");
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
	 * Opens a connection for a borrower to come. If that fails it is no outage: a freeze
	 * may have used up the time, and the borrower tries for itself.
	 * @param occasion told how it went, or {@code null}
	 */
	PhysicalConnection openAhead(@Nullable Occasion occasion) throws SoongConnectionException {
		this.outage.check();
		return open(this.settings.connectTimeout(), false, true, occasion);
	}

	/**
	 * Opens a connection, with as many attempts as are worth it and the time allows.
	 * @param left the time that the invocation has, or more
	 * @param occasion told how it went, or {@code null}
	 */
	PhysicalConnection openWithin(Duration left, @Nullable Occasion occasion) throws SoongConnectionException {
		this.outage.check();
		if (left.compareTo(this.settings.connectTimeout()) >= 0) {
			return open(this.settings.connectTimeout(), true, true, occasion);
		}
		try {
			return open(left, false, true, occasion);
		}
		catch (SoongConnectionException ex) {
			throw ex.isTransient() ? ex.within(left) : ex;
		}
	}

	/**
	 * Opens a connection within a time of the caller's own, which is no outage if that is
	 * short. All credentials stay on this thread, so that what libraries keep of them
	 * ends with it: for a snapshot. A provider that hangs is waited for.
	 */
	PhysicalConnection open(Duration limit) throws SoongConnectionException {
		return open(limit, limit.compareTo(this.settings.connectTimeout()) >= 0, false, null);
	}

	private PhysicalConnection open(Duration limit, boolean beginsOutage, boolean bounded, @Nullable Occasion occasion)
			throws SoongConnectionException {
		Budget budget = new Budget(limit);
		if (occasion == null) {
			return open(budget, beginsOutage, bounded, null);
		}
		StepTimes times = new StepTimes(System::nanoTime);
		String sqlState = SqlStates.INTERNAL_ERROR;
		try {
			PhysicalConnection connection = open(budget, beginsOutage, bounded, times);
			sqlState = null;
			return connection;
		}
		catch (SoongConnectionException ex) {
			sqlState = ex.getSQLState();
			throw ex;
		}
		finally {
			occasion.report(times.ended(), budget.spent(), sqlState);
		}
	}

	private PhysicalConnection open(Budget budget, boolean beginsOutage, boolean bounded, @Nullable StepTimes times)
			throws SoongConnectionException {
		Duration pause = Duration.ZERO;
		for (int attempts = 1;; attempts++) {
			SoongConnectionException failure;
			ConnectionAttempt attempt = new ConnectionAttempt(this.settings, this.trust, budget, times);
			try {
				PhysicalConnection connection = open(attempt, budget, bounded);
				this.loggedInBefore = true;
				this.failures.clear();
				this.outage.end();
				return connection;
			}
			catch (RuntimeException | Error ex) {
				attempt.abort();
				throw ex;
			}
			catch (SQLException ex) {
				attempt.abort();
				failure = PlannedEvent.look(
						diagnosis().of(attempt.failedStep(ex), ex, attempt.credentials(), attempts, budget.spent()),
						this.settings.endpoint(), this.loggedInBefore);
			}
			if ("28000".equals(failure.getSQLState()) && !this.loggedInBefore) {
				this.failures.log(failure);
			}
			Duration next = this.retryPolicy.pauseAfter(failure,
					new RetryPolicy.Attempts(attempts, this.loggedInBefore, pause, budget.spent(), budget.left()));
			if (next == null || next.compareTo(budget.left()) >= 0 || !paused(next)) {
				this.failures.log(failure);
				if (next != null && beginsOutage) {
					this.outage.begin(failure);
				}
				throw failure;
			}
			pause = next;
		}
	}

	/**
	 * Forgets what is known of the server from earlier attempts, and the secrets agreed
	 * on with it.
	 */
	void forget() {
		this.outage.end();
		this.failures.clear();
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
		DatabaseCredentials credentials = bounded ? boundedCredentials(endpoint, budget) : credentials(endpoint);
		attempt.logsInWith(UsedCredentials.of(credentials));
		Properties properties = new Properties();
		properties.putAll(this.driverProperties);
		if (credentials.isToken()) {
			protect(properties);
		}
		properties.setProperty(PGProperty.USER.getName(), credentials.user());
		if (credentials.secret() != null) {
			properties.setProperty(PGProperty.PASSWORD.getName(), credentials.secret());
		}
		PGProperty.CONNECT_TIMEOUT.set(properties, budget.secondsAtMost(TLS_TIMEOUT));
		PGProperty.SOCKET_TIMEOUT.set(properties, budget.secondsAtMost(LOGIN_TIMEOUT));
		DriverSocketFactory.attach(attempt, properties);
		HostSpec[] hosts = { new HostSpec(endpoint.host(), endpoint.port()) };
		GuardedConnection connection = new GuardedConnection(hosts, properties, "jdbc:postgresql://" + endpoint);
		checkWriter(connection);
		connection.setNetworkTimeout(null, readTimeoutMillis());
		if (logger.isDebugEnabled()) {
			logger.debug("Connected to " + endpoint + " as " + credentials.user() + " in " + budget.spent().toMillis()
					+ " ms (backend " + connection.getBackendPID() + ")");
		}
		return new PhysicalConnection(connection, attempt, this.settings, this.clock);
	}

	/**
	 * After a failover the name may for a while lead to the old writer, or already to a
	 * server that is not yet one. Servers from 14 on say which they are as they let us
	 * in.
	 */
	private void checkWriter(GuardedConnection connection) throws SQLException {
		if (this.settings.endpoint().isWriter() && "on".equals(connection.getParameterStatus("in_hot_standby"))) {
			connection.close();
			throw new SQLTransientException("in_hot_standby", SqlStates.READ_ONLY_SQL_TRANSACTION);
		}
	}

	/**
	 * Sees to it that a token is sent to a verified server only, whichever provider it
	 * comes from, and only where the server asks for it as RDS does. Any other request
	 * comes from a server that takes it for a password.
	 */
	private void protect(Properties properties) throws SQLException {
		if (this.settings.sslMode() != SslMode.VERIFY_FULL && !this.settings.allowUnverified()) {
			throw new UnverifiedServerException();
		}
		PGProperty.REQUIRE_AUTH.set(properties, "password");
	}

	private DatabaseCredentials credentials(DatabaseEndpoint endpoint) throws SQLException {
		try {
			return Objects.requireNonNull(this.credentials.credentials(endpoint), "it returned null");
		}
		catch (SQLException | RuntimeException ex) {
			throw new NoCredentialsException(ex);
		}
	}

	private DatabaseCredentials boundedCredentials(DatabaseEndpoint endpoint, Budget budget) throws SQLException {
		try {
			return BoundedCall.within(budget, () -> credentials(endpoint));
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof Error failure) {
				throw failure;
			}
			throw (ex.getCause() instanceof SQLException failure) ? failure : new SQLException(ex.getCause());
		}
		catch (TimeoutException ex) {
			throw new NoCredentialsException(new SQLTransientConnectionException(
					"the provider did not answer within " + budget.spent().toMillis() + " ms", "08001", ex));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new NoCredentialsException(
					new SQLTransientConnectionException("interrupted while waiting for the provider", "08001", ex));
		}
	}

	private int readTimeoutMillis() {
		String seconds = this.settings.driverProperties().get(PGProperty.SOCKET_TIMEOUT.getName());
		return (seconds != null) ? Math.multiplyExact(Integer.parseInt(seconds), 1000) : 0;
	}

	/**
	 * Waits.
	 */
	@FunctionalInterface
	interface Pause {

		void millis(long millis) throws InterruptedException;

	}

	/**
	 * Created only if there is something to retry, as it is slow to.
	 */
	private static final class SystemRandom {

		private static final SecureRandom INSTANCE = new SecureRandom();

	}

}
