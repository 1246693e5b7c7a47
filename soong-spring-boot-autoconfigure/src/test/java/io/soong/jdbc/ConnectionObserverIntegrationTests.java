package io.soong.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.FutureTask;

import io.soong.Pace;
import io.soong.SharedRds;
import io.soong.jdbc.ConnectionObserver.Connect;
import io.soong.jdbc.ConnectionObserver.Deadline;
import io.soong.jdbc.ConnectionObserver.Kind;
import io.soong.jdbc.ConnectionObserver.Operation;
import io.soong.jdbc.ConnectionObserver.Reason;
import io.soong.jdbc.ConnectionObserver.Step;
import io.soong.jdbc.ConnectionObserver.StepTime;
import io.soong.jdbc.ConnectionSettings.Scope;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What an observer is told, with a server that fails in several ways.
 */
@Timeout(120)
class ConnectionObserverIntegrationTests {

	private static final Duration MARGIN = Duration.ofSeconds(2);

	private final RdsLookalike rds = SharedRds.rds();

	private final SettableClock clock = new SettableClock();

	private final RecordingObserver observer = new RecordingObserver();

	private SoongDataSource dataSource = dataSource(SharedRds.settings().deadlineMargin(MARGIN));

	private SoongDataSource dataSource(ConnectionSettings.Builder settings) {
		SoongDataSource dataSource = new SoongDataSource(settings.build(), SharedRds.iam(), this.clock);
		dataSource.observe(this.observer);
		return dataSource;
	}

	@AfterEach
	void close() throws SQLException {
		this.dataSource.close();
		this.rds.clearFaults();
	}

	@Test
	void connectionIsReportedWithItsStepsAndThenAsReused() throws SQLException {
		execute("SELECT 1");
		execute("SELECT 1");
		assertThat(this.observer.connects).singleElement().satisfies((connect) -> {
			assertThat(connect.isOpen()).isTrue();
			assertThat(connect.kind()).isEqualTo(Kind.COLD);
			assertThat(connect.reason()).isNull();
			assertThat(connect.steps()).extracting(StepTime::step)
				.containsExactly(Step.TOKEN, Step.DNS, Step.TCP, Step.TLS, Step.LOGIN);
			assertThat(connect.steps()).allSatisfy((step) -> {
				assertThat(step.completed()).isTrue();
				assertThat(step.taken()).isPositive();
			});
			assertThat(connect.steps().stream().map(StepTime::taken).reduce(Duration.ZERO, Duration::plus))
				.isLessThanOrEqualTo(connect.taken());
		});
		assertThat(this.observer.loans).containsExactly(false);
	}

	@Test
	void loginThatIsRefusedIsReportedAsTheStepThatFailed() throws SQLException {
		this.rds.refuseLogins(1, "28P01", "no");
		assertThatExceptionOfType(SoongConnectionException.class).isThrownBy(() -> execute("SELECT 1"));
		assertThat(this.observer.connects).singleElement().satisfies((connect) -> {
			assertThat(connect.isOpen()).isFalse();
			assertThat(connect.sqlState()).isEqualTo("28P01");
			assertThat(connect.steps()).last().satisfies((step) -> {
				assertThat(step.step()).isEqualTo(Step.LOGIN);
				assertThat(step.completed()).isFalse();
			});
		});
		execute("SELECT 1");
		assertThat(this.observer.connects).last().extracting(Connect::kind).isEqualTo(Kind.COLD);
	}

	@Test
	void connectionThatFailsItsProbeIsReplacedForThatReason() throws SQLException {
		execute("SELECT 1");
		this.rds.killConnections();
		this.clock.advance(Duration.ofMinutes(1));
		execute("SELECT 1");
		assertReplaced(Reason.PROBE);
	}

	@Test
	void connectionThatIsOldIsReplacedForThatReason() throws SQLException {
		execute("SELECT 1");
		this.clock.advance(Duration.ofHours(2));
		execute("SELECT 1");
		assertReplaced(Reason.MAX_LIFETIME);
	}

