package io.soong.jdbc;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.sql.SQLException;
import java.time.Duration;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

import io.soong.auth.DatabaseCredentials;
import io.soong.jdbc.ConnectionSettings.SslMode;
import io.soong.jdbc.SoongConnectionException.Step;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which cause a failed step has, and what stands in the diagnosis.
 */
class ConnectionDiagnosisTests {

	private static final String RDS = "gizmos.c0ffee123456.eu-central-1.rds.amazonaws.com";

	private static final String TOKEN = "db:5432/?Action=connect&DBUser=jane_doe&X-Amz-Credential="
			+ "AKID%2F20261122%2Feu-west-1%2Frds-db%2Faws4_request&X-Amz-Date=20261122T101500Z&X-Amz-Signature=abc";

	private static final String CHECK_SERVER = "Check that db:5432 is a PostgreSQL server, and what stands between";

	private final ConnectionSettings.Builder settings = ConnectionSettings.builder("db");

	@Test
	void nameWhenUnknownIsTransient() {
		Finding finding = find(Step.DNS, failure(new UnknownHostException("db")));
		assertThat(finding).isEqualTo(new Finding("The host name 'db' cannot be resolved", true,
				"Check soong.host (PG_HOST) for a typing error",
				"If the name is right, check that the function's VPC has DNS resolution switched on and that the "
						+ "database still exists"));
	}

	@Test
	void nameWhenLookUpTakesTooLongIsToldFromAnUnknownName() {
		assertThat(find(Step.DNS, failure(new SocketTimeoutException())).what())
			.isEqualTo("The look-up of the host name 'db' did not answer in time");
	}

	@Test
	void nameWhenAnAddressIsDialledIsThatAddress() {
		this.settings.hostaddr("10.0.0.1");
		Finding finding = find(Step.DNS, failure(new UnknownHostException("10.0.0.1")));
		assertThat(finding.what()).isEqualTo("The host name '10.0.0.1' cannot be resolved");
		assertThat(finding.fixes()).first().isEqualTo("Check soong.hostaddr (PG_HOSTADDR) for a typing error");
	}

	@Test
	void serverWhenItRefusesTheConnectionIsCheckedForItsPortFirst() {
		Finding finding = find(Step.TCP, failure(new ConnectException("Connection refused")));
		assertThat(finding.what()).isEqualTo("The server db:5432 refused the connection");
		assertThat(finding.isTransient()).isTrue();
		assertThat(finding.fixes()).hasSize(2)
			.first()
			.isEqualTo("Check soong.port (PG_PORT) and soong.host (PG_HOST), and that the database is running");
	}

	@Test
	void serverWhenItDoesNotAnswerIsCheckedForItsSecurityGroupFirst() {
		this.settings.hostaddr("10.0.0.1").port(6432);
		Finding finding = find(Step.TCP, failure(new SocketTimeoutException()));
		assertThat(finding.what()).isEqualTo("The server 10.0.0.1:6432 did not answer in time");
		assertThat(finding.isTransient()).isTrue();
		assertThat(finding.fixes()).hasSize(2)
			.first()
			.asString()
			.startsWith("Check that the database's security group lets the function's security group in on port 6432");
	}

	@Test
	void serverWhenNoneIsConfiguredIsNotWaitedFor() {
		this.settings.hostIsDefault(true);
		Finding refused = find(Step.TCP, failure(new ConnectException("Connection refused")));
		assertThat(refused.what())
			.isEqualTo("No database is configured, and there is none on this machine (db:5432 refused the connection)");
		assertThat(refused.isTransient()).isFalse();
		assertThat(refused.fixes()).singleElement().asString().startsWith("Set soong.host (PG_HOST), or, for tests");
		Finding silent = find(Step.TCP, failure(new SocketTimeoutException()));
		assertThat(silent.what()).isEqualTo("The server db:5432 did not answer in time");
		assertThat(silent.isTransient()).isTrue();
	}

