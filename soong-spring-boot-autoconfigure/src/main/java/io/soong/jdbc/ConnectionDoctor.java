package io.soong.jdbc;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import io.soong.auth.DatabaseCredentials;
import io.soong.auth.DatabaseCredentialsProvider;
import io.soong.auth.DatabaseEndpoint;
import io.soong.auth.RdsIamCredentialsProvider;
import io.soong.jdbc.SoongConnectionException.Step;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Checks the connection of a {@link SoongDataSource} step by step: the name, the port,
 * TLS, the credentials, the login, the server, the membership in {@code rds_iam}, the
 * limits of connections, and the rights on tables. Each step is attempted once and has
 * its own time limit. Nothing is changed in the database, and the data source's own
 * connections are not used. Thread-safe.
 */
public final class ConnectionDoctor {

	private static final Log logger = LogFactory.getLog(ConnectionLog.NAME);

	private static final String DNS = "dns";

	private static final String TCP = "tcp";

	private static final String TLS = "tls";

	private static final String CREDENTIALS = "credentials";

	private static final String LOGIN = "login";

	private static final String SERVER = "server";

	private static final String MEMBERSHIP = "rds_iam";

	private static final String LIMITS = "limits";

	private static final String GRANTS = "grants";

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private static final String FIXES = "What to do:";

	/** A shorter secret is more likely to be part of a word than to be repeated. */
	private static final int SHORTEST_CONCEALED = 4;

	private final SoongDataSource dataSource;

	private final List<String> tables;

	private final CanonicalName canonicalName;

	private final Duration queryTimeout;

	/**
	 * Creates a doctor.
	 * @param dataSource the data source to check
	 * @param tables the tables that the application reads and writes, such as
	 * {@code gizmos} or {@code app.orders}
	 */
	public ConnectionDoctor(SoongDataSource dataSource, List<String> tables) {
		this(dataSource, tables, TIMEOUT);
	}

	/**
	 * Creates a doctor.
	 * @param queryTimeout the limit of each step that asks the server something after the
	 * login
	 */
	ConnectionDoctor(SoongDataSource dataSource, List<String> tables, Duration queryTimeout) {
		this.dataSource = dataSource;
		this.tables = List.copyOf(tables);
		this.canonicalName = new CanonicalName();
		this.queryTimeout = queryTimeout;
	}

	/**
	 * Runs all steps.
	 * @param first what is known before, such as where the settings come from; if one of
	 * these steps failed, all others are skipped
	 * @return the report
	 */
	public DoctorReport examine(DoctorReport.Step... first) {
		Examination examination = new Examination(List.of(first));
		examination.run();
		return new DoctorReport(examination.steps);
	}

	/**
	 * Returns the report of a data source that could not be created.
	 * @param failed the failed step
	 * @return the report, in which all other steps are skipped
	 */
	public static DoctorReport withoutDataSource(DoctorReport.Step failed) {
		List<DoctorReport.Step> steps = new ArrayList<>(List.of(failed));
		for (String name : List.of(DNS, TCP, TLS, CREDENTIALS, LOGIN, SERVER, MEMBERSHIP, LIMITS, GRANTS)) {
			steps.add(skipped(name, failed.name()));
		}
		return new DoctorReport(steps);
	}

	private static DoctorReport.Step skipped(String name, String needed) {
		StepNotes notes = new StepNotes(name);
		notes.skip("needs " + needed);
		return notes.toStep();
	}

	/**
	 * One run of the steps. Used by one thread.
	 */
	private final class Examination {

		private final ConnectionSettings settings = ConnectionDoctor.this.dataSource.settings();

		private final ConnectionDiagnosis diagnosis = new ConnectionDiagnosis(this.settings,
				ConnectionDoctor.this.canonicalName);

		private final List<DoctorReport.Step> steps;

		/** The first failed step that all further ones need. */
		private @Nullable String failed;

		private @Nullable DatabaseCredentials credentials;

		private @Nullable SoongConnectionException standby;

		Examination(List<DoctorReport.Step> first) {
			this.steps = new ArrayList<>(first);
		}

		void run() {
			ServerProbe probe = new ServerProbe(this.settings, this.diagnosis, ConnectionDoctor.this.canonicalName);
			need(DNS, probe::resolve);
			need(TCP, probe::dial);
			need(TLS, probe::agreeOnTls);
			credentials();
			PhysicalConnection[] opened = new PhysicalConnection[1];
			need(LOGIN, (notes) -> opened[0] = logIn(notes));
			PhysicalConnection connection = opened[0];
			try {
				inspect(connection);
			}
			finally {
				if (connection != null) {
					close(connection);
				}
			}
		}

