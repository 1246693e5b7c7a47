package io.soong.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import io.soong.auth.DatabaseCredentials;
import io.soong.auth.DatabaseCredentialsProvider;
import io.soong.auth.DatabaseEndpoint;
import io.soong.auth.RdsIamCredentialsProvider;
import io.soong.jdbc.DoctorReport.Outcome;
import io.soong.jdbc.SoongConnectionException.Step;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;

/**
 * Checks the connection of a {@link SoongDataSource} step by step: the name, the port,
 * TLS, the credentials, the login, the server, the membership in {@code rds_iam}, the
 * limits of connections, and the rights on tables. Each step is attempted once and has
 * its own time limit. Nothing is changed in the database, and the data source's own
 * connections are not used. Thread-safe.
 */
public final class ConnectionDoctor {

	private static final Log logger = LogFactory.getLog(ConnectionLog.NAME);

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	/** A shorter secret is more likely to be part of a word than to be repeated. */
	private static final int SHORTEST_CONCEALED = 4;

	private static final String FIXES = "What to do:";

	private final SoongDataSource dataSource;

	private final List<String> tables;

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
	 * @param queryTimeout the limit of each step that queries the server after the login
	 */
	ConnectionDoctor(SoongDataSource dataSource, List<String> tables, Duration queryTimeout) {
		this.dataSource = dataSource;
		this.tables = List.copyOf(tables);
		this.queryTimeout = queryTimeout;
	}

	/**
	 * Runs all steps.
	 * @param first the steps that were taken before, such as where the settings come
	 * from; if one of them failed, all others are skipped
	 * @return the report
	 */
	public DoctorReport examine(DoctorReport.Step... first) {
		for (DoctorReport.Step step : first) {
			if (step.outcome() == Outcome.FAILED) {
				return skipAll(step.name(), first);
			}
		}
		Examination examination = new Examination(first);
		examination.run();
		return new DoctorReport(examination.steps);
	}

	/**
	 * Returns the report of a data source that could not be created.
	 * @param failed the failed step
	 * @return the report, in which all other steps are skipped
	 */
	public static DoctorReport withoutDataSource(DoctorReport.Step failed) {
		return skipAll(failed.name(), failed);
	}

	private static DoctorReport skipAll(String needed, DoctorReport.Step... first) {
		List<DoctorReport.Step> steps = new ArrayList<>(List.of(first));
		for (Check check : Check.values()) {
			steps.add(skipped(check, needed));
		}
		return new DoctorReport(steps);
	}

	private static DoctorReport.Step skipped(Check check, String needed) {
		return new DoctorReport.Step(check.toString(), Outcome.SKIPPED, List.of("needs " + needed), List.of(),
				List.of());
	}

	/**
	 * One run of the steps. Used by one thread.
	 */
	private final class Examination {

		private final ConnectionSettings settings = ConnectionDoctor.this.dataSource.settings();

		private final CanonicalName canonicalName = new CanonicalName();

		private final ConnectionDiagnosis diagnosis = new ConnectionDiagnosis(this.settings, this.canonicalName);

		private final List<DoctorReport.Step> steps;

		/** The first failed step that all further ones need. */
		private @Nullable Check failed;

		private @Nullable Check running;

		private @Nullable DatabaseCredentials credentials;

		private @Nullable PhysicalConnection connection;

		private @Nullable SoongConnectionException standby;

		Examination(DoctorReport.Step... first) {
			this.steps = new ArrayList<>(List.of(first));
		}

		void run() {
			ServerProbe probe = new ServerProbe(this.settings, this.diagnosis, this.canonicalName);
			need(Check.DNS, probe::resolve);
			need(Check.TCP, probe::dial);
			need(Check.TLS, probe::agreeOnTls);
			needCredentials();
			need(Check.LOGIN, this::logIn);
			try {
				need(Check.SERVER, bounded(this::checkServer));
				run(Check.RDS_IAM, bounded((notes) -> database().membership(notes)));
				run(Check.LIMITS, bounded((notes) -> database().limits(notes)));
				run(Check.GRANTS, bounded(this::checkGrants));
			}
			finally {
				if (this.connection != null) {
					this.connection.close();
				}
			}
		}

		/**
		 * Runs a step without which the next ones make no sense.
		 */
		private void need(Check check, Work work) {
			if (!run(check, work)) {
				this.failed = check;
			}
		}

		/**
		 * Runs even if the server cannot be reached, because it does not need it.
		 */
		private void needCredentials() {
			Check before = this.failed;
			this.failed = null;
			need(Check.CREDENTIALS, this::resolveCredentials);
			this.failed = (before != null) ? before : this.failed;
		}

