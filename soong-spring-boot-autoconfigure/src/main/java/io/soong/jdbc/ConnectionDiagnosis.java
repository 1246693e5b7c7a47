package io.soong.jdbc;

import java.io.EOFException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.List;

import io.soong.auth.DatabaseCredentialsProvider;
import io.soong.auth.DatabaseEndpoint;
import io.soong.auth.RdsIamCredentialsProvider;
import io.soong.jdbc.SoongConnectionException.Step;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/**
 * Makes of a failed attempt to connect an exception that says what was refused and what
 * to do about it.
 */
final class ConnectionDiagnosis {

	private final ConnectionSettings settings;

	private final DatabaseEndpoint endpoint;

	private final @Nullable RdsIamCredentialsProvider iam;

	private final String user;

	ConnectionDiagnosis(ConnectionSettings settings, DatabaseCredentialsProvider credentials) {
		this.settings = settings;
		this.endpoint = settings.endpoint();
		this.iam = (credentials instanceof RdsIamCredentialsProvider iam) ? iam : null;
		this.user = (this.endpoint.user() != null) ? this.endpoint.user() : "(named by the credentials)";
	}

	SoongConnectionException of(Step step, SQLException failure, String credentials, int attempts, Duration elapsed) {
		String state = (failure.getSQLState() != null) ? failure.getSQLState() : "08001";
		Finding finding = switch (step) {
			case DNS -> dns(failure);
			case TCP -> tcp(failure);
			case TLS -> tls(failure);
			case LOGIN -> login(failure, state);
		};
		String message = finding.what() + ". " + finding.mends().get(0) + ".";
		return new SoongConnectionException(message, step, finding.isTransient(),
				diagnosis(step, finding, credentials, attempts, elapsed), state, failure);
	}

	private Finding dns(SQLException failure) {
		String name = (this.settings.hostaddr() != null) ? this.settings.hostaddr() : this.settings.host();
		String property = (this.settings.hostaddr() != null) ? "soong.hostaddr (PG_HOSTADDR)" : "soong.host (PG_HOST)";
		boolean timedOut = find(failure, SocketTimeoutException.class) != null;
		return new Finding(
				timedOut ? "The look-up of the host name '" + name + "' did not answer in time"
						: "The host name '" + name + "' cannot be resolved",
				true,
				List.of("Check " + property + " for a typing error",
						"If the name is right, check that the function's VPC has DNS resolution switched on and that "
								+ "the database still exists"));
	}

	/**
	 * What the provider's own exceptions say is for people; the chain of the AWS SDK's
	 * providers, in the cause, is not.
	 */
	private Finding credentials(SQLException failure) {
		return new Finding(
				"There are no credentials to log in to " + this.endpoint + asUser() + ": "
						+ withoutFullStop(failure.getMessage()),
				failure instanceof SQLTransientException,
				List.of((this.iam != null) ? "Check the execution role, or the AWS credentials of this environment"
						: "Check the DatabaseCredentialsProvider bean"));
	}

	private Finding tcp(SQLException failure) {
		boolean timedOut = find(failure, SocketTimeoutException.class) != null;
		String address = (this.settings.hostaddr() != null) ? this.settings.hostaddr() : this.settings.host();
		String what = "The server " + address + ":" + this.settings.port()
				+ (timedOut ? " did not answer in time" : " refused the connection");
		String securityGroup = "Check that the database's security group lets the function's security group in on port "
				+ this.settings.port() + ", and that the function runs in a subnet with a route to the database";
		String port = "Check soong.port (PG_PORT) and soong.host (PG_HOST), and that the database is running";
		return new Finding(what, true, timedOut ? List.of(securityGroup, port) : List.of(port, securityGroup));
	}

