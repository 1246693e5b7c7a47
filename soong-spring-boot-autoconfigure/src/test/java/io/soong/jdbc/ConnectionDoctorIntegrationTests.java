package io.soong.jdbc;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import io.soong.SharedRds;
import io.soong.auth.DatabaseCredentials;
import io.soong.auth.DatabaseCredentialsProvider;
import io.soong.auth.RdsIamCredentialsProvider;
import io.soong.jdbc.ConnectionSettings.SslMode;
import io.soong.jdbc.DoctorReport.Outcome;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import software.amazon.awssdk.core.exception.SdkClientException;

import org.springframework.core.io.FileSystemResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each step of the doctor, in order and out of order. No report holds a secret.
 */
class ConnectionDoctorIntegrationTests {

	private final RdsLookalike rds = SharedRds.rds();

	@AfterEach
	void drop() throws SQLException {
		this.rds.execute("DROP SCHEMA IF EXISTS clinic CASCADE; DROP TABLE IF EXISTS \"Pati\"\"ents\", visits CASCADE");
	}

	@Test
	void reportWhenAllIsWellPasses() throws SQLException {
		this.rds.execute("CREATE TABLE visits (id serial PRIMARY KEY); GRANT ALL ON visits TO jane_doe; "
				+ "GRANT ALL ON SEQUENCE visits_id_seq TO jane_doe");
		DoctorReport report = examine(SharedRds.settings(), SharedRds.iam(), "visits");
		assertThat(report.passed()).as(report.text()).isTrue();
		assertThat(report.steps()).extracting(DoctorReport.Step::name)
			.containsExactly("dns", "tcp", "tls", "credentials", "login", "server", "rds_iam", "limits", "grants");
		assertThat(report.steps()).extracting(DoctorReport.Step::outcome).containsOnly(Outcome.PASSED);
		assertThat(report.steps()).flatExtracting(DoctorReport.Step::warnings).isEmpty();
		assertThat(seen(report, "dns")).isEqualTo(
				"soong.hostaddr is dialled: " + this.rds.address() + "; " + this.rds.endpoint() + " is not resolved");
		assertThat(seen(report, "tcp")).containsPattern(this.rds.address() + ", port \\d+: connected in \\d+ ms");
		assertThat(seen(report, "tls")).contains("TLSv1.3, TLS_", "certificate 1: ", "\nissued by ", "\nvalid from ",
				"names: ", this.rds.endpoint(), "verified: certificates by soong.ssl.root-cert");
		assertThat(seen(report, "credentials"))
			.contains("IAM token of", "for 'jane_doe'",
					"signed for " + this.rds.endpoint() + ":" + this.rds.port() + " in " + this.rds.region())
			.containsPattern("signed at 2\\d{3}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ by")
			.containsPattern("the token is valid until 2\\d{3}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
		assertThat(seen(report, "login")).containsPattern("logged in as 'jane_doe' in \\d+ ms \\(backend \\d+\\)");
		assertThat(seen(report, "server")).containsPattern("PostgreSQL \\d+")
			.contains("session user 'jane_doe', database '" + this.rds.database() + "'", "not in recovery");
		assertThat(seen(report, "rds_iam")).isEqualTo("'jane_doe' is a member of rds_iam");
		assertThat(seen(report, "limits")).containsPattern("max_connections \\d+, of which \\d+ are reserved")
			.contains("role \"jane_doe\": no CONNECTION LIMIT", "soong.connection.max 1 ");
		assertThat(seen(report, "grants")).isEqualTo("\"public\".\"visits\": SELECT, INSERT, UPDATE, DELETE");
	}

	@Test
	void nameWhenUnknownFailsAndSkipsWhatNeedsIt() {
		DoctorReport report = examine(
				ConnectionSettings.builder("no-such-host.invalid").dbname("gizmos").user("jane_doe"), SharedRds.iam());
		assertFails(report, "dns", "The host name 'no-such-host.invalid' cannot be resolved",
				"Check soong.host (PG_HOST) for a typing error");
		for (String name : List.of("tcp", "tls", "login", "server", "rds_iam", "limits", "grants")) {
			assertThat(step(report, name).outcome()).as(name).isEqualTo(Outcome.SKIPPED);
			assertThat(step(report, name).seen()).as(name).containsExactly("needs dns");
		}
		assertThat(step(report, "credentials").outcome()).isEqualTo(Outcome.PASSED);
	}

	@Test
	void stepBeforeTheOthersWhenFailedSkipsThem() {
		DoctorReport.Step settings = new DoctorReport.Step("settings", Outcome.FAILED, List.of("no"), List.of(),
				List.of("Correct it"));
		try (SoongDataSource dataSource = new SoongDataSource(SharedRds.settings().build(), SharedRds.iam())) {
			DoctorReport report = new ConnectionDoctor(dataSource, List.of()).examine(settings);
			assertThat(report.steps()).hasSize(10).startsWith(settings);
			assertThat(report.steps().subList(1, 10)).allSatisfy((step) -> {
				assertThat(step.outcome()).isEqualTo(Outcome.SKIPPED);
				assertThat(step.seen()).containsExactly("needs settings");
			});
			assertThat(ConnectionDoctor.withoutDataSource(settings)).isEqualTo(report);
		}
	}

	@Test
	void portWhenClosedFails() throws IOException {
		int closed;
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			closed = socket.getLocalPort();
		}
		DoctorReport report = examine(SharedRds.settings().hostaddr("127.0.0.1").port(closed), SharedRds.iam());
		assertFails(report, "tcp", "The server 127.0.0.1:" + closed + " refused the connection",
				"Check soong.port (PG_PORT) and soong.host (PG_HOST), and that the database is running");
		assertThat(seen(report, "tcp")).containsPattern("127.0.0.1, port \\d+: Connection refused after \\d+ ms");
		assertThat(seen(report, "login")).isEqualTo("needs tcp");
	}