		private static void close(PhysicalConnection connection) {
			try {
				connection.driverConnection().close();
			}
			catch (SQLException ex) {
				logger.debug("The connection was closed already", ex);
			}
		}

		/**
		 * Runs a step without which the next ones make no sense.
		 */
		private void need(String name, Check check) {
			if (!run(name, check) && this.failed == null) {
				this.failed = name;
			}
		}

		private boolean run(String name, Check check) {
			if (this.failed != null) {
				this.steps.add(skipped(name, this.failed));
				return true;
			}
			StepNotes notes = new StepNotes(name);
			try {
				check.run(notes);
			}
			catch (RuntimeException ex) {
				logger.debug("The step " + name + " failed", ex);
				notes.fail("The step failed with " + ex.getClass().getName(),
						"Set logging.level." + ConnectionLog.NAME + "=debug, which shows the whole failure");
			}
			catch (SQLException ex) {
				String text = ServerText.of(ex);
				notes.fail(
						"The query failed (" + ex.getSQLState() + "): "
								+ ((text != null) ? text : ServerText.withoutFullStop(ex.getMessage())),
						"Check the server's log");
			}
			conceal(notes);
			this.steps.add(notes.toStep());
			return !notes.hasFailed();
		}

		/**
		 * A server or a provider could repeat the secret. One that is also a name is no
		 * secret.
		 */
		private void conceal(StepNotes notes) {
			DatabaseCredentials credentials = this.credentials;
			if (credentials == null || credentials.secret() == null) {
				return;
			}
			String secret = credentials.secret();
			String names = this.settings.endpoint() + " " + credentials.user();
			if (secret.length() >= SHORTEST_CONCEALED && !names.contains(secret)) {
				notes.conceal(secret);
			}
		}

		/**
		 * Runs even if the server cannot be reached, because it does not need it.
		 */
		private void credentials() {
			String before = this.failed;
			this.failed = null;
			need(CREDENTIALS, this::resolveCredentials);
			this.failed = (before != null) ? before : this.failed;
		}

		private void resolveCredentials(StepNotes notes) throws SQLException {
			DatabaseCredentialsProvider provider = ConnectionDoctor.this.dataSource.credentials();
			try {
				DatabaseCredentials credentials = BoundedCall.within(new Budget(TIMEOUT), () -> Objects
					.requireNonNull(provider.credentials(this.settings.endpoint()), "it returned null"));
				this.credentials = credentials;
				seeCredentials(notes, credentials, provider);
			}
			catch (ExecutionException ex) {
				fail(notes, (ex.getCause() instanceof Exception failure) ? failure : ex);
			}
			catch (TimeoutException ex) {
				fail(notes, new SQLTransientConnectionException(
						"the provider did not answer within " + TIMEOUT.toSeconds() + " s", "08001", ex));
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				fail(notes, new SQLTransientConnectionException("interrupted", "08001", ex));
			}
		}

		private void fail(StepNotes notes, Exception failure) {
			NoCredentialsException none = new NoCredentialsException(failure);
			notes.fail(this.diagnosis.finding(Step.LOGIN, none, null), null);
		}

		private void seeCredentials(StepNotes notes, DatabaseCredentials credentials,
				DatabaseCredentialsProvider provider) throws SQLException {
			notes.see(credentials.kind() + ", for '" + credentials.user() + "'");
			if (!credentials.isToken()) {
				return;
			}
			SignedToken token = new SignedToken(String.valueOf(credentials.secret()));
			notes.see("signed for " + token.endpoint() + " in " + credentials.region().orElse("an unknown region")
					+ ", with the key " + token.maskedKeyId());
			token.expiresAt().ifPresent((time) -> notes.see("the token is valid until " + time));
			if (provider instanceof RdsIamCredentialsProvider iam) {
				notes.see("the AWS credentials " + iam.awsCredentialsExpireAt()
					.map((time) -> "expire at " + time)
					.orElse("do not say when they expire"));
			}
			DatabaseEndpoint endpoint = this.settings.endpoint();
			String region = endpoint.region().orElse(null);
			if (region != null && !region.equals(credentials.region().orElse(region))) {
				notes.warn("The endpoint's name says " + region + ", and the token is for "
						+ credentials.region().orElse("another region")
						+ ". Remove soong.iam.region, unless the name is not the database's own");
			}
		}

