package io.soong.autoconfigure;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import io.soong.SharedRds;
import io.soong.auth.DatabaseCredentialsProvider;
import io.soong.jdbc.SoongDataSource;
import io.soong.test.Login;
import io.soong.test.RdsLookalike;
import org.crac.Core;
import org.crac.Resource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A snapshot of the process, by the hooks that the runtime calls before and after it.
 */
@ExtendWith(OutputCaptureExtension.class)
class SoongCheckpointIntegrationTests {

	private final RdsLookalike rds = SharedRds.rds();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SoongAutoConfiguration.class))
		.withBean(DatabaseCredentialsProvider.class, SharedRds::iam)
		.withPropertyValues("soong.host=" + this.rds.endpoint(), "soong.hostaddr=" + this.rds.address(),
				"soong.port=" + this.rds.port(), "soong.dbname=" + this.rds.database(), "soong.user=jane_doe",
				"soong.ssl.root-cert=file:" + this.rds.caCertificate(), "soong.connection.eager=off",
				"soong.connect-timeout=5");

	private int loginsBefore;

	@BeforeEach
	void countLogins() {
		this.loginsBefore = this.rds.logins().size();
	}

	@Test
	void snapshotWhenPrimedFollowsOneLoginAndHoldsNoConnection() {
		run((dataSource, checkpoint) -> {
			checkpoint.beforeCheckpoint(Core.getGlobalContext());
			assertThat(logins()).isEqualTo(1);
			assertThat(sessions()).isZero();
		});
	}

	@Test
	void snapshotWhenNotPrimedFollowsNoLogin() {
		this.runner.withPropertyValues("soong.snapstart.prime=false").run((context) -> {
			context.getBean(SoongCheckpoint.class).beforeCheckpoint(Core.getGlobalContext());
			assertThat(logins()).isZero();
		});
	}

	@Test
	void borrowerAfterRestoreLogsInWithRotatedCredentials() {
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
	void connectionOpenedAfterTheHookIsNotUsedAfterRestore() {
		run((dataSource, checkpoint) -> {
			checkpoint.beforeCheckpoint(Core.getGlobalContext());
			int before = backend(dataSource);
			checkpoint.afterRestore(Core.getGlobalContext());
			assertThat(backend(dataSource)).isNotEqualTo(before);
		});
	}

	@Test
	void loanThatIsOpenAtTheSnapshotEndsAndIsNamed(CapturedOutput output) {
		run((dataSource, checkpoint) -> {
			try (Connection loan = dataSource.getConnection(); Statement statement = loan.createStatement()) {
				checkpoint.beforeCheckpoint(Core.getGlobalContext());
				assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.execute("SELECT 1"));
			}
			assertThat(output).contains("dropped in the hands of thread '" + Thread.currentThread().getName());
			assertThat(sessions()).isZero();
			backend(dataSource);
		});
	}

	@Test
	void snapshotWhenDatabaseIsOutOfReachIsTakenAllTheSame(CapturedOutput output) {
		run((dataSource, checkpoint) -> {
			this.rds.refuseLogins(1, "28P01", "no");
			checkpoint.beforeCheckpoint(Core.getGlobalContext());
			assertThat(output).contains("could not be asked anything before the snapshot");
			checkpoint.afterRestore(Core.getGlobalContext());
			backend(dataSource);
		});
	}

	@Test
	void outageBeforeTheSnapshotIsForgottenAfterRestore() {
		run((dataSource, checkpoint) -> {
			this.rds.refuseConnections(true);
			checkpoint.beforeCheckpoint(Core.getGlobalContext());
			this.rds.refuseConnections(false);
			checkpoint.afterRestore(Core.getGlobalContext());
			backend(dataSource);
		});
	}

	@Test
	void hooksWhenCracIsAbsentAreNotThere() {
		this.runner.withClassLoader(new FilteredClassLoader(Resource.class))
			.run((context) -> assertThat(context).hasSingleBean(SoongDataSource.class)
				.doesNotHaveBean("soongCheckpoint"));
	}

	private void run(Snapshot snapshot) {
		this.runner.run((context) -> snapshot.accept(context.getBean(SoongDataSource.class),
				context.getBean(SoongCheckpoint.class)));
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

		void accept(SoongDataSource dataSource, SoongCheckpoint checkpoint) throws Exception;

	}

}