		/**
		 * Runs a step, or skips it.
		 * @return whether it did not fail
		 */
		private boolean run(Check check, Work work) {
			if (this.failed != null) {
				return this.steps.add(skipped(check, this.failed.toString()));
			}
			StepNotes notes = new StepNotes(check.toString());
			this.running = check;
			try {
				work.run(notes);
			}
			catch (SQLException | DataAccessException ex) {
				SQLException failure = Objects.requireNonNull(Causes.find(ex, SQLException.class));
				String text = ServerText.of(failure);
				notes.fail(
						"The query failed (" + failure.getSQLState() + "): "
								+ ((text != null) ? text : ServerText.withoutFullStop(failure.getMessage())),
						"Check the server's log");
			}
			catch (RuntimeException ex) {
				logger.debug("The step " + check + " failed", ex);
				notes.fail("The step failed with " + ex.getClass().getName(),
						"Set logging.level." + ConnectionLog.NAME + "=debug, which shows the whole failure");
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
		 * Limits a step as a whole: the driver's own limit begins anew with whatever the
		 * server sends.
		 */
		private Work bounded(Work work) {
			Duration limit = ConnectionDoctor.this.queryTimeout;
			return (notes) -> {
				String reason;
				try {
					notes.take(BoundedCall.within(new Budget(limit), () -> {
						StepNotes taken = new StepNotes("");
						work.run(taken);
						return taken;
					}));
					return;
				}
				catch (ExecutionException ex) {
					if (ex.getCause() instanceof SQLException failure) {
						throw failure;
					}
					throw (ex.getCause() instanceof RuntimeException failure) ? failure : new IllegalStateException(ex);
				}
				catch (TimeoutException ex) {
					reason = "The server did not answer within " + limit.toMillis() + " ms";
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
					reason = "Interrupted";
				}
				if (this.connection != null) {
					this.connection.cut();
				}
				notes.fail(reason, "Check the load of the database, and what stands between");
				this.failed = this.running;
			};
		}

		private void resolveCredentials(StepNotes notes) throws SQLException {
			DatabaseCredentialsProvider provider = ConnectionDoctor.this.dataSource.credentials();
			try {
				DatabaseCredentials credentials = ConnectionOpener.credentials(provider, this.settings.endpoint(),
						new Budget(TIMEOUT));
				this.credentials = credentials;
				seeCredentials(notes, credentials, provider);
			}
			catch (NoCredentialsException ex) {
				fail(notes, ex);
			}
			catch (LinkageError ex) {
				fail(notes, new NoCredentialsException(new ExecutionException(ex)));
			}
		}

		private void fail(StepNotes notes, NoCredentialsException failure) {
			notes.fail(this.diagnosis.finding(Step.LOGIN, failure, null));
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

		private void logIn(StepNotes notes) throws SQLException {
			DatabaseCredentials credentials = Objects.requireNonNull(this.credentials);
			ConnectionOpener opener = new ConnectionOpener(this.settings, (endpoint) -> credentials, Clock.systemUTC(),
					ConnectionOpener.Retries.NONE, (millis) -> {
					});
			Budget budget = new Budget(TIMEOUT);
			try {
				PhysicalConnection connection = opener.open(TIMEOUT);
				this.connection = connection;
				connection.driverConnection().setNetworkTimeout(null, (int) TIMEOUT.toMillis());
				notes.see("logged in as '" + credentials.user() + "' in " + budget.spent().toMillis() + " ms (backend "
						+ connection.driverConnection().getBackendPID() + ")");
			}
			catch (SoongConnectionException ex) {
				if (SqlStates.isReadOnlyServer(ex)) {
					notes.see("logged in as '" + credentials.user() + "'");
					this.standby = ex;
				}
				else {
					fail(notes, ex);
				}
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

		private void checkServer(StepNotes notes) {
			if (this.standby != null) {
				fail(notes, this.standby);
			}
			else {
				database().server(notes);
			}
		}

		private void checkGrants(StepNotes notes) {
			new TableGrants(openConnection(), Objects.requireNonNull(this.credentials).user()).check(notes,
					ConnectionDoctor.this.tables);
		}

		private DatabaseCheck database() {
			return new DatabaseCheck(openConnection(), this.settings,
					UsedCredentials.of(Objects.requireNonNull(this.credentials)));
		}

		private Connection openConnection() {
			return Objects.requireNonNull(this.connection).driverConnection();
		}

	}

	/**
	 * The steps, in order.
	 */
	private enum Check {

		DNS, TCP, TLS, CREDENTIALS, LOGIN, SERVER, RDS_IAM, LIMITS, GRANTS;

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	/**
	 * A step's work.
	 */
	@FunctionalInterface
	private interface Work {

		void run(StepNotes notes) throws SQLException;

	}

}