		private @Nullable PhysicalConnection logIn(StepNotes notes) throws SQLException {
			DatabaseCredentials credentials = Objects.requireNonNull(this.credentials);
			ConnectionOpener opener = new ConnectionOpener(this.settings, (endpoint) -> credentials, Clock.systemUTC(),
					(failure, attempts) -> null, (millis) -> {
					});
			Budget budget = new Budget(TIMEOUT);
			try {
				PhysicalConnection connection = opener.open(TIMEOUT);
				connection.driverConnection().setNetworkTimeout(null, (int) TIMEOUT.toMillis());
				notes.see("logged in as '" + credentials.user() + "' in " + budget.spent().toMillis() + " ms (backend "
						+ connection.driverConnection().getBackendPID() + ")");
				return connection;
			}
			catch (SoongConnectionException ex) {
				if (SqlStates.READ_ONLY_SQL_TRANSACTION.equals(ex.getSQLState())) {
					notes.see("logged in as '" + credentials.user() + "'");
					this.standby = ex;
				}
				else {
					fail(notes, ex);
				}
				return null;
			}
		}

		private void fail(StepNotes notes, SoongConnectionException failure) {
			List<String> lines = failure.diagnosis().lines().map(String::strip).toList();
			// The last one, because a name or the server's text could hold the same words
			int fixes = lines.lastIndexOf(FIXES);
			notes.fail(withoutFullStop(lines.get(0)),
					lines.stream()
						.skip(fixes + 1)
						.map((line) -> withoutFullStop(line.replaceFirst("^- ", "")))
						.toArray(String[]::new));
			lines.stream()
				.limit(fixes)
				.filter((line) -> line.startsWith("server's text: "))
				.limit(1)
				.forEach(notes::see);
		}

		private static String withoutFullStop(String line) {
			return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
		}

		private void inspect(@Nullable PhysicalConnection connection) {
			need(SERVER, within(connection, (notes) -> {
				SoongConnectionException standby = this.standby;
				if (standby != null) {
					fail(notes, standby);
				}
				else {
					check(connection).server(notes);
				}
			}));
			run(MEMBERSHIP, within(connection, (notes) -> check(connection).membership(notes)));
			run(LIMITS, within(connection, (notes) -> check(connection).limits(notes)));
			run(GRANTS, within(connection, (notes) -> {
				String role = Objects.requireNonNull(this.credentials).user();
				new TableGrants(Objects.requireNonNull(connection).driverConnection(), role).check(notes,
						ConnectionDoctor.this.tables);
			}));
		}

		/**
		 * Limits a step as a whole: the driver's own limit begins anew with whatever the
		 * server sends.
		 */
		private Check within(@Nullable PhysicalConnection connection, Check check) {
			return (notes) -> {
				try {
					notes.take(BoundedCall.within(new Budget(ConnectionDoctor.this.queryTimeout), () -> {
						StepNotes taken = new StepNotes("");
						check.run(taken);
						return taken;
					}));
				}
				catch (ExecutionException ex) {
					if (ex.getCause() instanceof SQLException failure) {
						throw failure;
					}
					throw (ex.getCause() instanceof RuntimeException failure) ? failure : new IllegalStateException(ex);
				}
				catch (TimeoutException ex) {
					giveUp(connection, notes, "The server did not answer within "
							+ ConnectionDoctor.this.queryTimeout.toMillis() + " ms");
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
					giveUp(connection, notes, "Interrupted");
				}
			};
		}

		private void giveUp(@Nullable PhysicalConnection connection, StepNotes notes, String why) {
			if (connection != null) {
				connection.cut();
			}
			notes.fail(why, "Check the load of the database, and what stands between");
			this.failed = notes.name();
		}

		private DatabaseCheck check(@Nullable PhysicalConnection connection) {
			return new DatabaseCheck(Objects.requireNonNull(connection).driverConnection(), this.settings,
					UsedCredentials.of(Objects.requireNonNull(this.credentials)));
		}

	}

	/**
	 * A step's work.
	 */
	@FunctionalInterface
	private interface Check {

		void run(StepNotes notes) throws SQLException;

	}

}