	@Test
	void serverWithoutTlsIsNotTransient() {
		Finding finding = find(Step.TLS, new PSQLException("no SSL", PSQLState.CONNECTION_REJECTED));
		assertThat(finding)
			.isEqualTo(new Finding("The server db:5432 does not offer TLS, but soong.ssl.mode is verify-full", false,
					"Switch TLS on at the server, or for a database on your own machine set soong.ssl.mode=prefer "
							+ "(PG_SSLMODE)"));
	}

	@Test
	void certificateWhenExpiredIsToldFromOneOfAnotherAuthority() {
		Finding finding = find(Step.TLS,
				failure(new SSLHandshakeException("PKIX path validation failed")
					.initCause(new CertPathValidatorException("validity check failed",
							new CertificateExpiredException("NotAfter: Sun Nov 22 10:15:00 UTC 2026")))));
		assertThat(finding).isEqualTo(new Finding("The certificate of db:5432 has expired", false,
				"Rotate the database's certificate (rds-ca-rsa2048-g1 or newer)", "Check this machine's clock"));
	}

	@Test
	void certificateWhenNotValidYetIsToldFromOneOfAnotherAuthority() {
		Finding finding = find(Step.TLS,
				failure(new SSLHandshakeException("PKIX path validation failed")
					.initCause(new CertPathValidatorException("validity check failed",
							new CertificateNotYetValidException("NotBefore: Sun Nov 29 10:15:00 UTC 2026")))));
		assertThat(finding)
			.isEqualTo(new Finding("The certificate of db:5432 is not valid yet", false, "Check this machine's clock"));
	}

	@Test
	void certificateWhenOfAnotherAuthorityNamesTheTrustedRoots() {
		this.settings.rootCert(new ByteArrayResource(new byte[0], "our-ca.pem"));
		for (Exception cause : new Exception[] { new CertPathBuilderException("unable to find a path"),
				new CertPathValidatorException("signature check failed") }) {
			Finding finding = find(Step.TLS,
					failure(new SSLHandshakeException("PKIX").initCause(new CertificateException("PKIX", cause))));
			assertThat(finding).isEqualTo(new Finding(
					"The certificate of db:5432 comes from none of the trusted roots (soong.ssl.root-cert "
							+ "Byte array resource [our-ca.pem])",
					false, "Set soong.ssl.root-cert (PG_SSLROOTCERT) to the certificate authority of this server",
					"If this is a CNAME or a tunnel, set soong.iam.host to the real endpoint",
					"If you did not expect another authority, something stands between you and the database"));
		}
	}

	@Test
	void certificateWhenForAnotherNameSaysWhichNameToConnectTo() {
		Finding finding = find(Step.TLS,
				failure(new SSLException("x", new CertificateException("No name matching db found."))));
		assertThat(finding).isEqualTo(new Finding(
				"The certificate of db:5432 was not accepted: No name matching db found", false,
				"Connect to the name the certificate is for; where that name is a CNAME or a tunnel, set soong.iam.host "
						+ "(or soong.hostaddr, PG_HOSTADDR) as well"));
	}

	@Test
	void rootCertificateWhenItCannotBeReadIsNoFaultOfTheServer() {
		Finding finding = find(Step.TLS, failure(new SSLException("x",
				new CertificateException("soong.ssl.root-cert (PG_SSLROOTCERT) names a file which cannot be read"))));
		assertThat(finding)
			.isEqualTo(new Finding("soong.ssl.root-cert (PG_SSLROOTCERT) names a file which cannot be read", false,
					"Nothing was sent to the server"));
	}

