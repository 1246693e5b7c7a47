package io.soong.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import io.soong.SharedRds;
import io.soong.test.Login;
import io.soong.test.RdsLookalike;
import org.crac.Core;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A snapshot of the process, by the hooks that the runtime calls before and after it.
 */
@ExtendWith(OutputCaptureExtension.class)
class CheckpointIntegrationTests {

	private final RdsLookalike rds = SharedRds.rds();

	private int loginsBefore;

	@BeforeEach
	void countLogins() {
		this.loginsBefore = this.rds.logins().size();
	}

	@Test
	void snapshotWhenPrimedFollowsOneLoginAndHoldsNoConnection() throws Exception {
		run((dataSource, checkpoint) -> {
			checkpoint.beforeCheckpoint(Core.getGlobalContext());
			assertThat(logins()).isEqualTo(1);
			assertThat(sessions()).isZero();
		});
	}

	@Test
	void snapshotWhenNotPrimedFollowsNoLogin() throws Exception {
		try (SoongDataSource dataSource = new SoongDataSource(SharedRds.settings().prime(false).build(),
				SharedRds.iam())) {
			checkpoint(dataSource).beforeCheckpoint(Core.getGlobalContext());
			assertThat(logins()).isZero();
		}
	}

	@Test
	void snapshotWhenDataSourceIsClosedFollowsNoLogin(CapturedOutput output) throws Exception {
		SoongDataSource dataSource = new SoongDataSource(SharedRds.settings().build(), SharedRds.iam());
		dataSource.close();
		checkpoint(dataSource).beforeCheckpoint(Core.getGlobalContext());
		assertThat(logins()).isZero();
		assertThat(output).doesNotContain("before the snapshot");
	}

	@Test
	void borrowerAfterRestoreLogsInWithRotatedCredentials() throws Exception {
		run((dataSource, checkpoint) -> {
			checkpoint.beforeCheckpoint(Core.getGlobalContext());
			this.rds.rotateCredentials();
			checkpoint.afterRestore(Core.getGlobalContext());
			dataSource.getConnection().close();
			assertThat(this.rds.logins()).last().extracting(Login::accepted).isEqualTo(true);
			assertThat(logins()).isEqualTo(2);
		});
	}

	@Test
	void connectionOpenedAfterTheHookIsNotUsedAfterRestore() throws Exception {
		run((dataSource, checkpoint) -> {
			checkpoint.beforeCheckpoint(Core.getGlobalContext());
			int before = backend(dataSource);
			checkpoint.afterRestore(Core.getGlobalContext());
			assertThat(backend(dataSource)).isNotEqualTo(before);
		});
	}

	@Test
	void loanThatIsOpenAtTheSnapshotEndsAndIsNamed(CapturedOutput output) throws Exception {
		run((dataSource, checkpoint) -> {
			try (Connection loan = dataSource.getConnection(); Statement statement = loan.createStatement()) {
				checkpoint.beforeCheckpoint(Core.getGlobalContext());
				assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.execute("SELECT 1"));
			}
			assertThat(output).contains("closed while it is borrowed by thread '" + Thread.currentThread().getName());
			assertThat(sessions()).isZero();
			backend(dataSource);
		});
	}

	@Test
	void snapshotWhenDatabaseIsOutOfReachIsTakenAllTheSame(CapturedOutput output) throws Exception {
		run((dataSource, checkpoint) -> {
			this.rds.refuseLogins(1, "28P01", "no");
			checkpoint.beforeCheckpoint(Core.getGlobalContext());
			assertThat(output).contains("could not be queried before the snapshot");
			checkpoint.afterRestore(Core.getGlobalContext());
			backend(dataSource);
		});
	}

	@Test
	void outageBeforeTheSnapshotIsForgottenAfterRestore() throws Exception {
		// Priming would connect, which ends the outage by itself
		ConnectionSettings settings = SharedRds.settings().prime(false).build();
		SettableClock clock = new SettableClock();
		ConnectionOpener opener = new ConnectionOpener(settings, SharedRds.iam(), clock,
				(failure, attempts) -> Duration.ofDays(1), (millis) -> {
				});
		try (SoongDataSource dataSource = new SoongDataSource(settings, clock, opener)) {
			this.rds.refuseLogins(1, "57P03", "starting");
			assertThatExceptionOfType(SoongConnectionException.class).isThrownBy(() -> backend(dataSource));
			assertThatExceptionOfType(SoongConnectionException.class).isThrownBy(() -> backend(dataSource))
				.withMessageContaining("Tried 0 ms ago");
			Checkpoint checkpoint = checkpoint(dataSource);
			checkpoint.beforeCheckpoint(Core.getGlobalContext());
			checkpoint.afterRestore(Core.getGlobalContext());
			backend(dataSource);
		}
	}

	private static void run(Snapshot snapshot) throws Exception {
		try (SoongDataSource dataSource = new SoongDataSource(
				SharedRds.settings().connectTimeout(Duration.ofSeconds(5)).build(), SharedRds.iam())) {
			snapshot.accept(dataSource, checkpoint(dataSource));
		}
	}

	private int logins() {
		return this.rds.logins().size() - this.loginsBefore;
	}

	/**
	 * The server notices the end of a session a moment after its client.
	 */
	private int sessions() throws SQLException {
		int sessions = -1;
		long giveUp = System.nanoTime() + 10_000_000_000L;
		try (Connection admin = this.rds.openAdminConnection(); Statement statement = admin.createStatement()) {
			while (sessions != 0 && System.nanoTime() < giveUp) {
				try (var resultSet = statement
					.executeQuery("SELECT count(*) FROM pg_stat_activity WHERE usename = 'jane_doe'")) {
					resultSet.next();
					sessions = resultSet.getInt(1);
				}
			}
		}
		return sessions;
	}

	private static int backend(SoongDataSource dataSource) throws SQLException {
		try (Connection loan = dataSource.getConnection();
				Statement statement = loan.createStatement();
				var resultSet = statement.executeQuery("SELECT pg_backend_pid()")) {
			resultSet.next();
			return resultSet.getInt(1);
		}
	}

	@FunctionalInterface
	private interface Snapshot {

		void accept(SoongDataSource dataSource, Checkpoint checkpoint) throws Exception;

	}

	private static Checkpoint checkpoint(SoongDataSource dataSource) {
		return new Checkpoint(dataSource::isClosed, dataSource::prime, dataSource::purge);
	}

}
