package io.soong.jdbc;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;

import io.soong.auth.DatabaseCredentials;
import io.soong.auth.DatabaseCredentialsProvider;
import io.soong.auth.RdsIamCredentialsProvider;
import io.soong.jdbc.ConnectionSettings.SslMode;
import io.soong.jdbc.SoongConnectionException.Step;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.FileSystemResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What a server that is not the database gets to see of a token.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class TokenOnTheWireTests {

	private static final String HOST = "gizmos.c0ffee123456.eu-central-1.rds.amazonaws.com";

	private static final String CANARY = "SESSIONCANARY";

	private static final DatabaseCredentialsProvider IAM = new RdsIamCredentialsProvider("eu-central-1",
			() -> AwsSessionCredentials.create("ASIAEXAMPLE", "secret", CANARY));

	/** As a bean does that measures, or falls back to something else. */
	private static final DatabaseCredentialsProvider WRAPPED = (endpoint) -> IAM.credentials(endpoint);

	/** As a bean does that signs by other means. */
	private static final DatabaseCredentialsProvider REBUILT = (endpoint) -> {
		DatabaseCredentials token = IAM.credentials(endpoint);
		return new DatabaseCredentials(token.user(), token.secret());
	};

	private static final byte[] REFUSAL = ImpostorServer.error("28000", "refused");

	@TempDir
	private static Path folder;

	private static SSLContext tls;

	@BeforeAll
	static void makeCertificate() throws Exception {
		tls = ImpostorServer.tls(folder, HOST);
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "VERIFY_FULL")
	void tokenWhenServerIsNotVerifiedIsNotSentWhicheverProviderItComesFrom(SslMode mode, CapturedOutput output)
			throws Exception {
		for (DatabaseCredentialsProvider provider : new DatabaseCredentialsProvider[] { IAM, WRAPPED, REBUILT }) {
			for (SSLContext offered : new SSLContext[] { null, tls }) {
				try (ImpostorServer server = new ImpostorServer(offered, ImpostorServer.CLEAR_TEXT, REFUSAL)) {
					SoongConnectionException failure = fail(settings(server).sslMode(mode), provider);
					assertThat(failure.isTransient()).isFalse();
					assertThat(failure.getMessage()).startsWith("No IAM token was sent to " + HOST)
						.contains("soong.ssl.mode is " + mode, "Remove soong.ssl.mode (PG_SSLMODE)");
					assertThat(server.received()).isEmpty();
					assertThat(server.connections()).isZero();
				}
			}
		}
		assertThat(output).doesNotContain(CANARY);
	}

	@Test
	void tokenWhenUnverifiedServerIsAllowedIsSentWithAWarning(CapturedOutput output) throws Exception {
		try (ImpostorServer server = new ImpostorServer(null, ImpostorServer.CLEAR_TEXT, REFUSAL)) {
			fail(settings(server).sslMode(SslMode.PREFER).allowUnverified(true), WRAPPED);
			assertThat(server.received()).contains(CANARY);
		}
		assertThat(output).containsOnlyOnce("IAM tokens may be sent to a server that is not fully verified");
	}

	@Test
	void tokenWhenVerifiedServerAsksForClearTextIsSent() throws Exception {
		try (ImpostorServer server = new ImpostorServer(tls, ImpostorServer.CLEAR_TEXT, REFUSAL)) {
			SoongConnectionException failure = fail(trusting(server), WRAPPED);
			assertThat(failure.step()).isEqualTo(Step.LOGIN);
			assertThat(server.received()).contains(CANARY);
		}
	}

	static Stream<Arguments> otherRequests() {
		return Stream.of(Arguments.of("MD5", ImpostorServer.MD5), Arguments.of("GSS", ImpostorServer.GSS),
				Arguments.of("SCRAM", ImpostorServer.SCRAM));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("otherRequests")
	void tokenWhenServerAsksForAnythingElseIsNotUsed(String name, byte[] request) throws Exception {
		for (DatabaseCredentialsProvider provider : new DatabaseCredentialsProvider[] { IAM, WRAPPED, REBUILT }) {
			try (ImpostorServer server = new ImpostorServer(tls, request, REFUSAL)) {
				SoongConnectionException failure = fail(trusting(server), provider);
				assertThat(failure.step()).isEqualTo(Step.LOGIN);
				assertThat(failure.isTransient()).isFalse();
				assertThat(failure.getMessage()).contains("in a form in which no token is sent",
						"GRANT rds_iam TO \"jane_doe\"");
				// The start-up packet alone
				assertThat(server.received()).endsWith("\0\0").doesNotContain("SCRAM", "md5", "n,,");
			}
		}
	}

	@Test
	void tokenWhenServerSendsItBackStandsNowhere(CapturedOutput output) throws Exception {
		String token = String.valueOf(new RdsIamCredentialsProvider("eu-central-1",
				() -> AwsSessionCredentials.create("ASIAEXAMPLE", "secret", CANARY))
			.credentials(ConnectionSettings.builder(HOST).user("jane_doe").build().endpoint())
			.secret());
		byte[] echo = ImpostorServer.error("28000", "no such thing as\n" + token + " or " + "again ".repeat(500)
				+ URLEncoder.encode(token, StandardCharsets.UTF_8));
		try (ImpostorServer server = new ImpostorServer(tls, ImpostorServer.CLEAR_TEXT, echo)) {
			SoongConnectionException failure = fail(trusting(server), WRAPPED);
			StringWriter trace = new StringWriter();
			failure.printStackTrace(new PrintWriter(trace));
			assertThat(trace + failure.diagnosis() + output).doesNotContain(CANARY)
				.doesNotContainIgnoringCase("X-Amz-")
				.contains("no such thing as ****** or again");
			assertThat(failure.getMessage()).hasSizeLessThan(1000);
			assertThat(failure.getCause()).hasMessageContaining("no such thing as ****** or again");
		}
	}

	@Test
	void passwordWhenServerTakesItUnencryptedByPreferenceIsSent() throws Exception {
		try (ImpostorServer server = new ImpostorServer(null, ImpostorServer.CLEAR_TEXT, REFUSAL)) {
			fail(settings(server).sslMode(SslMode.PREFER), (endpoint) -> new DatabaseCredentials("bob", "PASSWORD"));
			assertThat(server.received()).contains("PASSWORD");
		}
	}

	@ParameterizedTest
	@MethodSource("requestsForAPassword")
	void passwordWhenMissingIsReportedAtOnce(@Nullable String password, byte[] request) throws Exception {
		for (SSLContext offered : new SSLContext[] { null, tls }) {
			try (ImpostorServer server = new ImpostorServer(offered, request, REFUSAL)) {
				SoongConnectionException failure = fail(settings(server).sslMode(SslMode.PREFER),
						(endpoint) -> new DatabaseCredentials("bob", password));
				assertThat(failure.step()).isEqualTo(Step.LOGIN);
				assertThat(failure.isTransient()).isFalse();
				assertThat(failure.getMessage())
					.contains("as 'bob' was refused: the server asks for a password, and there is none (08004)")
					.contains("soong.password (PG_PASSWORD)", "~/.pgpass");
			}
		}
	}

	static Stream<Arguments> requestsForAPassword() {
		return Stream.of(Arguments.of(null, ImpostorServer.CLEAR_TEXT), Arguments.of(null, ImpostorServer.MD5),
				Arguments.of(null, ImpostorServer.SCRAM), Arguments.of("", ImpostorServer.SCRAM));
	}

	private static ConnectionSettings.Builder settings(ImpostorServer server) {
		return ConnectionSettings.builder(HOST)
			.hostaddr("127.0.0.1")
			.port(server.port())
			.user("jane_doe")
			.connectTimeout(Duration.ofSeconds(30));
	}

	private static ConnectionSettings.Builder trusting(ImpostorServer server) throws IOException {
		return settings(server).rootCert(new FileSystemResource(folder.resolve("certificate.pem")));
	}

	private static SoongConnectionException fail(ConnectionSettings.Builder settings,
			DatabaseCredentialsProvider provider) {
		ConnectionSettings built = settings.build();
		Clock clock = Clock.systemUTC();
		try (SoongDataSource dataSource = new SoongDataSource(built, clock,
				new ConnectionOpener(built, provider, clock, ConnectionOpener.Retries.NONE, (millis) -> {
				}))) {
			SoongConnectionException failure = catchThrowableOfType(SoongConnectionException.class, () -> {
				try (Connection connection = dataSource.getConnection()) {
					assertThat(connection).isNull();
				}
			});
			assertThat((Throwable) failure).isNotNull();
			return failure;
		}
	}

}