	@Test
	void handshakeWhenItIsCutIsTransient() {
		for (Exception cut : new Exception[] { new SocketException("Connection reset"),
				new SocketTimeoutException("Read timed out"), new EOFException("SSL peer shut down") }) {
			assertThat(find(Step.TLS, failure(new SSLException("handshake", cut)))).isEqualTo(
					new Finding("TLS with db:5432 could not be negotiated: " + cut.getMessage(), true, CHECK_SERVER));
		}
		assertThat(find(Step.TLS, failure(new SSLException("Unsupported or unrecognized SSL message"))))
			.isEqualTo(new Finding("TLS with db:5432 could not be negotiated: Unsupported or unrecognized SSL message",
					false, CHECK_SERVER));
	}

	/**
	 * The driver's state for an authentication that it does not support is the one for a
	 * server without TLS.
	 */
	@ParameterizedTest
	@CsvSource({ "LOGIN, true, 28P01", "LOGIN, false, 08004", "TLS, true, 08004" })
	void stateWhenTheServerAsksForNoTokenIsThatOfAWrongPassword(Step step, boolean token, String state) {
		PSQLException refusal = new PSQLException("unsupported", PSQLState.CONNECTION_REJECTED);
		SoongConnectionException failure = diagnose(step, refusal, credentials(token ? TOKEN : "s3cret"));
		assertThat(failure.getSQLState()).isEqualTo(state);
		assertThat((Throwable) failure).hasCause(refusal);
	}

	@Test
	void stateOfTheServerIsKept() {
		assertThat(diagnose(Step.LOGIN, refusal("08004", "server rejected the connection"), credentials(TOKEN))
			.getSQLState()).isEqualTo("08004");
		assertThat(diagnose(Step.LOGIN, new SQLException("unsupported", "08004"), null).getSQLState())
			.isEqualTo("08004");
	}

	@Test
	void stateWhenThereIsNoneIsThatOfAFailedConnection() {
		assertThat(diagnose(Step.TCP, new SQLException("no state"), null).getSQLState()).isEqualTo("08001");
	}

	@Test
	void diagnosisListsWhatWasTriedAndTheFixes() {
		this.settings.hostaddr("10.0.0.1").dbname("gizmos").iamEndpoint(RDS, 6432).user("configured");
		SoongConnectionException failure = diagnose(Step.LOGIN, refusal("57P03", "the system is starting up."),
				credentials(TOKEN), 2);
		assertThat(failure.diagnosis()).isEqualTo("""
				Login to %1$s:6432/gizmos as 'jane_doe' was refused: the server is starting up or shutting down (57P03).
				  failed at: LOGIN after 1500 ms and 2 attempts
				  server's text: the system is starting up
				  connected to: 10.0.0.1:5432
				  endpoint: %1$s:6432/gizmos
				  user: jane_doe
				  authentication: IAM, signed for eu-west-1
				  credentials: IAM token of long-lived credentials, without session token, signed at \
				2026-11-22T10:15:00Z by this machine's clock
				  TLS: verify-full, trusting the RDS roots of eu-central-1
				What to do:
				  - Try again in a moment.""".formatted(RDS));
		assertThat((Throwable) failure).hasMessage("Login to " + RDS + ":6432/gizmos as 'jane_doe' was refused: the "
				+ "server is starting up or shutting down (57P03). The server's text: the system is starting up. Try "
				+ "again in a moment.");
	}

	@Test
	void diagnosisWithoutCredentialsSaysThatThereAreNone() {
		SoongConnectionException failure = diagnose(Step.TCP, failure(new ConnectException("Connection refused")),
				null);
		assertThat(failure.diagnosis()).contains("""
				  failed at: TCP after 1500 ms and 1 attempt
				  connected to: db:5432
				  endpoint: db:5432/default
				  user: (named by the credentials)
				  authentication: none yet
				  credentials: none yet
				  TLS: verify-full, trusting the JVM's own store
				""");
		assertThat((Throwable) failure).hasMessage("The server db:5432 refused the connection. Check soong.port "
				+ "(PG_PORT) and soong.host (PG_HOST), and that the database is running.");
	}

