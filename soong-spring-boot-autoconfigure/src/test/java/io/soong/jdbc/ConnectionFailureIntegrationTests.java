package io.soong.jdbc;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.SimpleTimeZone;
import java.util.TimeZone;

import io.soong.SharedRds;
import io.soong.auth.DatabaseCredentials;
import io.soong.auth.DatabaseCredentialsProvider;
import io.soong.auth.RdsIamCredentialsProvider;
import io.soong.jdbc.ConnectionSettings.SslMode;
import io.soong.jdbc.SoongConnectionException.Step;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.exception.SdkClientException;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What a user reads when a connection cannot be opened.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConnectionFailureIntegrationTests {

	private final RdsLookalike rds = SharedRds.rds();

	@Test
	void hostWhenUnknownIsNamedWithItsProperty(CapturedOutput output) {
		SoongConnectionException failure = fail(ConnectionSettings.builder("no-such-host.invalid").user("bob"),
				SharedRds.password("bob", SharedRds.PASSWORD), output);
		assertThat(failure.step()).isEqualTo(Step.DNS);
		assertThat(failure.isTransient()).isTrue();
		assertThat(failure.getMessage()).isEqualTo("The host name 'no-such-host.invalid' cannot be resolved. "
				+ "Check soong.host (PG_HOST) for a typing error.");
	}

	@Test
	void serverWhenPortIsClosedRefuses(CapturedOutput output) throws IOException {
		int closed;
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			closed = socket.getLocalPort();
		}
		SoongConnectionException failure = fail(ConnectionSettings.builder("127.0.0.1").port(closed).user("bob"),
				SharedRds.password("bob", SharedRds.PASSWORD), output);
		assertThat(failure.step()).isEqualTo(Step.TCP);
		assertThat(failure.isTransient()).isTrue();
		assertThat(failure.getMessage()).contains("The server 127.0.0.1:" + closed + " refused the connection")
			.contains("soong.port (PG_PORT)");
		assertThat(failure.diagnosis()).contains("security group", "failed at: TCP");
	}

	@Test
	void serverWhenItNeverAnswersFailsWithinTheBudget(CapturedOutput output) throws IOException {
		try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			SoongConnectionException failure = fail(ConnectionSettings.builder("127.0.0.1")
				.port(silent.getLocalPort())
				.user("bob")
				.sslMode(SslMode.REQUIRE)
				.connectTimeout(Duration.ofSeconds(1)), SharedRds.password("bob", SharedRds.PASSWORD), output);
			assertThat(failure.step()).isEqualTo(Step.TLS);
			assertThat(failure.isTransient()).isTrue();
		}
	}

	@Test
	void serverWithoutTlsIsNamedWithTheMode(CapturedOutput output) throws Exception {
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			Thread refusal = new Thread(() -> {
				try (Socket socket = server.accept()) {
					socket.getInputStream().readNBytes(8);
					socket.getOutputStream().write('N');
					socket.getInputStream().read();
				}
				catch (IOException ex) {
					throw new IllegalStateException(ex);
				}
			});
			refusal.start();
			SoongConnectionException failure = fail(
					ConnectionSettings.builder("127.0.0.1").port(server.getLocalPort()).user("bob"),
					SharedRds.password("bob", SharedRds.PASSWORD), output);
			refusal.join();
			assertThat(failure.step()).isEqualTo(Step.TLS);
			assertThat(failure.getMessage()).contains("does not offer TLS, but soong.ssl.mode is verify-full")
				.contains("soong.ssl.mode=prefer (PG_SSLMODE)");
		}
	}

	@Test
	void serverWhenOfUnknownAuthorityIsRefused(CapturedOutput output) {
		SoongConnectionException failure = fail(SharedRds.settings().rootCert(null), SharedRds.iam(), output);
		assertThat(failure.step()).isEqualTo(Step.TLS);
		assertThat(failure.isTransient()).isFalse();
		assertThat(failure.getMessage())
			.contains("comes from none of the trusted roots (the RDS roots of eu-central-1)")
			.contains("soong.ssl.root-cert (PG_SSLROOTCERT)");
	}

	@Test
	void serverWhenOfUnknownAuthorityAndNotOfRdsIsLookedUpInTheJvmsStore(CapturedOutput output) {
		SoongConnectionException failure = fail(SharedRds.settings("db.example.com").rootCert(null), SharedRds.iam(),
				output);
		assertThat(failure.getMessage()).contains("comes from none of the trusted roots (the JVM's own store)");
	}

	@Test
	void serverWhenOfUnknownAuthorityIsRefusedByVerifyCaToo(CapturedOutput output) {
		SoongConnectionException failure = fail(
				SharedRds.settings().rootCert(null).sslMode(SslMode.VERIFY_CA).user("bob"),
				SharedRds.password("bob", SharedRds.PASSWORD), output);
		assertThat(failure.step()).isEqualTo(Step.TLS);
		assertThat(failure.getMessage()).contains("comes from none of the trusted roots");
	}

	@Test
	void serverWhenNameIsAnotherIsRefused(CapturedOutput output) {
		SoongConnectionException failure = fail(SharedRds.settings("db.example.com"), SharedRds.iam(), output);
		assertThat(failure.step()).isEqualTo(Step.TLS);
		assertThat(failure.getMessage()).contains("The certificate of db.example.com")
			.contains("was not accepted")
			.contains("soong.iam.host");
	}

	@Test
	void serverWhenModeIsVerifyCaMayHaveAnotherName() throws SQLException {
		try (SoongDataSource dataSource = new SoongDataSource(
				SharedRds.settings("db.example.com").sslMode(SslMode.VERIFY_CA).user("bob").build(),
				SharedRds.password("bob", SharedRds.PASSWORD))) {
			dataSource.getConnection().close();
		}
	}

	@Test
	void endpointBehindCnameIsVerifiedAndSigned() throws SQLException {
		try (SoongDataSource dataSource = new SoongDataSource(
				SharedRds.settings("db.example.com").iamEndpoint(this.rds.endpoint(), null).build(), SharedRds.iam())) {
			dataSource.getConnection().close();
		}
	}

	@Test
	void tokenWhenRefusedNamesPolicyGrantAndRegion(CapturedOutput output) {
		SoongConnectionException failure = fail(SharedRds.settings(), SharedRds.iam("us-west-2"), output);
		assertThat(failure.step()).isEqualTo(Step.LOGIN);
		assertThat(failure.getSQLState()).isEqualTo("28000");
		assertThat(failure.getMessage()).contains("RDS did not accept the IAM token (28000)")
			.contains("rds-db:connect on arn:aws:rds-db:us-west-2:ACCOUNT:dbuser:RESOURCE_ID/jane_doe");
		assertThat(failure.diagnosis())
			.contains("GRANT rds_iam TO \"jane_doe\"", "signed for us-west-2", "soong.iam.region")
			.containsPattern("credentials: IAM token of \\w.* with session token, signed at [\\d-]{10}T[\\d:]{8}Z");
	}

	@Test
	void userWhenNotInRdsIamIsToldTheGrant(CapturedOutput output) {
		SoongConnectionException failure = fail(SharedRds.settings().user("bob"), SharedRds.iam(), output);
		assertThat(failure.step()).isEqualTo(Step.LOGIN);
		assertThat(failure.isTransient()).isFalse();
		assertThat(failure.getMessage()).contains("as 'bob' was refused").contains("run: GRANT rds_iam TO \"bob\"");
	}

	@Test
	void passwordWhenRoleIsInRdsIamIsToldToGo(CapturedOutput output) {
		SoongConnectionException failure = fail(SharedRds.settings(),
				SharedRds.password("jane_doe", SharedRds.PASSWORD), output);
		assertThat(failure.getSQLState()).isEqualTo("28000");
		assertThat(failure.isTransient()).isFalse();
		assertThat(failure.getMessage()).contains("PAM authentication failed")
			.contains("remove the password (soong.password, PG_PASSWORD) and set soong.auth=iam");
	}

	@Test
	void passwordWhenWrongIsNamedButNotShown(CapturedOutput output) {
		SoongConnectionException failure = fail(SharedRds.settings().user("bob"),
				SharedRds.password("bob", "wrong-" + SharedRds.PASSWORD), output);
		assertThat(failure.getSQLState()).isEqualTo("28P01");
		assertThat(failure.getMessage()).contains("as 'bob' was refused: wrong password, or no such role (28P01)")
			.contains("soong.password (PG_PASSWORD)");
	}

	@Test
	void databaseWhenUnknownIsNamedWithItsProperty(CapturedOutput output) {
		SoongConnectionException failure = fail(SharedRds.settings().dbname("nowhere"), SharedRds.iam(), output);
		assertThat(failure.getSQLState()).isEqualTo("3D000");
		assertThat(failure.getMessage()).contains("the database 'nowhere' does not exist (3D000)")
			.contains("soong.dbname (PG_DBNAME)");
	}

	@Test
	void serverWhenFullIsTransient(CapturedOutput output) {
		this.rds.refuseLogins(1, "53300", "sorry, too many clients already");
		SoongConnectionException failure = fail(SharedRds.settings(), SharedRds.iam(), output);
		assertThat(failure.isTransient()).isTrue();
		assertThat(failure.getMessage()).contains("no connection left (53300)").contains("max_connections");
	}

	@Test
	void roleWhenItMayNotLogInIsToldTheAttribute(CapturedOutput output) throws SQLException {
		this.rds.execute("ALTER ROLE bob NOLOGIN");
		try {
			SoongConnectionException failure = fail(SharedRds.settings().user("bob"),
					SharedRds.password("bob", SharedRds.PASSWORD), output);
			assertThat(failure.getSQLState()).isEqualTo("28000");
			assertThat(failure.isTransient()).isFalse();
			assertThat(failure.getMessage()).contains("the role has no LOGIN attribute (28000)",
					"The server's text: role \"bob\" is not permitted to log in", "ALTER ROLE \"bob\" LOGIN");
		}
		finally {
			this.rds.execute("ALTER ROLE bob LOGIN");
		}
	}

	@Test
	void limitWhenReachedIsTheRolesOrTheDatabases(CapturedOutput output) throws SQLException {
		this.rds.execute("ALTER ROLE bob CONNECTION LIMIT 0");
		try {
			assertThat(fail(SharedRds.settings(), SharedRds.password("bob", SharedRds.PASSWORD), output).getMessage())
				.contains("as 'bob' was refused: the role has reached its CONNECTION LIMIT (53300)",
						"too many connections for role \"bob\"");
		}
		finally {
			this.rds.execute("ALTER ROLE bob CONNECTION LIMIT -1");
		}
		this.rds.execute("ALTER DATABASE \"" + this.rds.database() + "\" CONNECTION LIMIT 0");
		try {
			assertThat(fail(SharedRds.settings(), SharedRds.iam(), output).getMessage())
				.contains("the database '" + this.rds.database() + "' has reached its CONNECTION LIMIT (53300)");
		}
		finally {
			this.rds.execute("ALTER DATABASE \"" + this.rds.database() + "\" CONNECTION LIMIT -1");
		}
	}

	@Test
	void parameterWhenNotAllowedOrUnknownIsToldFromTheRightToConnect(CapturedOutput output) {
		assertThat(fail(SharedRds.settings().driverProperty("options", "-c log_statement=all"), SharedRds.iam(), output)
			.getMessage()).contains("the role may not set a parameter that is set at the login (42501)",
					"permission denied to set parameter \"log_statement\"");
		assertThat(fail(SharedRds.settings().driverProperty("options", "-c nowhere=1"), SharedRds.iam(), output)
			.getMessage()).contains("unrecognized configuration parameter \"nowhere\"");
		assertThat(fail(SharedRds.settings().driverProperty("replication", "database"), SharedRds.iam(), output)
			.getMessage()).contains("the role may not open a replication connection (42501)");
	}

	@Test
	void timeZoneWhenUnknownToTheServerIsNamed(CapturedOutput output) {
		TimeZone before = TimeZone.getDefault();
		TimeZone.setDefault(new SimpleTimeZone(0, "Nowhere/Land"));
		try {
			assertThat(fail(SharedRds.settings(), SharedRds.iam(), output).getMessage())
				.contains("does not know this JVM's time zone 'Nowhere/Land' (22023)", "variable TZ", "user.timezone");
		}
		finally {
			TimeZone.setDefault(before);
		}
	}

	@Test
	void passwordWhenMissingIsReportedAtOnce() {
		ConnectionSettings settings = SharedRds.settings().user("bob").build();
		int[] asked = new int[1];
		try (SoongDataSource dataSource = new SoongDataSource(settings, (endpoint) -> {
			asked[0]++;
			return new DatabaseCredentials("bob", null);
		})) {
			assertThatThrownBy(dataSource::getConnection).isInstanceOf(SoongConnectionException.class)
				.hasMessageContaining("the server asks for a password, and there is none (08004)")
				.hasMessageContaining("~/.pgpass");
		}
		assertThat(asked[0]).isEqualTo(1);
	}

	@Test
	void credentialsWhenThereAreNoneSayWhereTheyComeFrom(CapturedOutput output) {
		SoongConnectionException failure = fail(SharedRds.settings(),
				new RdsIamCredentialsProvider("eu-central-1", () -> {
					throw SdkClientException.create("the chain is empty");
				}), output);
		assertThat(failure.step()).isEqualTo(Step.LOGIN);
		assertThat(failure.getMessage()).contains("There are no credentials to log in")
			.contains("execution role")
			.doesNotContain("the chain is empty");
		assertThat((Throwable) failure).hasStackTraceContaining("the chain is empty");
	}

	@Test
	void rootCertWhenItHoldsNoCertificateIsNamed(CapturedOutput output) {
		SoongConnectionException failure = fail(
				SharedRds.settings().rootCert(new ClassPathResource("io/soong/jdbc/rds-root-ca-fingerprints.txt")),
				SharedRds.iam(), output);
		assertThat(failure.step()).isEqualTo(Step.TLS);
		assertThat(failure.getMessage()).contains("soong.ssl.root-cert (PG_SSLROOTCERT)")
			.contains("rds-root-ca-fingerprints.txt");
	}

	@Test
	void diagnosisWhenFailureRepeatsIsLoggedOnceUntilSuccess(CapturedOutput output) throws SQLException {
		try (SoongDataSource dataSource = withoutRetries(SharedRds.settings().build(), SharedRds.iam())) {
			for (int i = 0; i < 3; i++) {
				this.rds.refuseLogins(1, "57P03", "the database system is starting up");
				assertThatThrownBy(dataSource::getConnection).isInstanceOf(SoongConnectionException.class);
			}
			assertThat(occurrences(output)).isEqualTo(1);
			dataSource.getConnection().close();
			this.rds.killConnections();
			this.rds.refuseLogins(1, "57P03", "the database system is starting up");
			assertThatThrownBy(dataSource::getConnection).isInstanceOf(SoongConnectionException.class);
			assertThat(occurrences(output)).isEqualTo(2);
		}
	}

	private static SoongDataSource withoutRetries(ConnectionSettings settings,
			DatabaseCredentialsProvider credentials) {
		Clock clock = Clock.systemUTC();
		return new SoongDataSource(settings, clock,
				new ConnectionOpener(settings, credentials, clock, ConnectionOpener.Retries.NONE, (millis) -> {
				}));
	}

	private static int occurrences(CapturedOutput output) {
		return output.toString().split("starting up or shutting down", -1).length - 1;
	}

	/**
	 * Asserts that connecting fails, that a full diagnosis is logged without a stack
	 * trace, and that no secret turns up anywhere.
	 */
	private SoongConnectionException fail(ConnectionSettings.Builder settings, DatabaseCredentialsProvider credentials,
			CapturedOutput output) {
		String[] secret = new String[1];
		DatabaseCredentialsProvider watched = (endpoint) -> {
			DatabaseCredentials given = credentials.credentials(endpoint);
			secret[0] = given.secret();
			return given;
		};
		ConnectionSettings built = settings.build();
		try (SoongDataSource dataSource = withoutRetries(built,
				(credentials instanceof RdsIamCredentialsProvider) ? credentials : watched)) {
			SoongConnectionException failure = catchThrowableOfType(SoongConnectionException.class,
					dataSource::getConnection);
			assertThat((Throwable) failure).isNotNull();
			StringWriter trace = new StringWriter();
			failure.printStackTrace(new PrintWriter(trace));
			String all = trace + failure.diagnosis() + output;
			assertThat(all).doesNotContain("X-Amz-").doesNotContain(SharedRds.PASSWORD);
			if (secret[0] != null) {
				assertThat(all).doesNotContain(secret[0]);
			}
			assertThat(output).contains(failure.diagnosis()).contains("What to do:").doesNotContain("\tat ");
			return failure;
		}
	}

}
