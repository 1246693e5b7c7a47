package io.soong.jdbc;

import java.io.EOFException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.soong.auth.DatabaseEndpoint;
import io.soong.jdbc.SoongConnectionException.Step;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;

/**
 * Turns a failed attempt to connect into an exception that says what was refused and how
 * to fix it. Thread-safe.
 */
final class ConnectionDiagnosis {

	private final ConnectionSettings settings;

	private final DatabaseEndpoint endpoint;

	private final CanonicalName canonicalName;

	private volatile @Nullable Optional<String> rdsEndpoint;

	ConnectionDiagnosis(ConnectionSettings settings, CanonicalName canonicalName) {
		this.settings = settings;
		this.endpoint = settings.endpoint();
		this.canonicalName = canonicalName;
	}

	SoongConnectionException of(Step step, SQLException failure, @Nullable UsedCredentials credentials, int attempts,
			Duration elapsed) {
		Finding finding = finding(step, failure, credentials);
		String state = state(step, failure, credentials);
		String serverText = ServerText.of(failure);
		String said = (serverText != null && !finding.what().contains(serverText))
				? ". The server's text: " + serverText : "";
		String message = finding.what() + said + ". " + finding.fixes().get(0) + ".";
		return new SoongConnectionException(message, step, finding.isTransient(),
				diagnosis(step, finding, serverText, credentials, attempts, elapsed), state,
				ServerText.harmless(failure));
	}

	/**
	 * Finds the cause of a failed attempt.
	 * @param credentials what is known of the credentials, or {@code null}
	 */
	Finding finding(Step step, SQLException failure, @Nullable UsedCredentials credentials) {
		if (Causes.find(failure, InterruptedException.class) != null) {
			return interrupted();
		}
		String state = state(step, failure, credentials);
		return switch (step) {
			case DNS -> dns(failure);
			case TCP -> tcp(failure);
			case TLS -> tls(failure);
			case LOGIN -> new LoginDiagnosis(this.settings, credentials, user(credentials), failure, state,
					isRefusedToken(state, credentials) ? rdsEndpoint() : Optional.empty())
				.find();
		};
	}

	/**
	 * A server that asks for a password in a form other than clear text would reject a
	 * token as a wrong password. The SQLState is the same.
	 */
	private static String state(Step step, SQLException failure, @Nullable UsedCredentials credentials) {
		String state = failure.getSQLState();
		if (step == Step.LOGIN && SqlStates.CONNECTION_REJECTED.equals(state) && credentials != null
				&& credentials.isToken() && ServerText.of(failure) == null) {
			return SqlStates.INVALID_PASSWORD;
		}
		return (state != null) ? state : SqlStates.CANNOT_CONNECT;
	}

	/**
	 * A provider may return a role other than the configured one.
	 */
	private String user(@Nullable UsedCredentials credentials) {
		if (credentials != null) {
			return credentials.user();
		}
		return (this.endpoint.user() != null) ? this.endpoint.user() : "(named by the credentials)";
	}

	private static boolean isRefusedToken(String state, @Nullable UsedCredentials credentials) {
		return state.equals(SqlStates.INVALID_AUTHORIZATION) && credentials != null && credentials.isToken();
	}

	private Optional<String> rdsEndpoint() {
		if (this.endpoint.isRds()) {
			return Optional.empty();
		}
		Optional<String> known = this.rdsEndpoint;
		if (known == null) {
			known = this.canonicalName.rdsEndpointOf(this.endpoint.host());
			this.rdsEndpoint = known;
		}
		return known;
	}

	private Finding interrupted() {
		return new Finding(
				"The thread '" + Thread.currentThread().getName() + "' was interrupted while it connected to "
						+ this.endpoint,
				true, "The application interrupts it, as by cancelling a Future or stopping an executor; the database "
						+ "did not refuse anything");
	}

	private Finding dns(SQLException failure) {
		String name = this.settings.dialled();
		String property = (this.settings.hostaddr() != null) ? "soong.hostaddr (PG_HOSTADDR)" : "soong.host (PG_HOST)";
		boolean timedOut = Causes.find(failure, SocketTimeoutException.class) != null;
		return new Finding(
				timedOut ? "The look-up of the host name '" + name + "' did not answer in time"
						: "The host name '" + name + "' cannot be resolved",
				true,
				List.of("Check " + property + " for a typing error",
						"If the name is right, check that the function's VPC has DNS resolution switched on and that "
								+ "the database still exists"));
	}

	private Finding tcp(SQLException failure) {
		boolean timedOut = Causes.find(failure, SocketTimeoutException.class) != null;
		if (this.settings.hostIsDefault() && !timedOut) {
			return new Finding(
					"No database is configured, and there is none on this machine (" + this.settings.host() + ":"
							+ this.settings.port() + " refused the connection)",
					false,
					"Set soong.host (PG_HOST), or, for tests and development with an embedded PostgreSQL, annotate "
							+ "the test class or the development class with @AutoConfigureTestDatabase "
							+ "(soong-spring-boot-test), and start the latter by spring-boot:test-run");
		}
		String what = "The server " + this.settings.dialled() + ":" + this.settings.port()
				+ (timedOut ? " did not answer in time" : " refused the connection");
		String securityGroup = "Check that the database's security group lets the function's security group in on port "
				+ this.settings.port() + ", and that the function runs in a subnet with a route to the database";
		String port = "Check soong.port (PG_PORT) and soong.host (PG_HOST), and that the database is running";
		return new Finding(what, true, timedOut ? List.of(securityGroup, port) : List.of(port, securityGroup));
	}

