package io.soong.test;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import javax.net.ssl.SSLHandshakeException;

import io.soong.test.Login.Method;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.util.PSQLException;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsUtilities;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link RdsLookalike}, through pgjdbc and by hand.
 */
class RdsLookalikeIntegrationTests {

	private static final AtomicReference<Duration> clockOffset = new AtomicReference<>(Duration.ZERO);

	private static RdsLookalike rds;

	@BeforeAll
	static void start() {
		Clock clock = Clock.systemUTC();
		rds = RdsLookalike.builder()
			.iamUser("jane_doe")
			.iamUser("john doe")
			.passwordUser("pat", "it's a password")
			.setting("max_connections", "20")
			.clock(new OffsetClock(clock))
			.start();
	}

	@AfterAll
	static void stop() {
		rds.close();
	}

	@AfterEach
	void reset() {
		clockOffset.set(Duration.ZERO);
		rds.cutConnections();
	}

	@Test
	void iamUserWhenTokenIsValidLogsIn() throws SQLException {
		String token = token("jane_doe");
		try (Connection connection = connect("jane_doe", token)) {
			assertThat(query(connection, "SELECT current_user || '@' || current_database()"))
				.isEqualTo("jane_doe@gizmos");
		}
		Login login = lastLogin();
		assertThat(login.user()).isEqualTo("jane_doe");
		assertThat(login.database()).isEqualTo("gizmos");
		assertThat(login.method()).isEqualTo(Method.IAM_TOKEN);
		assertThat(login.tlsProtocol()).isEqualTo("TLSv1.3");
		assertThat(login.accepted()).isTrue();
		assertThat(login.reason()).isEqualTo("the token is valid");
		assertThat(login.tokenSignedAt()).isBetween(Instant.now().minusSeconds(60), Instant.now());
		assertThat(login.tokenFingerprint()).matches("[0-9a-f]{8}");
		assertThat(login.toString()).doesNotContain("X-Amz");
	}