	@Test
	void connectionThatTheServerEndsIsReplacedForThatReason() throws SQLException {
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			this.rds.killConnections();
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.execute("SELECT 1"));
		}
		execute("SELECT 1");
		assertReplaced(Reason.SESSION_ENDED);
		assertThat(this.observer.operations).first().extracting(Operation::sqlState).isEqualTo("57P01");
	}

	@Test
	void connectionThatBreaksIsReplacedForThatReasonAndTheOutcomeIsUnknown() throws SQLException {
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			this.rds.cutConnections();
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> statement.execute("CREATE TEMP TABLE never (id int)"));
		}
		execute("SELECT 1");
		assertReplaced(Reason.CONNECTION_LOST);
		assertThat(this.observer.operations).first().satisfies((operation) -> {
			assertThat(operation.isUnknown()).isTrue();
			assertThat(operation.deadline()).isEqualTo(Deadline.KEPT);
		});
	}

	@Test
	void connectionToAReadOnlyServerIsReplacedForThatReason() throws SQLException {
		this.rds.execute(
				"DROP TABLE IF EXISTS observed; CREATE TABLE observed (id int);" + "GRANT ALL ON observed TO jane_doe");
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			this.rds.readOnly(true);
			assertThatExceptionOfType(SQLException.class)
				.isThrownBy(() -> statement.execute("INSERT INTO observed VALUES (1)"));
			this.rds.readOnly(false);
		}
		execute("SELECT 1");
		assertReplaced(Reason.READ_ONLY);
	}

	@Test
	void connectionOfAnInvocationIsReplacedForThatReason() throws SQLException {
		this.dataSource.close();
		this.dataSource = dataSource(SharedRds.settings().scope(Scope.INVOCATION));
		for (int i = 0; i < 2; i++) {
			try (Invocation invocation = Invocation.open("o1", null)) {
				assertThat(invocation.hasEnded()).isFalse();
				execute("SELECT 1");
			}
		}
		assertReplaced(Reason.SCOPE);
	}

	@Test
	void connectionAfterARestoreIsReportedAsSuch() throws SQLException {
		execute("SELECT 1");
		this.dataSource.purge();
		this.rds.refuseLogins(1, "28P01", "no");
		assertThatExceptionOfType(SoongConnectionException.class).isThrownBy(() -> execute("SELECT 1"));
		execute("SELECT 1");
		assertReplaced(Reason.RESTORE);
		assertThat(this.observer.connects).last().extracting(Connect::kind).isEqualTo(Kind.RESTORE);
	}

	@Test
	void connectionThatIsAbortedIsReplacedForThatReason() throws SQLException {
		try (Connection connection = this.dataSource.getConnection()) {
			connection.abort(Runnable::run);
		}
		execute("SELECT 1");
		assertReplaced(Reason.ABORT);
	}

	@Test
	void connectionOpenedAheadIsReportedAndLent() throws Exception {
		this.dataSource.openEagerly();
		execute("SELECT 1");
		assertThat(this.observer.connects).singleElement().extracting(Connect::kind).isEqualTo(Kind.COLD);
		assertThat(this.observer.loans).containsExactly(true);
	}

	@Test
	void connectionOfItsOwnIsReportedAsSuch() throws SQLException {
		try (Connection connection = this.dataSource.openConnection();
				Statement statement = connection.createStatement()) {
			statement.execute("SELECT 1");
		}
		assertThat(this.observer.connects).singleElement().extracting(Connect::kind).isEqualTo(Kind.OWN);
		assertThat(this.observer.operations).extracting(Operation::name).containsExactly("SELECT");
	}

	private void assertReplaced(Reason reason) {
		assertThat(this.observer.connects).last().satisfies((connect) -> {
			assertThat(connect.isOpen()).isTrue();
			assertThat(connect.reason()).isEqualTo(reason);
			assertThat(connect.kind()).isEqualTo((reason == Reason.RESTORE) ? Kind.RESTORE : Kind.RECONNECT);
		});
	}

	@Test
	void threadThatWaitsIsReported() throws Exception {
		FutureTask<Boolean> other = new FutureTask<>(() -> {
			execute("SELECT 1");
			return true;
		});
		Thread thread = new Thread(other);
		try (Connection connection = this.dataSource.getConnection()) {
			assertThat(connection.isValid(1)).isTrue();
			assertThat(this.observer.waits).isEmpty();
			thread.start();
			while (thread.getState() != Thread.State.TIMED_WAITING) {
				Thread.onSpinWait();
			}
		}
		assertThat(other.get()).isTrue();
		assertThat(this.observer.waits).containsExactly(true);
	}

	@Test
	void statementsAreReportedByTheirNameWithoutValues() throws SQLException {
		try (Connection connection = this.dataSource.getConnection()) {
			connection.setAutoCommit(false);
			try (PreparedStatement statement = connection.prepareStatement("/* note */ select ?")) {
				statement.setString(1, "s3cret");
				statement.execute();
			}
			try (Statement statement = connection.createStatement()) {
				statement.execute("CREATE TEMP TABLE batch (id int) ON COMMIT DROP");
			}
			try (PreparedStatement statement = connection.prepareStatement("INSERT INTO batch VALUES (?)")) {
				for (int i = 0; i < 3; i++) {
					statement.setInt(1, i);
					statement.addBatch();
				}
				statement.executeBatch();
			}
			CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY batch FROM STDIN");
			for (int i = 0; i < 5; i++) {
				copy.writeToCopy("1\n".getBytes(), 0, 2);
			}
			copy.endCopy();
			connection.commit();
		}
		assertThat(this.observer.operations).extracting(Operation::name)
			.containsExactly("SELECT", "CREATE", "BATCH INSERT", "COPY", "COMMIT");
		assertThat(this.observer.operations).allSatisfy((operation) -> {
			assertThat(operation.taken()).isPositive();
			assertThat(operation.sqlState()).isNull();
			assertThat(operation.toString()).doesNotContain("s3cret");
		});
	}

	@Test
	void statementThatIsCancelledAtTheDeadlineIsReportedAsSuch() throws SQLException {
		RecordingObserver ofInvocation = new RecordingObserver();
		try (Invocation invocation = Invocation.open("o2", MARGIN.plus(Pace.moment()))) {
			invocation.observe(ofInvocation);
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> execute("SELECT pg_sleep(60)"));
		}
		execute("SELECT 1");
		assertThat(this.observer.operations).extracting(Operation::deadline)
			.containsExactly(Deadline.CANCELLED, Deadline.KEPT);
		assertThat(this.observer.operations).first().extracting(Operation::sqlState).isEqualTo("57014");
		assertThat(ofInvocation.operations).hasSize(1);
		assertThat(ofInvocation.connects).hasSize(1);
	}

	@Test
	void statementThatIsCutAtTheDeadlineIsReportedAsSuch() throws SQLException {
		execute("SELECT 1");
		try (Invocation invocation = Invocation.open("o3", MARGIN.plus(Pace.moment()))) {
			assertThat(invocation.hasEnded()).isFalse();
			try (Connection connection = this.dataSource.getConnection();
					Statement statement = connection.createStatement()) {
				this.rds.stallConnections();
				assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.execute("SELECT 1"));
			}
		}
		this.rds.clearFaults();
		execute("SELECT 1");
		assertThat(this.observer.operations).extracting(Operation::deadline)
			.containsExactly(Deadline.KEPT, Deadline.CUT, Deadline.KEPT);
		assertReplaced(Reason.DEADLINE);
	}

	private void execute(String sql) throws SQLException {
		try (Connection connection = this.dataSource.getConnection();
				Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

}
