package io.soong.jdbc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLContext;

import io.soong.auth.DatabaseCredentials;
import io.soong.auth.DatabaseCredentialsProvider;
import io.soong.auth.DatabaseEndpoint;
import io.soong.jdbc.ConnectionSettings.SslMode;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What an opener remembers from one call to the next. The provider fails in place of a
 * server that cannot be reached, and no pause is waited.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class ConnectionOpenerTests {

	private static final Duration LONG = Duration.ofDays(1);

	private final SettableClock clock = new SettableClock();

	private final List<DatabaseEndpoint> asked = new ArrayList<>();

	private @Nullable SQLException failure = new SQLTransientConnectionException("out of reach", "08001");

	private final DatabaseCredentialsProvider provider = (endpoint) -> {
		this.asked.add(endpoint);
		if (this.failure != null) {
			throw this.failure;
		}
		return new DatabaseCredentials("bob", "PASSWORD");
	};

	@Test
	void outageAfterASpentBudgetIsReportedWithoutAnAttempt() {
		ConnectionOpener opener = opener(settings(1));
		assertFails(opener::open);
		assertThat(this.asked).hasSize(1);
		assertFails(opener::open).withMessageContaining("(Tried 0 ms ago");
		assertFails(() -> opener.openAhead(null)).withMessageContaining("(Tried 0 ms ago");
		assertFails(() -> opener.openWithin(Duration.ofMillis(1), null)).withMessageContaining("(Tried 0 ms ago");
		assertThat(this.asked).hasSize(1);
	}

	@Test
	void outageIsForgottenAfterAConnectionWasOpened() throws Exception {
		try (ImpostorServer server = new ImpostorServer(null, ImpostorServer.ACCEPT, new byte[0])) {
			ConnectionOpener opener = opener(settings(server.port()));
			assertFails(opener::open);
			this.failure = null;
			assertFails(opener::open).withMessageContaining("(Tried 0 ms ago");
			opener.open(LONG).abort();
			opener.open().abort();
			assertThat(this.asked).hasSize(3);
		}
	}

	@Test
	void outageIsForgottenWithAllElse() {
		ConnectionOpener opener = opener(settings(1));
		assertFails(opener::open);
		opener.forget();
		assertFails(opener::open).withMessageNotContaining("Tried");
		assertThat(this.asked).hasSize(2);
	}

	@Test
	void outageDoesNotBeginWhereTheTimeWasShort() {
		ConnectionOpener opener = opener(settings(1));
		assertFails(() -> opener.openAhead(null));
		assertFails(() -> opener.openWithin(Duration.ofSeconds(19), null))
			.withMessageContaining("(The invocation's deadline left 19000 ms for it.)");
		assertFails(() -> opener.openWithin(Duration.ofSeconds(20), null)).withMessageNotContaining("deadline");
		assertThat(this.asked).hasSize(3);
		assertFails(opener::open).withMessageContaining("(Tried 0 ms ago");
	}

	@Test
	void outageDoesNotBeginAfterARefusalThatLasts() {
		this.failure = new SQLException("no keys");
		ConnectionOpener opener = new ConnectionOpener(settings(1), this.provider, this.clock,
				ConnectionOpener.Retries.NONE, (millis) -> {
				});
		assertFails(opener::open);
		assertFails(opener::open).withMessageNotContaining("Tried");
	}

	@Test
	void outageOfOneRoleIsNoneOfAnother() {
		ConnectionOpener opener = opener(settings(1));
		assertFails(opener::open);
		assertFails(opener.forRole("owner", null)::open).withMessageNotContaining("Tried");
		assertThat(this.asked).extracting(DatabaseEndpoint::user).containsExactly("jane_doe", "owner");
	}

	@Test
	void credentialsOfAnotherRoleAreRefused() {
		this.failure = null;
		assertFails(opener(settings(1)).forRole("owner", null)::open)
			.withMessageContaining("was asked for the role 'owner'")
			.withMessageContaining("returned credentials of 'bob'");
	}

	@Test
	void failureOfAKindIsDiagnosedOnceUntilAConnectionWasOpened(CapturedOutput output) throws Exception {
		try (ImpostorServer server = new ImpostorServer(null, ImpostorServer.ACCEPT, new byte[0])) {
			ConnectionOpener opener = opener(settings(server.port()));
			for (int times = 1; times <= 2; times++) {
				SQLException failure = this.failure;
				assertFails(() -> opener.open(LONG));
				assertFails(() -> opener.open(LONG));
				assertThat(output.getAll().split("What to do:", -1)).hasSize(times + 1);
				this.failure = null;
				opener.open(LONG).abort();
				this.failure = failure;
			}
		}
	}

	@Test
	void passwordThatTheServerQuotesIsInNoTextOfTheFailure(CapturedOutput output) throws Exception {
		this.failure = null;
		try (ImpostorServer server = new ImpostorServer(null, ImpostorServer.CLEAR_TEXT,
				ImpostorServer.error("28P01", "bad word PASSWORD of " + "x ".repeat(200)))) {
			assertFails(opener(settings(server.port()))::open).withMessageContaining("bad word ******")
				.satisfies((failure) -> assertThat(failure.diagnosis()).contains("bad word ******")
					.doesNotContain("PASSWORD of"))
				.withStackTraceContaining("bad word ******");
		}
		assertThat(output).contains("bad word ******").doesNotContain("PASSWORD of");
	}

	@Test
	void answerThatCannotBeReadIsAFailedLogin() throws Exception {
		this.failure = null;
		byte[] negative = ByteBuffer.allocate(9).put((byte) 'E').putInt(-5).putInt(7).array();
		try (ImpostorServer server = new ImpostorServer(null, ImpostorServer.CLEAR_TEXT, negative)) {
			assertFails(opener(settings(server.port()))::open)
				.withMessageContaining("what the server sent is no message of PostgreSQL (08P01)");
			Awaitility.await().until(() -> server.left() == 1);
		}
	}

	@ParameterizedTest
	@CsvSource({ "unsupported startup parameter: options, ignore_startup_parameters, false",
			"no such database: gizmos, PgBouncer, false", "no such user: bob, PgBouncer, false",
			"SSL required, PgBouncer, false", "query_wait_timeout, PgBouncer, true",
			"no more connections allowed (max_client_conn), PgBouncer, true" })
	void refusalOfAPoolerIsToldFromAnother(String text, String fix, boolean isTransient) throws Exception {
		this.failure = null;
		for (SslMode mode : List.of(SslMode.DISABLE, SslMode.PREFER)) {
			try (ImpostorServer server = new ImpostorServer(null, ImpostorServer.CLEAR_TEXT,
					ImpostorServer.error("08P01", text))) {
				assertFails(opener(settings(server.port()).toBuilder("localhost")
					.hostaddr("127.0.0.1")
					.sslMode(mode)
					.build())::open).withMessageContaining("was refused: " + text + " (08P01)")
					.withMessageContaining(fix)
					.matches((failure) -> failure.isTransient() == isTransient)
					.matches((failure) -> failure.step() == SoongConnectionException.Step.LOGIN);
			}
		}
	}

	@Test
	void userOfAProviderAddsNoLineToAMessage() throws Exception {
		try (ImpostorServer server = new ImpostorServer(null, ImpostorServer.CLEAR_TEXT,
				ImpostorServer.error("28P01", "no"))) {
			ConnectionOpener opener = new ConnectionOpener(settings(server.port()),
					(endpoint) -> new DatabaseCredentials("bob\nERROR all is lost\u202e", "PASSWORD"), this.clock,
					(failure, attempts) -> null, (millis) -> {
					});
			assertFails(opener::open).withMessageContaining("as 'bob ERROR all is lost '")
				.satisfies((failure) -> assertThat(failure.diagnosis()).contains("user: bob ERROR all is lost")
					.doesNotContain("\nERROR", "\u202e"));
		}
	}

	@Test
	void userOfAProviderAddsNoParameterToTheLogin() {
		ConnectionOpener opener = new ConnectionOpener(settings(1),
				(endpoint) -> new DatabaseCredentials("bob\0database\0evil", "PASSWORD"), this.clock,
				(failure, attempts) -> null, (millis) -> {
				});
		assertFails(opener::open).withMessageContaining("user must not contain the character NUL");
		assertThatIllegalArgumentException().isThrownBy(() -> new DatabaseEndpoint("db", 5432, "a\0b", null))
			.withMessageContaining("dbname");
		assertThatIllegalArgumentException().isThrownBy(() -> new DatabaseEndpoint("db", 5432, "a", "b\0"))
			.withMessageContaining("user");
	}

	@Test
	void sessionsOfTlsAreForgottenWithAllElse(@TempDir Path folder) throws Exception {
		SSLContext tls = ImpostorServer.tls(folder, "db.example.com");
		try (ImpostorServer server = new ImpostorServer(tls, ImpostorServer.CLEAR_TEXT,
				ImpostorServer.error("28P01", "no"))) {
			SSLContext context = trusting();
			ConnectionOpener opener = opener(ConnectionSettings.builder("db.example.com")
				.hostaddr("127.0.0.1")
				.port(server.port())
				.sslMode(SslMode.REQUIRE)
				.sslContext(() -> context)
				.build());
			this.failure = null;
			assertFails(opener::open).withMessageContaining("28P01");
			assertThat(ServerTrustTests.sessions(context)).isNotEmpty();
			opener.forget();
			assertThat(ServerTrustTests.sessions(context)).isEmpty();
		}
	}

	@Test
	void failureIsDiagnosedAgainAfterAllWasForgotten(CapturedOutput output) {
		ConnectionOpener opener = opener(settings(1));
		assertFails(() -> opener.open(Duration.ZERO));
		assertFails(() -> opener.open(Duration.ZERO));
		assertThat(output.getAll().split("What to do:", -1)).hasSize(2);
		opener.forget();
		assertFails(() -> opener.open(Duration.ZERO));
		assertThat(output.getAll().split("What to do:", -1)).hasSize(3);
	}

	@Test
	void providerThatReturnsNothingIsNamed() {
		ConnectionOpener opener = new ConnectionOpener(settings(1), (endpoint) -> nothing(), this.clock,
				ConnectionOpener.Retries.NONE, (millis) -> {
				});
		for (ThrowingCallable call : List.<ThrowingCallable>of(opener::open, () -> opener.open(LONG))) {
			assertFails(call).withMessageContaining("DatabaseCredentialsProvider")
				.withMessageContaining("it returned null")
				.matches((failure) -> !failure.isTransient());
		}
	}

	/** What a provider without null checks may pass. */
	@SuppressWarnings("NullAway")
	private static DatabaseCredentials nothing() {
		return null;
	}

	@Test
	void errorOfTheProviderIsPassedOnAsItIs() {
		LinkageError error = new LinkageError("as it must");
		ConnectionOpener opener = new ConnectionOpener(settings(1), (endpoint) -> {
			throw error;
		}, this.clock, ConnectionOpener.Retries.NONE, (millis) -> {
		});
		assertThatExceptionOfType(LinkageError.class).isThrownBy(opener::open).isSameAs(error);
		assertThatExceptionOfType(LinkageError.class).isThrownBy(() -> opener.open(LONG)).isSameAs(error);
	}

	@Test
	void threadWhenInterruptedWhileItWaitsForTheProviderStaysInterrupted(CapturedOutput output) {
		CountDownLatch never = new CountDownLatch(1);
		// One that answered in time would be heard in spite of the interrupt
		ConnectionOpener opener = new ConnectionOpener(settings(1), (endpoint) -> {
			try {
				never.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			throw new IllegalStateException("It waits until it is interrupted");
		}, this.clock, (failure, attempts) -> LONG, (millis) -> {
		});
		Thread.currentThread().interrupt();
		assertFails(opener::open)
			.withMessageContaining("The thread '" + Thread.currentThread().getName() + "' was interrupted")
			.withMessageNotContaining("credentials");
		assertThat(Thread.interrupted()).isTrue();
		assertThat(output).doesNotContain("What to do:");
		Thread.currentThread().interrupt();
		assertFails(opener::open).as("no outage for others").withMessageNotContaining("Tried");
		assertThat(Thread.interrupted()).isTrue();
	}

	/**
	 * The provider refuses once, and then does not answer.
	 */
	@Test
	void attemptThatIsCutShortHidesNotTheFailureBeforeIt(CapturedOutput output) {
		CountDownLatch never = new CountDownLatch(1);
		ConnectionSettings settings = settings(1).toBuilder("localhost").connectTimeout(Duration.ofMillis(100)).build();
		ConnectionOpener opener = new ConnectionOpener(settings, (endpoint) -> {
			this.asked.add(endpoint);
			if (this.asked.size() > 1) {
				await(never);
			}
			throw new SQLTransientConnectionException("no place left", "53300");
		}, this.clock, (failure, attempts) -> Duration.ZERO, (millis) -> {
		});
		assertFails(opener::open).withMessageContaining("no place left")
			.withMessageContaining("(The time to connect ended during attempt 2.)");
		assertThat(output).contains("no place left").doesNotContain("did not answer");
		assertFails(opener::open).withMessageContaining("no place left").withMessageContaining("Tried");
	}

	@Test
	void firstAttemptThatIsCutShortIsReportedAsThat() {
		CountDownLatch never = new CountDownLatch(1);
		ConnectionSettings settings = settings(1).toBuilder("localhost").connectTimeout(Duration.ofMillis(100)).build();
		ConnectionOpener opener = new ConnectionOpener(settings, (endpoint) -> {
			await(never);
			throw new SQLTransientConnectionException("no place left", "53300");
		}, this.clock, (failure, attempts) -> Duration.ZERO, (millis) -> {
		});
		assertFails(opener::open).withMessageContaining("the provider did not answer");
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** A thread that is interrupted cannot wait for a look-up. */
	@Test
	void addressIsNotLookedUp() throws Exception {
		Thread.currentThread().interrupt();
		for (String address : List.of("127.0.0.1", "::1")) {
			assertThat(ConnectionAttempt.resolve(address, new Budget(Duration.ZERO))).hasSize(1);
		}
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void threadWhenInterruptedDuringAPauseBeginsNoOutage() {
		ConnectionOpener opener = new ConnectionOpener(settings(1), this.provider, this.clock,
				(failure, attempts) -> Duration.ofMillis(1), (millis) -> {
					throw new InterruptedException();
				});
		for (int times = 1; times <= 2; times++) {
			assertFails(opener::open).withMessageContaining("out of reach")
				.withMessageContaining("The thread was interrupted")
				.withMessageNotContaining("Tried");
			assertThat(Thread.interrupted()).isTrue();
		}
	}

	@Test
	void threadWhenInterruptedWhileANameIsLookedUpIsNamed() throws Exception {
		Thread.currentThread().interrupt();
		IOException failure = catchThrowableOfType(IOException.class,
				() -> ConnectionAttempt.resolve("db.invalid", new Budget(LONG)));
		assertThat(Thread.interrupted()).isTrue();
		assertThat(new ConnectionDiagnosis(settings(1), new CanonicalName())
			.finding(SoongConnectionException.Step.DNS, new SQLException("x", "08001", failure), null)
			.what()).contains("was interrupted while it connected to localhost:1");
	}

	@Test
	void readTimeoutOfTheDriverIsKeptAfterTheLogin() throws Exception {
		this.failure = null;
		try (ImpostorServer server = new ImpostorServer(null, ImpostorServer.ACCEPT, new byte[0])) {
			PhysicalConnection connection = opener(settings(server.port())).open();
			assertThat(connection.driverConnection().getNetworkTimeout()).isZero();
			assertThat(ReflectionTestUtils.getField(connection, "socket")).hasFieldOrPropertyWithValue("budget", null);
			connection.abort();
			ConnectionSettings limited = settings(server.port()).toBuilder("localhost")
				.hostaddr("127.0.0.1")
				.driverProperty("socketTimeout", "9")
				.build();
			connection = opener(limited).open();
			assertThat(connection.driverConnection().getNetworkTimeout()).isEqualTo(9000);
			connection.abort();
		}
	}

	@Test
	void serverThatReadsOnlyIsLeftWhereTheEndpointIsThatOfTheWriter() throws Exception {
		this.failure = null;
		try (ImpostorServer server = new ImpostorServer(null, ImpostorServer.STANDBY, new byte[0])) {
			ConnectionSettings.Builder settings = ConnectionSettings
				.builder("gizmos.cluster-c0ffee123456.eu-central-1.rds.amazonaws.com")
				.hostaddr("127.0.0.1")
				.port(server.port())
				.sslMode(SslMode.DISABLE);
			assertFails(opener(settings.build())::open).matches((failure) -> failure.isTransient());
			Awaitility.await().until(() -> server.left() == 1);
			opener(settings(server.port())).open().abort();
		}
	}

	/**
	 * Returns a context that trusts every server.
	 */
	private static SSLContext trusting() throws Exception {
		return new ServerTrust(ConnectionSettings.builder("db.example.com").sslMode(SslMode.REQUIRE).build()).context();
	}

	private static ConnectionSettings settings(int port) {
		return ConnectionSettings.builder("localhost")
			.hostaddr("127.0.0.1")
			.port(port)
			.user("jane_doe")
			.sslMode(SslMode.DISABLE)
			.build();
	}

	/**
	 * Each call makes one attempt, after which the time is used up.
	 */
	private ConnectionOpener opener(ConnectionSettings settings) {
		return new ConnectionOpener(settings, this.provider, this.clock, (failure, attempts) -> LONG, (millis) -> {
		});
	}

	private static ThrowableAssertAlternative<SoongConnectionException> assertFails(ThrowingCallable call) {
		return assertThatExceptionOfType(SoongConnectionException.class).isThrownBy(call);
	}

}