	@Test
	void userBeforeThereAreCredentialsIsTheConfiguredOne() {
		this.settings.user("configured");
		SQLException refused = failure(new ConnectException("Connection refused"));
		assertThat(diagnose(Step.TCP, refused, null).diagnosis()).contains("  user: configured\n");
		assertThat(diagnose(Step.TCP, refused, credentials("s3cret")).diagnosis()).contains("  user: jane_doe\n",
				"  authentication: password\n", "  credentials: password\n");
	}

	@Test
	void tokenWithoutARegionIsSaidToBeOfAnUnknownOne() {
		assertThat(diagnose(Step.LOGIN, refusal("57P03", "starting"), credentials("X-Amz-Signature=abc")).diagnosis())
			.contains("  authentication: IAM, signed for an unknown region\n");
	}

	@Test
	void serverTextThatIsPartOfTheCauseIsNotRepeated() {
		assertThat((Throwable) diagnose(Step.LOGIN, refusal("XX000", "out of memory."), credentials("s3cret")))
			.hasMessage("Login to db:5432/default as 'jane_doe' was refused: out of memory (XX000). Check the server's "
					+ "log.");
	}

	@Test
	void rootsAreThoseOfTheSettings() {
		assertThat(roots(ConnectionSettings.builder("db"))).isEqualTo("the JVM's own store");
		assertThat(roots(ConnectionSettings.builder("db").sslMode(SslMode.VERIFY_CA))).isEqualTo("the JVM's own store");
		assertThat(roots(ConnectionSettings.builder(RDS))).isEqualTo("the RDS roots of eu-central-1");
		assertThat(roots(ConnectionSettings.builder("gizmos.global-c0ffee123456.global.rds.amazonaws.com")))
			.isEqualTo("the RDS roots of all regions");
		ByteArrayResource ca = new ByteArrayResource(new byte[0], "our-ca.pem");
		assertThat(roots(ConnectionSettings.builder(RDS).rootCert(ca)))
			.isEqualTo("soong.ssl.root-cert Byte array resource [our-ca.pem]");
		assertThat(roots(ConnectionSettings.builder(RDS).sslContext(ConnectionDiagnosisTests::noContext)))
			.isEqualTo("soong.ssl.bundle");
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "VERIFY_CA", "VERIFY_FULL" })
	void rootsWhenTheServerIsNotVerifiedAreAnybody(SslMode mode) {
		assertThat(roots(ConnectionSettings.builder(RDS).sslMode(mode))).isEqualTo("any server");
	}

	private static SSLContext noContext() {
		throw new AssertionError("nothing is opened");
	}

	private static String roots(ConnectionSettings.Builder settings) {
		return new ConnectionDiagnosis(settings.build(), new CanonicalName("dns://127.0.0.1:1")).roots();
	}

	private Finding find(Step step, SQLException failure) {
		return diagnosis().finding(step, failure, null);
	}

	private SoongConnectionException diagnose(Step step, SQLException failure, @Nullable UsedCredentials credentials) {
		return diagnose(step, failure, credentials, 1);
	}

	private SoongConnectionException diagnose(Step step, SQLException failure, @Nullable UsedCredentials credentials,
			int attempts) {
		return diagnosis().of(step, failure, credentials, attempts, Duration.ofMillis(1500));
	}

	private ConnectionDiagnosis diagnosis() {
		return new ConnectionDiagnosis(this.settings.build(), new CanonicalName("dns://127.0.0.1:1"));
	}

	private static UsedCredentials credentials(String secret) {
		return UsedCredentials.of(new DatabaseCredentials("jane_doe", secret));
	}

	private static SQLException failure(Throwable cause) {
		return new PSQLException("The connection attempt failed.", PSQLState.CONNECTION_UNABLE_TO_CONNECT, cause);
	}

	private static SQLException refusal(String state, String text) {
		return new PSQLException(new ServerErrorMessage("SFATAL\0C" + state + "\0M" + text + "\0\0"), false);
	}

}