	@Test
	void certificateWhenOfAnotherAuthorityFailsAndIsShown() {
		DoctorReport report = examine(SharedRds.settings().rootCert(null), SharedRds.iam());
		assertFails(report, "tls", "comes from none of the trusted roots (the RDS roots of eu-central-1)",
				"Set soong.ssl.root-cert (PG_SSLROOTCERT)");
		assertThat(seen(report, "tls")).contains("certificate 1: ", "\nissued by ", "names: ")
			.doesNotContain("verified: ");
		assertThat(seen(report, "login")).isEqualTo("needs tls");
	}

	@Test
	void certificateWhenForAnotherNameFailsAndIsShown() {
		DoctorReport report = examine(SharedRds.settings("db.example.com"), SharedRds.iam());
		assertFails(report, "tls", "The certificate of db.example.com", "set soong.iam.host");
		assertThat(seen(report, "tls")).contains("names: " + this.rds.endpoint());
	}

	@Test
	void serverWhenItIsNotVerifiedIsWarnedOf() {
		DoctorReport report = examine(SharedRds.settings().user("bob").rootCert(null).sslMode(SslMode.REQUIRE),
				SharedRds.password("bob", SharedRds.PASSWORD));
		assertThat(report.passed()).as(report.text()).isTrue();
		assertThat(step(report, "tls").warnings()).singleElement()
			.asString()
			.contains("another server could answer", "Set soong.ssl.mode=verify-full");
		DoctorReport plain = examine(SharedRds.settings().user("bob").rootCert(null).sslMode(SslMode.DISABLE),
				SharedRds.password("bob", SharedRds.PASSWORD));
		assertThat(step(plain, "tls").outcome()).isEqualTo(Outcome.SKIPPED);
	}