	private Finding tls(SQLException failure) {
		String server = this.endpoint.host() + ":" + this.endpoint.port();
		if ("08004".equals(failure.getSQLState())) {
			return new Finding(
					"The server " + server + " does not offer TLS, but soong.ssl.mode is " + this.settings.sslMode(),
					false, List.of("Switch TLS on at the server, or for a database on your own machine set "
							+ "soong.ssl.mode=prefer (PG_SSLMODE)"));
		}
		if (find(failure, CertificateExpiredException.class) != null) {
			return new Finding("The certificate of " + server + " has expired", false, List
				.of("Rotate the database's certificate (rds-ca-rsa2048-g1 or newer)", "Check this machine's clock"));
		}
		CertificateException certificate = find(failure, CertificateException.class);
		if (find(failure, CertPathBuilderException.class) != null
				|| find(failure, CertPathValidatorException.class) != null) {
			return new Finding(
					"The certificate of " + server + " comes from none of the trusted roots (" + roots() + ")", false,
					List.of("Set soong.ssl.root-cert (PG_SSLROOTCERT) to the certificate authority of this server",
							"If this is a CNAME or a tunnel, set soong.iam.host to the real endpoint",
							"If you did not expect another authority, something stands between you and the database"));
		}
		if (certificate != null) {
			String reason = withoutFullStop(certificate.getMessage());
			boolean ours = reason.contains("soong.ssl.root-cert");
			return new Finding(ours ? reason : "The certificate of " + server + " was not accepted: " + reason, false,
					List.of(ours ? "Nothing was sent to the server"
							: "Connect to the name the certificate is for; where that name is a CNAME or a tunnel, set "
									+ "soong.iam.host (or soong.hostaddr, PG_HOSTADDR) as well"));
		}
		return new Finding(
				"TLS with " + server + " could not be agreed on: " + withoutFullStop(rootCause(failure).getMessage()),
				isCut(failure), List.of("Check that " + server + " is a PostgreSQL server, and what stands between"));
	}

	private Finding login(SQLException failure, String state) {
		if (BrokenConnection.isReadOnlyServer(failure)) {
			return new Finding(
					"The writer endpoint " + this.endpoint + " leads to a server that only reads (in_hot_standby)",
					true, List.of("After a failover this passes within a minute: try again",
							"To read from a replica, connect to the cluster's reader endpoint (.cluster-ro-)"));
		}
		if (!(failure instanceof PSQLException)) {
			return credentials(failure);
		}
		if (find(failure, SocketTimeoutException.class) != null) {
			return new Finding("The server " + this.endpoint + " did not answer the login" + asUser() + " in time",
					true, List.of("Check the load of the database, and soong.connect-timeout (PG_CONNECT_TIMEOUT)"));
		}
		return switch (state) {
			case "28000" -> (this.iam != null) ? refusedToken(this.iam) : refusedHost(failure);
			case "28P01" -> (this.iam != null) ? notInRdsIam() : refusedPassword();
			case "3D000" -> new Finding(refused("the database '" + this.endpoint.dbname() + "' does not exist", state),
					false, List.of("Check soong.dbname (PG_DBNAME)"));
			case "42501" ->
				new Finding(refused("the role may not connect to the database '" + this.endpoint.dbname() + "'", state),
						false, List.of("Run: GRANT CONNECT ON DATABASE \"" + this.endpoint.dbname() + "\" TO \""
								+ this.user + "\""));
			case "53300" -> new Finding(refused("the server has no connection left", state), true, List
				.of("Raise max_connections, lower the function's reserved concurrency, or put an RDS Proxy between"));
			case "57P03" -> new Finding(refused("the server is starting up or shutting down", state), true,
					List.of("Try again in a moment"));
			default -> new Finding(refused(withoutFullStop(rootCause(failure).getMessage()), state),
					BrokenConnection.isShownBy(failure), List.of("Check the server's log"));
		};
	}

	private Finding refusedToken(RdsIamCredentialsProvider iam) {
		return new Finding(refused("RDS did not accept the IAM token", "28000"), true,
				List.of("Check that the function's role allows rds-db:connect on arn:aws:rds-db:"
						+ iam.region() + ":ACCOUNT:dbuser:RESOURCE_ID/" + this.user
						+ ", where RESOURCE_ID is the db-, cluster- or prx- id of this database (a restore changes it)",
						"Check that the role exists and may use IAM: CREATE ROLE \"" + this.user
								+ "\" LOGIN; GRANT rds_iam TO \"" + this.user + "\"",
						"Check that IAM authentication is switched on for the database",
						"The token was signed for " + this.endpoint.host() + ":" + this.endpoint.port() + " in "
								+ iam.region()
								+ "; if the real endpoint differs, set soong.iam.host, soong.iam.port or soong.iam.region",
						"RDS refuses now and then under load (about 200 logins a second): try again",
						"Check this machine's clock; a token is good for 15 minutes"));
	}