	private Finding tls(SQLException failure) {
		String server = this.endpoint.host() + ":" + this.endpoint.port();
		if (SqlStates.CONNECTION_REJECTED.equals(failure.getSQLState())) {
			return new Finding(
					"The server " + server + " does not offer TLS, but soong.ssl.mode is " + this.settings.sslMode(),
					false, List.of("Switch TLS on at the server, or for a database on your own machine set "
							+ "soong.ssl.mode=prefer (PG_SSLMODE)"));
		}
		if (Causes.find(failure, CertificateExpiredException.class) != null) {
			return new Finding("The certificate of " + server + " has expired", false, List
				.of("Rotate the database's certificate (rds-ca-rsa2048-g1 or newer)", "Check this machine's clock"));
		}
		if (Causes.find(failure, CertificateNotYetValidException.class) != null) {
			return new Finding("The certificate of " + server + " is not valid yet", false,
					List.of("Check this machine's clock"));
		}
		CertificateException certificate = Causes.find(failure, CertificateException.class);
		if (Causes.find(failure, CertPathBuilderException.class) != null
				|| Causes.find(failure, CertPathValidatorException.class) != null) {
			return new Finding(
					"The certificate of " + server + " comes from none of the trusted roots (" + roots() + ")", false,
					afterAlias("Set soong.ssl.root-cert (PG_SSLROOTCERT) to the certificate authority of this server",
							"If this is a CNAME or a tunnel, set soong.iam.host to the real endpoint",
							"If you did not expect another authority, something stands between you and the database"));
		}
		if (certificate != null) {
			String reason = ServerText.withoutFullStop(certificate.getMessage());
			boolean ours = reason.contains("soong.ssl.root-cert");
			return ours ? new Finding(reason, false, "Nothing was sent to the server")
					: new Finding("The certificate of " + server + " was not accepted: " + reason, false, afterAlias(
							"Connect to the name the certificate is for; where that name is a CNAME or a tunnel, set "
									+ "soong.iam.host (or soong.hostaddr, PG_HOSTADDR) as well"));
		}
		return new Finding(
				"TLS with " + server + " could not be negotiated: "
						+ ServerText.withoutFullStop(NestedExceptionUtils.getMostSpecificCause(failure).getMessage()),
				isCut(failure), List.of("Check that " + server + " is a PostgreSQL server, and what stands between"));
	}

	private List<String> afterAlias(String... fixes) {
		return Stream
			.concat(rdsEndpoint().map((real) -> LoginDiagnosis.alias(this.endpoint, real)).stream(), Stream.of(fixes))
			.toList();
	}

	String roots() {
		if (this.settings.sslContext() != null) {
			return "soong.ssl.bundle";
		}
		if (this.settings.rootCert() != null) {
			return "soong.ssl.root-cert " + this.settings.rootCert();
		}
		if (this.settings.needsRdsRoots()) {
			return "the RDS roots of " + this.endpoint.region().orElse("all regions");
		}
		return this.settings.sslMode().verifies() ? "the JVM's own store" : "any server";
	}

	private String diagnosis(Step step, Finding finding, @Nullable String serverText,
			@Nullable UsedCredentials credentials, int attempts, Duration elapsed) {
		StringBuilder text = new StringBuilder();
		text.append(finding.what()).append(".\n");
		line(text, "failed at", step + " after " + elapsed.toMillis() + " ms and " + attempts
				+ ((attempts == 1) ? " attempt" : " attempts"));
		if (serverText != null) {
			line(text, "server's text", serverText);
		}
		line(text, "connected to", this.settings.dialled() + ":" + this.settings.port());
		line(text, "endpoint", this.endpoint.toString());
		line(text, "user", user(credentials));
		line(text, "authentication", authentication(credentials));
		line(text, "credentials", (credentials != null) ? credentials.kind() : "none yet");
		line(text, "TLS", this.settings.sslMode() + ", trusting " + roots());
		text.append("What to do:");
		for (String fix : finding.fixes()) {
			text.append("\n  - ").append(fix).append('.');
		}
		return text.toString();
	}

	private static String authentication(@Nullable UsedCredentials credentials) {
		if (credentials == null) {
			return "none yet";
		}
		if (!credentials.isToken()) {
			return "password";
		}
		return "IAM, signed for " + ((credentials.region() != null) ? credentials.region() : "an unknown region");
	}

	private static void line(StringBuilder text, String name, String value) {
		text.append("  ").append(name).append(": ").append(value).append('\n');
	}

	private static boolean isCut(SQLException failure) {
		return Causes.find(failure, SocketException.class) != null
				|| Causes.find(failure, SocketTimeoutException.class) != null
				|| Causes.find(failure, EOFException.class) != null;
	}

}