	@Test
	void iamUserWhenTokenIsForOtherUserIsRefused() {
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect("jane_doe", token("john doe")))
			.withMessage("FATAL: PAM authentication failed for user \"jane_doe\"")
			.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("28000"));
		Login login = lastLogin();
		assertThat(login.accepted()).isFalse();
		assertThat(login.method()).isEqualTo(Method.IAM_TOKEN);
		assertThat(login.reason()).isEqualTo("the token is for the user \"john doe\", not \"jane_doe\"");
	}

	@Test
	void iamUserWhenTokenIsTooOldIsRefused() throws SQLException {
		String token = token("jane_doe");
		clockOffset.set(Duration.ofMinutes(16));
		assertRefused("28000", "jane_doe", token);
		assertThat(lastLogin().reason()).startsWith("the token expired");
	}

	@ParameterizedTest
	@EnumSource
	void iamUserWhenTokenIsWrongIsRefused(WrongToken wrong) {
		assertRefused("28000", "jane_doe", wrong.make());
		assertThat(lastLogin().reason()).contains(wrong.reason);
		assertThat(lastLogin().tokenFingerprint()).isNotNull();
	}

	@Test
	void iamUserWhenPasswordIsSetStillNeedsToken() throws SQLException {
		rds.execute("ALTER ROLE jane_doe PASSWORD 'known'");
		assertRefused("28000", "jane_doe", "known");
		rds.execute("ALTER ROLE jane_doe PASSWORD NULL");
	}

	@Test
	void iamUserWhenDatabaseDoesNotExistIsReportedOnlyWithValidToken() {
		assertThatExceptionOfType(SQLException.class)
			.isThrownBy(() -> connect("jane_doe", token("jane_doe"), "nowhere", Map.of()))
			.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("3D000"));
		assertThat(lastLogin().accepted()).isFalse();
		assertThat(lastLogin().reason()).isEqualTo("3D000: database \"nowhere\" does not exist");
		assertThatExceptionOfType(SQLException.class)
			.isThrownBy(() -> connect("jane_doe", "guessed", "nowhere", Map.of()))
			.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("28000"));
	}

	@Test
	void iamUserWhenOwnerOrNotUsesTables() throws SQLException {
		try (Connection owner = connect("jane_doe", token("jane_doe"));
				Connection other = connect("john doe", token("john doe"))) {
			execute(owner, "CREATE TABLE owned (id int); INSERT INTO owned VALUES (1); DROP TABLE owned");
			execute(other, "CREATE TABLE other (id int); INSERT INTO other VALUES (1); DROP TABLE other");
			assertThat(query(owner, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'gizmos'"))
				.isEqualTo("jane_doe");
			assertThat(query(owner, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")).isEqualTo("f");
		}
	}

	@Test
	void userWhenGrantedRdsIamLaterNeedsToken() throws SQLException {
		rds.execute("CREATE ROLE late LOGIN PASSWORD 'late'");
		connect("late", "late").close();
		rds.execute("GRANT rds_iam TO late");
		assertRefused("28000", "late", "late");
		connect("late", token("late")).close();
	}

	@Test
	void passwordUserWhenPasswordIsRightLogsIn() throws SQLException {
		try (Connection connection = connect("pat", "it's a password")) {
			assertThat(query(connection, "SELECT current_user")).isEqualTo("pat");
		}
		assertThat(lastLogin().method()).isEqualTo(Method.PASSWORD);
		assertThat(lastLogin().accepted()).isTrue();
		assertThat(lastLogin().tokenFingerprint()).isNull();
	}

	@Test
	void passwordUserWhenPasswordIsWrongIsRefusedByPostgres() {
		assertRefused("28P01", "pat", "wrong");
		assertThat(lastLogin().method()).isEqualTo(Method.PASSWORD);
		assertThat(lastLogin().reason()).isEqualTo("28P01: password authentication failed for user \"pat\"");
	}

	@Test
	void passwordUserWhenSendingTokenIsRefused() {
		assertRefused("28P01", "pat", token("pat"));
	}

	@Test
	void unknownUserIsRefused() {
		assertRefused("28P01", "nobody_knows", token("nobody_knows"));
	}

	@Test
	void superuserIsRefused() {
		assertRefused("28000", PostgresServer.SUPERUSER, token(PostgresServer.SUPERUSER));
	}

	@Test
	void clientWhenNotEncryptingIsRefused() {
		assertThatExceptionOfType(SQLException.class)
			.isThrownBy(() -> connect("jane_doe", token("jane_doe"), "gizmos", Map.of("sslmode", "disable")))
			.withMessage("FATAL: no pg_hba.conf entry for host \"127.0.0.1\", user \"jane_doe\", "
					+ "database \"gizmos\", no encryption")
			.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("28000"));
		assertThat(lastLogin().tlsProtocol()).isNull();
		assertThat(lastLogin().accepted()).isFalse();
	}

	@Test
	void clientWhenTrustingOtherRootsFailsHandshake() throws Exception {
		Path other = Files.createTempFile("other-ca", ".pem");
		try {
			Files.writeString(other, new CertificateAuthority("Another Root").pem());
			assertThatExceptionOfType(PSQLException.class)
				.isThrownBy(
						() -> connect("jane_doe", token("jane_doe"), "gizmos", Map.of("sslrootcert", other.toString())))
				.havingCause()
				.isInstanceOf(SSLHandshakeException.class);
		}
		finally {
			Files.delete(other);
		}
	}

	@Test
	void clientWhenExpectingOtherNameFailsVerification() {
		Properties properties = properties("jane_doe", token("jane_doe"), Map.of());
		assertThatExceptionOfType(PSQLException.class).isThrownBy(
				() -> DriverManager.getConnection("jdbc:postgresql://localhost:" + rds.port() + "/gizmos", properties))
			.withMessageContaining("could not be verified by hostnameverifier");
	}

	@Test
	void clientWhenNegotiatingTlsDirectlyLogsIn() throws SQLException {
		try (Connection connection = connect("jane_doe", token("jane_doe"), "gizmos",
				Map.of("sslNegotiation", "direct"))) {
			assertThat(query(connection, "SELECT 1")).isEqualTo("1");
		}
	}

	@Test
	void clientWhenAskingForGssEncryptionIsRefusedIt() throws IOException {
		try (Socket socket = dial()) {
			socket.getOutputStream()
				.write(ByteBuffer.allocate(8).putInt(8).putInt(StartupPacket.GSSENC_REQUEST).array());
			assertThat(socket.getInputStream().read()).isEqualTo('N');
			socket.getOutputStream().write(ByteBuffer.allocate(8).putInt(8).putInt(StartupPacket.SSL_REQUEST).array());
			assertThat(socket.getInputStream().read()).isEqualTo('S');
		}
	}

	@Test
	void clientWhenSpeakingAnotherProtocolIsDisconnected() throws IOException {
		try (Socket socket = dial()) {
			socket.getOutputStream()
				.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8));
			assertEnds(socket);
		}
	}

	@Test
	void statementWhenCancelledEnds() throws Exception {
		rds.execute("CREATE TABLE locked (id int); GRANT SELECT ON locked TO jane_doe");
		try (Connection locker = rds.openAdminConnection();
				Connection connection = connect("jane_doe", token("jane_doe"));
				Statement statement = connection.createStatement()) {
			locker.setAutoCommit(false);
			execute(locker, "LOCK TABLE locked");
			CompletableFuture<Void> waiting = CompletableFuture
				.runAsync(() -> assertThatExceptionOfType(SQLException.class)
					.isThrownBy(() -> statement.execute("SELECT * FROM locked"))
					.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("57014")));
			Client.awaitLocked(rds);
			statement.cancel();
			waiting.get(60, TimeUnit.SECONDS);
			assertThat(query(connection, "SELECT 1")).isEqualTo("1");
		}
		finally {
			rds.execute("DROP TABLE locked");
		}
	}

	@Test
	void resultsAndParametersWhenLargePassUnaltered() throws SQLException {
		String large = "0123456789abcdef".repeat(500_000);
		try (Connection connection = connect("jane_doe", token("jane_doe"));
				var statement = connection.prepareStatement("SELECT md5(?), ?")) {
			statement.setString(1, large);
			statement.setString(2, large);
			try (ResultSet result = statement.executeQuery()) {
				result.next();
				assertThat(result.getString(2)).isEqualTo(large);
				assertThat(result.getString(1))
					.isEqualTo(query(connection, "SELECT md5(repeat('0123456789abcdef', 500000))"));
			}
		}
	}

	@Test
	void killConnectionsTellsClientsAndCountsThem() throws SQLException {
		try (Connection one = connect("jane_doe", token("jane_doe"));
				Connection two = connect("pat", "it's a password")) {
			assertThat(rds.killConnections()).isEqualTo(2);
			for (Connection connection : List.of(one, two)) {
				assertThatExceptionOfType(SQLException.class).isThrownBy(() -> query(connection, "SELECT 1"))
					.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("57P01"));
			}
			assertThat(rds.killConnections()).isZero();
		}
		connect("jane_doe", token("jane_doe")).close();
	}

	@Test
	void cutConnectionsBreaksClientsAndCountsThem() throws SQLException {
		try (Connection connection = connect("jane_doe", token("jane_doe"))) {
			assertThat(rds.cutConnections()).isEqualTo(1);
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> query(connection, "SELECT 1"))
				.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo("08006"));
		}
	}

	@Test
	void refuseLoginsRefusesAsManyAsRequested() throws SQLException {
		rds.refuseLogins(1, "53300", "sorry, too many clients already");
		rds.refuseLogins(1, "57P03", "the database system is starting up");
		assertRefused("53300", "jane_doe", token("jane_doe"));
		assertThat(lastLogin().reason()).isEqualTo("53300: sorry, too many clients already");
		assertRefused("57P03", "pat", "it's a password");
		connect("jane_doe", token("jane_doe")).close();
	}

	@Test
	void failTokenChecksFailsValidTokensOnly() throws SQLException {
		rds.failTokenChecks(1);
		assertRefused("28000", "jane_doe", "garbage");
		connect("pat", "it's a password").close();
		assertRefused("28000", "jane_doe", token("jane_doe"));
		assertThat(lastLogin().reason()).isEqualTo("the token is valid, but its check was told to fail");
		connect("jane_doe", token("jane_doe")).close();
	}

	@Test
	void refuseConnectionsClosesAndReopensThePort() throws Exception {
		try (Connection connection = connect("jane_doe", token("jane_doe"))) {
			rds.refuseConnections(true);
			rds.refuseConnections(true);
			assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect("jane_doe", token("jane_doe")))
				.withCauseInstanceOf(ConnectException.class);
			assertThat(query(connection, "SELECT 1")).isEqualTo("1");
			rds.refuseConnections(false);
			rds.refuseConnections(false);
			connect("jane_doe", token("jane_doe")).close();
		}
		finally {
			rds.refuseConnections(false);
		}
	}

	@Test
	void rotateCredentialsEndsOldTokensAndShowsNewCredentials() throws SQLException {
		String old = token("jane_doe");
		Map<String, String> before = rds.environment();
		try (Connection connection = connect("jane_doe", old)) {
			rds.rotateCredentials();
			assertThat(rds.environment().get("AWS_ACCESS_KEY_ID")).isNotEqualTo(before.get("AWS_ACCESS_KEY_ID"));
			assertRefused("28000", "jane_doe", old);
			assertThat(lastLogin().reason()).contains("no longer valid");
			assertThat(query(connection, "SELECT 1")).isEqualTo("1");
		}
		connect("jane_doe", token("jane_doe")).close();
	}

	@Test
	void environmentHoldsWhatAFunctionNeeds() {
		assertThat(rds.environment()).containsEntry("PG_HOST", rds.endpoint())
			.containsEntry("PG_HOSTADDR", "127.0.0.1")
			.containsEntry("PG_PORT", Integer.toString(rds.port()))
			.containsEntry("PG_DBNAME", "gizmos")
			.containsEntry("PG_USER", "jane_doe")
			.containsEntry("AWS_REGION", "eu-central-1")
			.containsEntry("AWS_DEFAULT_REGION", "eu-central-1")
			.containsKeys("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
			.hasEntrySatisfying("PG_SSLROOTCERT",
					(location) -> assertThat(location).startsWith("file:///").endsWith("/ca.pem"));
	}

	@Test
	void adminConnectionIsNeitherCountedNorCut() throws SQLException {
		int logins = rds.logins().size();
		try (Connection connection = rds.openAdminConnection()) {
			assertThat(rds.cutConnections()).isZero();
			assertThat(rds.killConnections()).isZero();
			assertThat(query(connection, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")).isEqualTo("t");
		}
		assertThat(rds.logins()).hasSize(logins);
	}

	@Test
	void closeLeavesNeitherFilesNorProcesses() throws SQLException {
		RdsLookalike other = RdsLookalike.start();
		Path folder = Path.of(other.caCertificate().toString().replace("/ca.pem", ""));
		long pid;
		try (Connection connection = other.openAdminConnection()) {
			pid = Long.parseLong(query(connection, "SELECT pg_backend_pid()"));
		}
		assertThat(folder).exists();
		other.close();
		assertThat(folder).doesNotExist();
		assertThat(ProcessHandle.of(pid)).isEmpty();
		assertThat(ProcessHandle.current().descendants().map((process) -> process.info().commandLine().orElse("")))
			.noneMatch((line) -> line.contains(folder.toString()));
		other.close();
	}

	@Test
	void startWhenSettingIsWrongSaysWhatPostgresSaid() {
		assertThatIllegalStateException()
			.isThrownBy(() -> RdsLookalike.builder().setting("max_connections", "many").start())
			.withMessageContaining("invalid value for parameter \"max_connections\"");
	}

	private static Socket dial() throws IOException {
		Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), rds.port());
		socket.setSoTimeout(60_000);
		return socket;
	}

	private static void assertEnds(Socket socket) {
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> new DataInputStream(socket.getInputStream()).readFully(new byte[1]))
			.isNotInstanceOf(SocketTimeoutException.class);
	}

	private static void assertRefused(String sqlState, String user, String secret) {
		assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect(user, secret))
			.satisfies((ex) -> assertThat(ex.getSQLState()).isEqualTo(sqlState));
		assertThat(lastLogin().accepted()).isFalse();
	}

	private static Login lastLogin() {
		List<Login> logins = rds.logins();
		return logins.get(logins.size() - 1);
	}

	private static Connection connect(String user, String secret) throws SQLException {
		return connect(user, secret, "gizmos", Map.of());
	}

	private static Connection connect(String user, String secret, String database, Map<String, String> more)
			throws SQLException {
		return DriverManager.getConnection("jdbc:postgresql://" + rds.endpoint() + ":" + rds.port() + "/" + database,
				properties(user, secret, more));
	}

	private static Properties properties(String user, String secret, Map<String, String> more) {
		Properties properties = new Properties();
		properties.put("user", user);
		properties.put("password", secret);
		properties.put("sslmode", "verify-full");
		properties.put("sslrootcert", rds.caCertificate().toString());
		properties.put("socketFactory", LoopbackSocketFactory.class.getName());
		properties.putAll(more);
		return properties;
	}

	private static String query(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement(); ResultSet result = statement.executeQuery(sql)) {
			assertThat(result.next()).isTrue();
			return result.getString(1);
		}
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private static String token(String user) {
		return sign(rds.environment(), rds.endpoint(), rds.port(), user);
	}

	private static String sign(Map<String, String> environment, String host, int port, String user) {
		return RdsUtilities.builder()
			.region(Region.of(environment.get("AWS_REGION")))
			.credentialsProvider(StaticCredentialsProvider.create(credentials(environment)))
			.build()
			.generateAuthenticationToken((request) -> request.hostname(host).port(port).username(user));
	}

	private static AwsCredentials credentials(Map<String, String> environment) {
		String key = environment.get("AWS_ACCESS_KEY_ID");
		String secret = environment.get("AWS_SECRET_ACCESS_KEY");
		return environment.containsKey("AWS_SESSION_TOKEN")
				? AwsSessionCredentials.create(key, secret, environment.get("AWS_SESSION_TOKEN"))
				: AwsBasicCredentials.create(key, secret);
	}

	/**
	 * The tokens that RDS refuses, as does the lookalike.
	 */
	enum WrongToken {

		OTHER_HOST("for the host") {

			@Override
			String make() {
				return sign(rds.environment(), "localhost", rds.port(), "jane_doe");
			}

		},

		OTHER_PORT("for the port") {

			@Override
			String make() {
				return sign(rds.environment(), rds.endpoint(), 5432, "jane_doe");
			}

		},

		OTHER_REGION("for the region") {

			@Override
			String make() {
				Map<String, String> environment = rds.environment();
				environment.put("AWS_REGION", "us-east-1");
				return sign(environment, rds.endpoint(), rds.port(), "jane_doe");
			}

		},

		OTHER_SERVICE("for the service") {

			@Override
			String make() {
				return token("jane_doe").replace("rds-db", "redshift");
			}

		},

		WITHOUT_SESSION("lacks X-Amz-Security-Token") {

			@Override
			String make() {
				Map<String, String> environment = rds.environment();
				environment.remove("AWS_SESSION_TOKEN");
				return sign(environment, rds.endpoint(), rds.port(), "jane_doe");
			}

		},

		WITH_SCHEME("starts with a scheme") {

			@Override
			String make() {
				return "https://" + token("jane_doe");
			}

		},

		LONG_LIVED("X-Amz-Expires is not") {

			@Override
			String make() {
				return token("jane_doe").replace("Expires=900", "Expires=901");
			}

		},

		FORGED("signature is wrong") {

			@Override
			String make() {
				Map<String, String> environment = rds.environment();
				environment.put("AWS_SECRET_ACCESS_KEY", "guessed");
				return sign(environment, rds.endpoint(), rds.port(), "jane_doe");
			}

		};

		private final String reason;

		WrongToken(String reason) {
			this.reason = reason;
		}

		abstract String make();

	}

	private static final class OffsetClock extends Clock {

		private final Clock base;

		OffsetClock(Clock base) {
			this.base = base;
		}

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Instant instant() {
			return this.base.instant().plus(clockOffset.get());
		}

	}

}