	private Finding refusedHost(SQLException failure) {
		String text = withoutFullStop(rootCause(failure).getMessage());
		String iam = "If the role is a member of rds_iam, remove the password (soong.password, PG_PASSWORD) and set "
				+ "soong.auth=iam, or run: REVOKE rds_iam FROM \"" + this.user + "\"";
		String encryption = "Check soong.user (PG_USER), and set soong.ssl.mode=require (PG_SSLMODE) or better if the "
				+ "server insists on encryption";
		return new Finding(refused(text, "28000"), false,
				text.contains("PAM") ? List.of(iam) : List.of(encryption, iam));
	}

	private Finding notInRdsIam() {
		return new Finding(
				refused("the server asked for a password, as there is no such role or it is no member of rds_iam",
						"28P01"),
				false,
				List.of("Check soong.user (PG_USER), and run: GRANT rds_iam TO \"" + this.user + "\"",
						"If there is no such role, run first: CREATE ROLE \"" + this.user + "\" LOGIN",
						"If the role logs in by password, set soong.auth=password and soong.password (PG_PASSWORD)"));
	}

	private Finding refusedPassword() {
		return new Finding(refused("wrong password, or no such role", "28P01"), false,
				List.of("Check soong.user (PG_USER) and soong.password (PG_PASSWORD)"));
	}

	private String refused(String why, String state) {
		return "Login to " + this.endpoint + asUser() + " was refused: " + why + " (" + state + ")";
	}

	private String asUser() {
		return (this.endpoint.user() != null) ? " as '" + this.user + "'" : "";
	}

	private String roots() {
		if (this.settings.sslContext() != null) {
			return "soong.ssl.bundle";
		}
		if (this.settings.rootCert() != null) {
			return "soong.ssl.root-cert " + this.settings.rootCert();
		}
		if (this.settings.needsRdsRoots()) {
			return "the RDS roots of " + this.endpoint.region().orElseThrow();
		}
		return switch (this.settings.sslMode()) {
			case VERIFY_FULL, VERIFY_CA -> "the JVM's own store";
			case DISABLE, ALLOW, PREFER, REQUIRE -> "anybody";
		};
	}

	private String diagnosis(Step step, Finding finding, String credentials, int attempts, Duration elapsed) {
		StringBuilder text = new StringBuilder();
		text.append(finding.what()).append(".\n");
		line(text, "failed at", step + " after " + elapsed.toMillis() + " ms and " + attempts
				+ ((attempts == 1) ? " attempt" : " attempts"));
		line(text, "connected to",
				((this.settings.hostaddr() != null) ? this.settings.hostaddr() : this.settings.host()) + ":"
						+ this.settings.port());
		line(text, "endpoint", this.endpoint.toString());
		line(text, "user", this.user);
		line(text, "authentication", (this.iam != null) ? "IAM, signed for " + this.iam.region() : "password");
		line(text, "credentials", credentials);
		line(text, "TLS", this.settings.sslMode() + ", trusting " + roots());
		text.append("What to do:");
		for (String mend : finding.mends()) {
			text.append("\n  - ").append(mend).append('.');
		}
		return text.toString();
	}

	private static void line(StringBuilder text, String name, String value) {
		text.append("  ").append(name).append(": ").append(value).append('\n');
	}

	private static String withoutFullStop(@Nullable String text) {
		if (text == null) {
			return "no reason given";
		}
		return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
	}

	private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
		for (Throwable t = failure; t != null; t = t.getCause()) {
			if (type.isInstance(t)) {
				return type.cast(t);
			}
		}
		return null;
	}

	private static boolean isCut(SQLException failure) {
		return find(failure, SocketException.class) != null || find(failure, SocketTimeoutException.class) != null
				|| find(failure, EOFException.class) != null;
	}

	private static Throwable rootCause(Throwable failure) {
		Throwable root = failure;
		for (Throwable t = failure; t != null; t = t.getCause()) {
			root = t;
		}
		return root;
	}

	/**
	 * What was found, and what mends it, the likeliest first.
	 */
	private record Finding(String what, boolean isTransient, List<String> mends) {

		Finding {
			mends = List.copyOf(mends);
		}

	}

}