	@Test
	void serverWithoutTlsFails() throws Exception {
		try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
			Thread refusal = new Thread(() -> {
				try {
					// The first connection is the one of the step before
					server.accept().close();
					try (Socket socket = server.accept()) {
						socket.getInputStream().readNBytes(8);
						socket.getOutputStream().write('N');
					}
				}
				catch (IOException ex) {
					throw new IllegalStateException(ex);
				}
			});
			refusal.start();
			DoctorReport report = examine(
					ConnectionSettings.builder("127.0.0.1").port(server.getLocalPort()).user("bob"),
					SharedRds.password("bob", SharedRds.PASSWORD));
			refusal.join();
			assertFails(report, "tls", "does not offer TLS, but soong.ssl.mode is verify-full",
					"soong.ssl.mode=prefer (PG_SSLMODE)");
		}
	}

	@Test
	void tokenWhenOfAnotherRegionIsWarnedOfAndRefused() {
		DoctorReport report = examine(SharedRds.settings(), SharedRds.iam("us-west-2"));
		assertThat(step(report, "credentials").warnings()).singleElement()
			.asString()
			.contains("The endpoint's name says eu-central-1, and the token is for us-west-2");
		assertFails(report, "login", "RDS did not accept the IAM token (28000)",
				"rds-db:connect on arn:aws:rds-db:us-west-2:ACCOUNT:dbuser:RESOURCE_ID/jane_doe");
		assertThat(seen(report, "login")).contains("server's text: PAM authentication failed");
		assertThat(seen(report, "server")).isEqualTo("needs login");
	}

	@Test
	void credentialsWhenThereAreNoneFail() {
		DoctorReport report = examine(SharedRds.settings(), new RdsIamCredentialsProvider("eu-central-1", () -> {
			throw SdkClientException.create("the chain is empty");
		}));
		assertFails(report, "credentials", "Found no AWS credentials to sign the IAM token with",
				"Check where the credentials come from");
		assertThat(seen(report, "login")).isEqualTo("needs credentials");
	}

	@Test
	void passwordWhenWrongIsRefused() {
		DoctorReport report = examine(SharedRds.settings().user("bob"),
				SharedRds.password("bob", "wrong-" + SharedRds.PASSWORD));
		assertFails(report, "login", "wrong password, or no such role (28P01)",
				"Check soong.user (PG_USER) and soong.password (PG_PASSWORD)");
	}

	@Test
	void roleWhenNotInRdsIamIsToldTheGrant() {
		DoctorReport report = examine(SharedRds.settings().user("bob"), SharedRds.iam());
		assertFails(report, "login", "Login to", "run: GRANT rds_iam TO \"bob\"");
	}

	@Test
	void roleWhenInRdsIamAndWithPasswordIsRefused() {
		DoctorReport report = examine(SharedRds.settings(), SharedRds.password("jane_doe", SharedRds.PASSWORD));
		assertFails(report, "login", "PAM authentication failed", "REVOKE rds_iam FROM \"jane_doe\"");
	}

	@Test
	void limitsWhenBelowTheMaximumFail() throws SQLException {
		this.rds.execute("ALTER ROLE jane_doe CONNECTION LIMIT 2");
		try {
			assertFails(examine(SharedRds.settings().max(3), SharedRds.iam()), "limits",
					"soong.connection.max is 3, but role \"jane_doe\" allows 2",
					"Set soong.connection.max=2, or run: ALTER ROLE \"jane_doe\" CONNECTION LIMIT -1");
			assertFails(examine(SharedRds.settings().max(5000), SharedRds.iam()), "limits",
					"soong.connection.max is 5000, but the server allows ", "raise max_connections");
		}
		finally {
			this.rds.execute("ALTER ROLE jane_doe CONNECTION LIMIT -1");
		}
	}

	@Test
	void grantsWhenMissingAreToldAsStatementsThatHelp() throws SQLException {
		this.rds.execute("CREATE SCHEMA clinic; CREATE TABLE clinic.visits (id serial PRIMARY KEY, "
				+ "room int GENERATED ALWAYS AS IDENTITY); GRANT SELECT ON clinic.visits TO bob; "
				+ "CREATE TABLE \"Pati\"\"ents\" (id int); GRANT SELECT, INSERT, UPDATE ON \"Pati\"\"ents\" TO bob");
		String[] tables = { "clinic.visits", "\"Pati\"\"ents\"", "nowhere", "visits", "a.b.c" };
		DoctorReport report = examineAsBob(tables);
		assertThat(step(report, "grants").outcome()).isEqualTo(Outcome.FAILED);
		assertThat(step(report, "grants").seen()).containsExactly(
				"\"clinic\".\"visits\": missing USAGE on the schema; INSERT, UPDATE, DELETE; USAGE on the sequence "
						+ "\"clinic\".\"visits_id_seq\"",
				"\"public\".\"Pati\"\"ents\": missing DELETE", "\"nowhere\": there is no such table in this database",
				"\"visits\": not in the search path, but there is \"clinic\".\"visits\"",
				"soong.doctor.tables: 'a.b.c' is not the name of a table");
		List<String> grants = step(report, "grants").fixes()
			.stream()
			.filter((fix) -> fix.startsWith("GRANT "))
			.toList();
		assertThat(grants).containsExactly("GRANT USAGE ON SCHEMA \"clinic\" TO \"bob\"",
				"GRANT INSERT, UPDATE, DELETE ON TABLE \"clinic\".\"visits\" TO \"bob\"",
				"GRANT USAGE ON SEQUENCE \"clinic\".\"visits_id_seq\" TO \"bob\"",
				"GRANT DELETE ON TABLE \"public\".\"Pati\"\"ents\" TO \"bob\"");
		for (String grant : grants) {
			this.rds.execute(grant);
		}
		assertThat(examineAsBob("clinic.visits", "\"Pati\"\"ents\"").passed()).isTrue();
	}

	@Test
	void grantsOfAViewAreThoseForWhatCanBeDoneWithIt() throws SQLException {
		this.rds
			.execute("CREATE SCHEMA clinic; CREATE TABLE clinic.visits (id int); GRANT USAGE ON SCHEMA clinic TO bob; "
					+ "CREATE VIEW clinic.total AS SELECT count(*) FROM clinic.visits; "
					+ "CREATE MATERIALIZED VIEW clinic.daily AS SELECT * FROM clinic.visits; "
					+ "CREATE VIEW clinic.recent AS SELECT * FROM clinic.visits WHERE id > 7");
		String[] tables = { "clinic.total", "clinic.daily", "clinic.recent" };
		DoctorReport report = examineAsBob(tables);
		assertThat(step(report, "grants").seen()).containsExactly("\"clinic\".\"total\": missing SELECT",
				"\"clinic\".\"daily\": missing SELECT",
				"\"clinic\".\"recent\": missing SELECT, INSERT, UPDATE, DELETE");
		for (String grant : step(report, "grants").fixes()) {
			this.rds.execute(grant);
		}
		DoctorReport granted = examineAsBob(tables);
		assertThat(granted.passed()).as(granted.text()).isTrue();
		assertThat(step(granted, "grants").seen()).containsExactly("\"clinic\".\"total\": SELECT; it cannot be written",
				"\"clinic\".\"daily\": SELECT; it cannot be written",
				"\"clinic\".\"recent\": SELECT, INSERT, UPDATE, DELETE");
	}

	@Test
	void serverWhenAStandbyFailsForAWriterAndIsToldOtherwise() throws Exception {
		try (RdsLookalike cluster = RdsLookalike.builder()
			.endpoint("gizmos.cluster-c0ffee123456.eu-central-1.rds.amazonaws.com")
			.iamUser("jane_doe")
			.passwordUser("bob", SharedRds.PASSWORD)
			.start()) {
			cluster.demote();
			ConnectionSettings.Builder settings = ConnectionSettings.builder(cluster.endpoint())
				.hostaddr(cluster.address())
				.port(cluster.port())
				.dbname(cluster.database())
				.user("bob")
				.rootCert(new FileSystemResource(cluster.caCertificate()));
			DatabaseCredentialsProvider bob = SharedRds.password("bob", SharedRds.PASSWORD);
			DoctorReport writer = examine(settings, bob);
			assertThat(step(writer, "login").outcome()).isEqualTo(Outcome.PASSED);
			assertFails(writer, "server", "leads to a server that only reads", "After a failover this passes");
			assertThat(seen(writer, "limits")).isEqualTo("needs server");
			DoctorReport other = examine(settings.sslMode(SslMode.VERIFY_CA).iamEndpoint("db.example.com", null), bob);
			assertThat(other.passed()).as(other.text()).isTrue();
			assertThat(step(other, "server").warnings()).singleElement()
				.asString()
				.contains("Every write fails on this server (25006)");
		}
	}

	@Test
	void roleWhenInRdsIamWhereThePasswordIsAcceptedIsWarned() throws SQLException {
		DatabaseCredentials jane = SharedRds.iam().credentials(SharedRds.settings().build().endpoint());
		StepNotes notes = new StepNotes("rds_iam");
		try (SoongDataSource dataSource = new SoongDataSource(SharedRds.settings().build(), (endpoint) -> jane);
				Connection connection = dataSource.getConnection()) {
			new DatabaseCheck(connection, dataSource.settings(),
					UsedCredentials.of(new DatabaseCredentials("jane_doe", "secret")))
				.membership(notes);
		}
		assertThat(notes.toStep().warnings()).singleElement()
			.asString()
			.contains("RDS refuses passwords of members of rds_iam", "REVOKE rds_iam FROM \"jane_doe\"");
	}

	/**
	 * The driver waits for each message anew.
	 */
	@Test
	@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
	void serverThatSendsNoticesForeverIsLeft() throws Exception {
		try (TalkingServer server = new TalkingServer(new byte[] { 'N', 0, 0, 0, 5, 0 });
				SoongDataSource dataSource = server.dataSource()) {
			DoctorReport report = new ConnectionDoctor(dataSource, List.of(), Duration.ofMillis(50)).examine();
			assertFails(report, "server", "The server did not answer within 50 ms", "Check the load of the database");
			assertThat(seen(report, "login")).contains("logged in as 'bob'");
			assertThat(seen(report, "rds_iam")).isEqualTo("needs server");
			server.awaitEnd();
		}
	}

	@Test
	void serverThatRepeatsThePasswordIsNotQuoted() throws Exception {
		try (ImpostorServer server = new ImpostorServer(null, ImpostorServer.CLEAR_TEXT,
				ImpostorServer.error("28000", "What to do: open\nsesame for " + SharedRds.PASSWORD))) {
			DoctorReport report = examine(ConnectionSettings.builder("127.0.0.1")
				.port(server.port())
				.dbname("gizmos")
				.user("bob")
				.sslMode(SslMode.DISABLE), SharedRds.password("bob", SharedRds.PASSWORD));
			assertThat(seen(report, "dns")).isEqualTo("127.0.0.1 is an address, and is not resolved");
			assertFails(report, "login", "was refused: What to do: open sesame for ****** (28000)",
					"Check soong.user (PG_USER)");
			assertThat(String.join("\n", step(report, "login").fixes())).doesNotContain("connected to", "TLS: ");
		}
	}

	@Test
	void providerThatFailsWithItsPasswordIsNotQuoted() {
		DoctorReport report = examine(SharedRds.settings().user("bob"), (endpoint) -> {
			throw new IllegalStateException("{\"username\":\"bob\",\"password\":\"" + SharedRds.PASSWORD + "\"}");
		});
		assertFails(report, "credentials", "the provider failed with java.lang.IllegalStateException",
				"Check where the credentials come from");
	}

	@Test
	void connectionsOfOtherRolesAreCounted() throws SQLException {
		DatabaseCredentialsProvider bob = SharedRds.password("bob", SharedRds.PASSWORD);
		try (SoongDataSource others = new SoongDataSource(SharedRds.settings().user("bob").build(), bob);
				Connection one = others.openConnection();
				Connection two = others.openConnection()) {
			assertThat(one.isValid(1) && two.isValid(1)).isTrue();
			DoctorReport report = examine(SharedRds.settings(), SharedRds.iam());
			assertThat(seen(report, "limits"))
				.containsPattern("are reserved; ([2-9]|\\d\\d+) other connections are open");
		}
	}

	@Test
	void nameWithQuotesIsQuotedInWhatIsToBeRun() {
		DoctorReport report = examine(SharedRds.settings().user("a\"; DROP TABLE x; --"), SharedRds.iam());
		assertFails(report, "login", "as 'a\"; DROP TABLE x; --'", "GRANT rds_iam TO \"a\"\"; DROP TABLE x; --\"");
	}

	private DoctorReport examineAsBob(String... tables) {
		return examine(SharedRds.settings().user("bob"), SharedRds.password("bob", SharedRds.PASSWORD), tables);
	}

	/**
	 * Examines a connection, and checks that the report holds none of the secrets.
	 */
	private DoctorReport examine(ConnectionSettings.Builder settings, DatabaseCredentialsProvider credentials,
			String... tables) {
		List<String> tokens = new CopyOnWriteArrayList<>();
		try (SoongDataSource dataSource = new SoongDataSource(settings.build(), (endpoint) -> {
			DatabaseCredentials resolved = credentials.credentials(endpoint);
			if (resolved.isToken()) {
				String token = Objects.requireNonNull(resolved.secret());
				tokens.add(token.substring(token.indexOf("X-Amz-Signature=")));
			}
			return resolved;
		})) {
			DoctorReport report = new ConnectionDoctor(dataSource, List.of(tables)).examine();
			String text = report.text() + report.toMap();
			assertThat(text).doesNotContain("X-Amz-", SharedRds.PASSWORD,
					SharedRds.rds().environment().get("AWS_SECRET_ACCESS_KEY"),
					SharedRds.rds().environment().get("AWS_SESSION_TOKEN"),
					SharedRds.rds().environment().get("AWS_ACCESS_KEY_ID"));
			tokens.forEach((token) -> assertThat(text).doesNotContain(token));
			assertThat(tokens).hasSizeLessThanOrEqualTo(1);
			return report;
		}
	}

	private static void assertFails(DoctorReport report, String name, String what, String fix) {
		assertThat(report.passed()).as(report.text()).isFalse();
		assertThat(step(report, name).outcome()).as(report.text()).isEqualTo(Outcome.FAILED);
		assertThat(seen(report, name)).contains(what);
		assertThat(String.join("\n", step(report, name).fixes())).contains(fix);
		assertThat(report.text()).contains("Failed: " + name);
	}

	private static DoctorReport.Step step(DoctorReport report, String name) {
		return report.steps().stream().filter((step) -> step.name().equals(name)).findFirst().orElseThrow();
	}

	private static String seen(DoctorReport report, String name) {
		return String.join("\n", step(report, name).seen());
	}

	/**
	 * A server that accepts a login, and answers the first query with the same message
	 * until the client leaves.
	 */
	private static final class TalkingServer implements AutoCloseable {

		private final ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());

		private final byte[] message;

		private final Thread thread = new Thread(this::run, "talking");

		TalkingServer(byte[] message) throws IOException {
			this.message = message;
			this.thread.start();
		}

		SoongDataSource dataSource() {
			return new SoongDataSource(ConnectionSettings.builder("127.0.0.1")
				.port(this.server.getLocalPort())
				.dbname("gizmos")
				.user("bob")
				.sslMode(SslMode.DISABLE)
				.build(), SharedRds.password("bob", SharedRds.PASSWORD));
		}

		void awaitEnd() throws InterruptedException {
			this.thread.join();
		}

		private void run() {
			try {
				// The first connection is the one of the step before
				this.server.accept().close();
				try (Socket socket = this.server.accept()) {
					DataInputStream in = new DataInputStream(socket.getInputStream());
					in.readNBytes(in.readInt() - 4);
					OutputStream out = socket.getOutputStream();
					out.write(ImpostorServer.ACCEPT);
					in.read();
					while (true) {
						out.write(this.message);
					}
				}
			}
			catch (IOException ex) {
				// The client left
				return;
			}
		}

		@Override
		public void close() throws IOException {
			this.server.close();
		}

	}

}
