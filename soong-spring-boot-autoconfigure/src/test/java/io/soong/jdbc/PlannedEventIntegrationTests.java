package io.soong.jdbc;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.soong.SharedRds;
import io.soong.auth.DatabaseCredentialsProvider;
import io.soong.auth.RdsIamCredentialsProvider;
import io.soong.jdbc.ConnectionSettings.SslMode;
import io.soong.jdbc.SoongConnectionException.Step;
import io.soong.test.Login;
import io.soong.test.RdsLookalike;
import io.soong.test.Waking;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

import org.springframework.core.io.FileSystemResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Planned events, seen by a function that connects. A temporary failure ends after a
 * number of pauses, which take no time here.
 */
class PlannedEventIntegrationTests {

	private static final Duration LONG = Duration.ofHours(1);

	private final RdsLookalike rds = SharedRds.rds();

	private final List<Long> pauses = new ArrayList<>();

	private int loginsBefore;

	@BeforeEach
	void countLogins() {
		this.loginsBefore = this.rds.logins().size();
	}

	@ParameterizedTest
	@EnumSource
	void databaseThatWakesUpServesTheFirstLogin(Waking answer) throws SQLException {
		this.rds.scaleToZero(LONG, answer);
		try (SoongDataSource dataSource = dataSource(SharedRds.settings(), SharedRds.iam(), () -> {
			if (this.pauses.size() == ((answer == Waking.SILENCE) ? 1 : 3)) {
				this.rds.clearFaults();
			}
		})) {
			dataSource.getConnection().close();
		}
		assertThat(logins()).last().matches(Login::accepted);
		assertThat(logins()).filteredOn((login) -> !login.accepted()).hasSize((answer == Waking.SILENCE) ? 0 : 3);
	}

	@Test
	void databaseThatWakesUpServesTheFirstLoginByPassword() throws SQLException {
		this.rds.scaleToZero(LONG, Waking.NO_ENTRY);
		try (SoongDataSource dataSource = dataSource(SharedRds.settings().user("bob"),
				SharedRds.password("bob", SharedRds.PASSWORD), this.rds::clearFaults)) {
			dataSource.getConnection().close();
		}
		assertThat(logins()).extracting(Login::accepted).containsExactly(false, true);
	}

	@Test
	void serverWithoutAnEntryThatIsNotOfRdsIsNotWaitedForBeforeALogin() throws SQLException {
		ConnectionSettings.Builder settings = SharedRds.settings("db.example.com").sslMode(SslMode.REQUIRE).user("bob");
		try (SoongDataSource dataSource = dataSource(settings, SharedRds.password("bob", SharedRds.PASSWORD),
				this.rds::clearFaults)) {
			this.rds.scaleToZero(LONG, Waking.NO_ENTRY);
			SoongConnectionException failure = fail(dataSource);
			assertThat(failure.getSQLState()).isEqualTo("28000");
			assertThat(failure.isTransient()).isFalse();
			assertThat(this.pauses).isEmpty();
			this.rds.clearFaults();
			dataSource.getConnection().close();
			dataSource.purge();
			this.rds.scaleToZero(LONG, Waking.NO_ENTRY);
			dataSource.getConnection().close();
			assertThat(this.pauses).hasSize(1);
		}
	}

	@Test
	void switchoverIsWaitedForAndNoTokenIsSentUnverified() throws SQLException {
		try (SoongDataSource dataSource = dataSource(SharedRds.settings(), SharedRds.iam(), () -> {
			switch (this.pauses.size()) {
				case 3 -> {
					assertThat(logins()).as("logins at a server of another name").hasSize(1);
					switchOver(Duration.ZERO);
				}
				case 5 -> this.rds.clearFaults();
				default -> {
				}
			}
		})) {
			dataSource.getConnection().close();
			switchOver(LONG);
			dataSource.getConnection().close();
		}
		assertThat(this.pauses).hasSize(5);
		assertThat(logins()).extracting(Login::accepted).containsExactly(true, false, false, true);
		assertThat(logins().get(1).reason()).contains("-green-");
	}

	@Test
	void switchoverThatLastsIsExplained() throws SQLException {
		try (SoongDataSource dataSource = dataSource(SharedRds.settings().connectTimeout(Duration.ofSeconds(1)),
				SharedRds.iam(), () -> {
				})) {
			dataSource.getConnection().close();
			switchOver(LONG);
			SoongConnectionException failure = fail(dataSource);
			assertThat(failure.step()).isEqualTo(Step.TLS);
			assertThat(failure.isTransient()).isTrue();
			assertThat(failure.getMessage()).contains("blue/green switchover");
			assertThat(failure.diagnosis()).contains("blue/green switchover");
		}
	}

	@Test
	void writerOfAGlobalDatabaseIsNoStandby() throws Exception {
		try (RdsLookalike global = RdsLookalike.builder()
			.endpoint("gizmos.global-c0ffee123456.global.rds.amazonaws.com")
			.start()) {
			global.demote();
			ConnectionSettings.Builder settings = ConnectionSettings.builder(global.endpoint())
				.hostaddr(global.address())
				.port(global.port())
				.dbname(global.database())
				.user("jane_doe")
				.rootCert(new FileSystemResource(global.caCertificate()));
			DatabaseCredentialsProvider iam = new RdsIamCredentialsProvider(global.region(),
					() -> AwsSessionCredentials.create(global.environment().get("AWS_ACCESS_KEY_ID"),
							global.environment().get("AWS_SECRET_ACCESS_KEY"),
							global.environment().get("AWS_SESSION_TOKEN")));
			try (SoongDataSource dataSource = dataSource(settings, iam, global::clearFaults)) {
				dataSource.getConnection().close();
			}
			assertThat(this.pauses).isNotEmpty();
		}
	}

	private void switchOver(Duration certificate) {
		try {
			this.rds.switchOver(certificate, LONG);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private List<Login> logins() {
		return this.rds.logins().subList(this.loginsBefore, this.rds.logins().size());
	}

	/**
	 * Does something in place of waiting.
	 */
	private SoongDataSource dataSource(ConnectionSettings.Builder settings, DatabaseCredentialsProvider credentials,
			Runnable inPause) {
		ConnectionSettings built = settings.build();
		Clock clock = new SettableClock();
		return new SoongDataSource(built, clock,
				new ConnectionOpener(built, credentials, clock, new Backoff(new Random(7))::pauseAfter, (millis) -> {
					this.pauses.add(millis);
					inPause.run();
				}));
	}

	private static SoongConnectionException fail(SoongDataSource dataSource) {
		SoongConnectionException failure = catchThrowableOfType(SoongConnectionException.class,
				dataSource::getConnection);
		assertThat((Throwable) failure).isNotNull();
		return failure;
	}

}
