package io.soong.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.soong.SharedRds;
import io.soong.auth.DatabaseCredentialsProvider;
import io.soong.auth.RdsIamCredentialsProvider;
import io.soong.jdbc.SoongConnectionException.Step;
import io.soong.test.Login;
import io.soong.test.RdsLookalike;
import io.soong.test.ServerCertificate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * How connecting continues after a failure. Pauses are recorded, not waited for.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConnectionRetryIntegrationTests {

	private final RdsLookalike rds = SharedRds.rds();

	private final SettableClock clock = new SettableClock();

	private final List<Long> pauses = new ArrayList<>();

	private int signed;

	private int loginsBefore;

	@BeforeEach
	void countLogins() {
		this.loginsBefore = this.rds.logins().size();
	}

	@Test
	void addressThatDoesNotAnswerIsFollowedByTheNextOfTheNameWithinOneAttempt() throws Exception {
		Path names = Path.of(System.getProperty("jdk.net.hosts.file"));
		String before = Files.readString(names);
		Files.writeString(names, before + "127.0.0.2 two.example.com\n" + this.rds.address() + " two.example.com\n");
		try (SoongDataSource dataSource = dataSource(SharedRds.settings("two.example.com")
			.hostaddr(null)
			.sslMode(ConnectionSettings.SslMode.VERIFY_CA)
			.allowUnverified(true)
			.iamEndpoint(this.rds.endpoint(), null))) {
			assertThat(InetAddress.getAllByName("two.example.com")).extracting(InetAddress::getHostAddress)
				.containsExactly("127.0.0.2", this.rds.address());
			dataSource.getConnection().close();
		}
		finally {
			Files.writeString(names, before);
		}
		assertThat(logins()).extracting(Login::accepted).containsExactly(true);
		assertThat(this.signed).isOne();
		assertThat(this.pauses).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "53300", "57P03" })
	void loginWhenServerIsFullOrStartingIsTriedAgainWithANewToken(String state) throws SQLException {
		this.rds.refuseLogins(3, state, "not now");
		try (SoongDataSource dataSource = dataSource(SharedRds.settings())) {
			dataSource.getConnection().close();
		}
		assertThat(logins()).extracting(Login::accepted).containsExactly(false, false, false, true);
		assertThat(this.signed).isEqualTo(4);
		assertThat(this.pauses).hasSize(3);
		if (state.equals("57P03")) {
			assertThat(this.pauses.get(0)).isBetween(0L, 100L);
			assertThat(this.pauses.get(1)).isBetween(0L, 200L);
			assertThat(this.pauses.get(2)).isBetween(0L, 400L);
		}
		else {
			assertDecorrelated();
		}
	}

	@Test
	void loginWhenTokenChecksFailIsTriedAgain(CapturedOutput output) throws SQLException {
		this.rds.failTokenChecks(5);
		try (SoongDataSource dataSource = dataSource(SharedRds.settings())) {
			dataSource.getConnection().close();
		}
		assertThat(logins()).extracting(Login::accepted).containsExactly(false, false, false, false, false, true);
		assertThat(this.signed).isEqualTo(6);
		assertThat(this.pauses).hasSize(5);
		assertDecorrelated();
		assertThat(output.toString()).containsOnlyOnce("RDS did not accept the IAM token").contains("1 attempt\n");
	}

	@Test
	void loginWhenTokenIsRefusedForGoodIsGivenUpBeforeTheBudgetIsSpent(CapturedOutput output) {
		PausesOnly policy = new PausesOnly();
		try (SoongDataSource dataSource = dataSource(SharedRds.settings(), SharedRds.iam("us-west-2"), policy,
				this.pauses::add)) {
			SoongConnectionException failure = fail(dataSource);
			assertThat(failure.getSQLState()).isEqualTo("28000");
			assertThat(failure.diagnosis()).contains(logins().size() + " attempts");
		}
		assertThat(policy.spent).isBetween(Duration.ofMillis(9000), Duration.ofSeconds(10));
		assertThat(output.toString()).containsOnlyOnce("RDS did not accept the IAM token").contains("1 attempt\n");
	}

	@Test
	void loginWhenTokenIsRefusedAfterALoginIsTriedUntilTheBudgetIsSpent(CapturedOutput output) throws SQLException {
		PausesOnly policy = new PausesOnly();
		try (SoongDataSource dataSource = dataSource(SharedRds.settings(), iam(), policy, this.pauses::add)) {
			dataSource.getConnection().close();
			dataSource.purge();
			this.rds.failTokenChecks(1000);
			SoongConnectionException failure = fail(dataSource);
			assertThat(failure.getSQLState()).isEqualTo("28000");
			assertThat(failure.isTransient()).isTrue();
		}
		finally {
			this.rds.clearFaults();
		}
		assertThat(policy.spent).isBetween(Duration.ofMillis(18_500), Duration.ofSeconds(20));
		assertThat(output.toString()).containsOnlyOnce("RDS did not accept the IAM token")
			.doesNotContain("1 attempt\n");
	}

	@Test
	void certificateWhenItHasAnotherNameIsTriedAgainAfterALogin() throws SQLException {
		try (SoongDataSource dataSource = dataSource(SharedRds.settings(), (millis) -> {
			this.pauses.add(millis);
			if (this.pauses.size() == 3) {
				this.rds.present(ServerCertificate.TRUSTED);
			}
		})) {
			dataSource.getConnection().close();
			dataSource.purge();
			this.rds.present(ServerCertificate.OTHER_NAME);
			dataSource.getConnection().close();
		}
		finally {
			this.rds.clearFaults();
		}
		assertThat(this.pauses).hasSize(3);
		assertThat(logins()).extracting(Login::accepted).containsExactly(true, true);
	}

	@Test
	void certificateWhenItHasAnotherNameIsRefusedAtTheFirstLogin() {
		this.rds.present(ServerCertificate.OTHER_NAME);
		try (SoongDataSource dataSource = dataSource(SharedRds.settings())) {
			SoongConnectionException failure = fail(dataSource);
			assertThat(failure.step()).isEqualTo(Step.TLS);
			assertThat(failure.isTransient()).isFalse();
			assertThat(failure.getMessage()).contains("was not accepted: it is for ",
					"and not for " + this.rds.endpoint());
		}
		finally {
			this.rds.clearFaults();
		}
		assertThat(this.pauses).isEmpty();
		assertThat(logins()).isEmpty();
	}

	@Test
	void certificateWhenItHasAnotherAuthorityIsRefusedAfterALoginToo() throws SQLException {
		try (SoongDataSource dataSource = dataSource(SharedRds.settings())) {
			dataSource.getConnection().close();
			dataSource.purge();
			this.rds.present(ServerCertificate.UNKNOWN_AUTHORITY);
			assertThat(fail(dataSource).step()).isEqualTo(Step.TLS);
		}
		finally {
			this.rds.clearFaults();
		}
		assertThat(this.pauses).isEmpty();
		assertThat(logins()).hasSize(1);
	}

	private void assertDecorrelated() {
		long last = 500;
		for (long pause : this.pauses) {
			assertThat(pause).isBetween(500L, Math.min(5000, 3 * last));
			last = pause;
		}
	}

	@Test
	void loginWhenRefusedForGoodIsTriedOnce() {
		try (SoongDataSource dataSource = dataSource(SharedRds.settings().user("bob"))) {
			assertThat(fail(dataSource).getSQLState()).isEqualTo("28P01");
		}
		try (SoongDataSource dataSource = dataSource(SharedRds.settings().dbname("nowhere"))) {
			assertThat(fail(dataSource).getSQLState()).isEqualTo("3D000");
		}
		try (SoongDataSource dataSource = dataSource(SharedRds.settings("db.example.com"))) {
			assertThat(fail(dataSource).step()).isEqualTo(Step.TLS);
		}
		assertThat(this.pauses).isEmpty();
		assertThat(this.signed).isEqualTo(3);
		// The other login was left before its token would have been sent
		assertThat(logins()).extracting(Login::user).containsOnlyOnce("jane_doe");
	}

	@Test
	void serverWhenItComesBackWithinTheBudgetIsReached() throws Exception {
		try (SoongDataSource dataSource = dataSource(SharedRds.settings(), (millis) -> {
			this.pauses.add(millis);
			if (this.pauses.size() == 3) {
				comeBack();
			}
		})) {
			this.rds.refuseConnections(true);
			dataSource.getConnection().close();
		}
		finally {
			this.rds.refuseConnections(false);
		}
		assertThat(this.pauses).hasSize(3);
		assertThat(logins()).hasSize(1);
	}

	@Test
	void outageWhenBudgetIsSpentFailsTheNextBorrowersAtOnceForAWhile() throws IOException {
		int closed;
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			closed = socket.getLocalPort();
		}
		ConnectionSettings.Builder settings = SharedRds.settings().port(closed).connectTimeout(Duration.ofSeconds(3));
		try (SoongDataSource dataSource = dataSource(settings)) {
			SoongConnectionException first = fail(dataSource);
			assertThat(first.step()).isEqualTo(Step.TCP);
			int signedFirst = this.signed;
			assertThat(signedFirst).isGreaterThan(1);
			this.clock.advance(Duration.ofMillis(900));
			SoongConnectionException second = fail(dataSource);
			assertThat(second.getMessage()).startsWith(first.getMessage()).contains("Tried 900 ms ago");
			assertThat(second.diagnosis()).isEqualTo(first.diagnosis());
			assertThat(this.signed).isEqualTo(signedFirst);
			this.clock.advance(Duration.ofMillis(2200));
			fail(dataSource);
			assertThat(this.signed).isGreaterThan(signedFirst);
		}
	}

	@Test
	@Timeout(60)
	void loginWhenServerAnswersInBitesEndsWithTheBudget() throws Exception {
		try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
			Thread trickle = new Thread(() -> trickle(server));
			trickle.start();
			ConnectionSettings.Builder settings = SharedRds.settings()
				.sslMode(ConnectionSettings.SslMode.DISABLE)
				.allowUnverified(true)
				.port(server.getLocalPort())
				.connectTimeout(Duration.ofMillis(1500));
			try (SoongDataSource dataSource = dataSource(settings)) {
				assertThat(fail(dataSource).step()).isEqualTo(Step.LOGIN);
			}
			trickle.join();
		}
	}

	/**
	 * Sends a long notice byte by byte, until the client has enough.
	 */
	private static void trickle(ServerSocket server) {
		try (Socket socket = server.accept()) {
			socket.getOutputStream().write(new byte[] { 'N', 0, 1, 0, 0 });
			while (true) {
				socket.getOutputStream().write('M');
				Thread.sleep(20);
			}
		}
		catch (IOException | InterruptedException ex) {
			// The client has left
			return;
		}
	}

	@Test
	void threadWhenInterruptedStopsTrying() {
		this.rds.refuseLogins(1, "57P03", "not now");
		try (SoongDataSource dataSource = dataSource(SharedRds.settings(), (millis) -> {
			throw new InterruptedException();
		})) {
			assertThat(fail(dataSource).getSQLState()).isEqualTo("57P03");
			assertThat(Thread.interrupted()).isTrue();
		}
		assertThat(logins()).hasSize(1);
	}

	private void comeBack() {
		try {
			this.rds.refuseConnections(false);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private List<Login> logins() {
		return this.rds.logins().subList(this.loginsBefore, this.rds.logins().size());
	}

	private SoongDataSource dataSource(ConnectionSettings.Builder settings) {
		return dataSource(settings, this.pauses::add);
	}

	private SoongDataSource dataSource(ConnectionSettings.Builder settings, ConnectionOpener.Pause pause) {
		return dataSource(settings, iam(), new Backoff(new Random(7))::pauseAfter, pause);
	}

	private SoongDataSource dataSource(ConnectionSettings.Builder settings, DatabaseCredentialsProvider iam,
			ConnectionOpener.Retries retries, ConnectionOpener.Pause pause) {
		ConnectionSettings built = settings.build();
		return new SoongDataSource(built, this.clock, new ConnectionOpener(built, iam, this.clock, retries, pause));
	}

	/**
	 * Resolves AWS credentials once for each token.
	 */
	private DatabaseCredentialsProvider iam() {
		return new RdsIamCredentialsProvider(this.rds.region(), () -> {
			this.signed++;
			return SharedRds.awsCredentials();
		});
	}

	private static SoongConnectionException fail(SoongDataSource dataSource) {
		SoongConnectionException failure = catchThrowableOfType(SoongConnectionException.class, () -> {
			try (Connection connection = dataSource.getConnection()) {
				assertThat(connection).isNull();
			}
		});
		assertThat((Throwable) failure).isNotNull();
		return failure;
	}

	/**
	 * The real policy, where no time passes but that of the pauses.
	 */
	private static final class PausesOnly implements ConnectionOpener.Retries {

		private final Backoff backoff = new Backoff(new Random(7));

		private Duration spent = Duration.ZERO;

		@Override
		public @Nullable Duration pauseAfter(SoongConnectionException failure, Backoff.Attempts attempts) {
			Duration budget = attempts.spent().plus(attempts.left());
			Duration left = budget.minus(this.spent);
			Duration pause = this.backoff.pauseAfter(failure, new Backoff.Attempts(attempts.made(),
					attempts.loggedInBefore(), attempts.lastPause(), this.spent, left));
			if (pause == null || pause.compareTo(left) >= 0) {
				return (pause != null) ? budget : null;
			}
			this.spent = this.spent.plus(pause);
			return pause;
		}

	}

}
