package io.soong.jdbc;

import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;

import io.soong.auth.DatabaseEndpoint;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;

import org.springframework.core.NestedExceptionUtils;

/**
 * Finds the cause of a failed login. One SQLState has several causes, which the server's
 * text tells apart. If the server's language is not English, the most frequent cause is
 * reported.
 */
final class LoginDiagnosis {

	private static final String CHECK_USER = "Check soong.user (PG_USER)";

	private final ConnectionSettings settings;

	private final DatabaseEndpoint endpoint;

	private final @Nullable UsedCredentials credentials;

	private final String user;

	/** Quoted, for SQL. */
	private final String role;

	/** Quoted, for SQL. */
	private final String database;

	private final SQLException failure;

	private final String state;

	private final @Nullable String serverText;

	private final Optional<String> rdsEndpoint;

	/**
	 * Creates a diagnosis.
	 * @param credentials what is known of the credentials, or {@code null}
	 * @param user the role that was used, as far as it is known
	 * @param state the SQLState
	 * @param rdsEndpoint the endpoint that the host is an alias of
	 */
	LoginDiagnosis(ConnectionSettings settings, @Nullable UsedCredentials credentials, String user,
			SQLException failure, String state, Optional<String> rdsEndpoint) {
		this.settings = settings;
		this.endpoint = settings.endpoint();
		this.credentials = credentials;
		this.user = user;
		this.role = SqlName.quote(user);
		this.database = SqlName.quote(this.endpoint.dbname());
		this.failure = failure;
		this.state = state;
		this.serverText = ServerText.of(failure);
		this.rdsEndpoint = rdsEndpoint;
	}

	Finding find() {
		if (this.failure instanceof UnverifiedServerException) {
			return new Finding(
					"No IAM token was sent to " + this.endpoint + ": soong.ssl.mode is " + this.settings.sslMode()
							+ ", so that the server is not fully verified and could log in with the token itself",
					false, "Remove soong.ssl.mode (PG_SSLMODE), or set it to verify-full",
					"To accept the risk and send tokens to an unverified server, set soong.ssl.allow-unverified=true");
		}
		if (this.failure instanceof NoCredentialsException none) {
			return new Finding(
					"There are no credentials to log in to " + this.endpoint
							+ ((this.endpoint.user() != null) ? " as '" + this.user + "'" : "") + ": "
							+ ServerText.withoutFullStop(none.getMessage()),
					none.isTransient(), "Check where the credentials come from: the execution role or the AWS "
							+ "credentials of this environment, or the application's DatabaseCredentialsProvider bean");
		}
		if (SqlStates.isReadOnlyServer(this.failure)) {
			return new Finding(
					"The writer endpoint " + this.endpoint + " leads to a server that only reads (in_hot_standby)",
					true, "After a failover this passes within a minute: try again",
					"To read from a replica, connect to the cluster's reader endpoint (.cluster-ro-)");
		}
		if (Causes.find(this.failure, SocketTimeoutException.class) != null) {
			return new Finding(
					"The server " + this.endpoint + " did not answer the login as '" + this.user + "' in time", true,
					"Check the load of the database, and soong.connect-timeout (PG_CONNECT_TIMEOUT)");
		}
		return (this.serverText != null) ? byServer(this.serverText) : byDriver();
	}

	/**
	 * Login failures that the driver itself reports: it does not support the server's
	 * authentication request (08004), or the connection broke.
	 */
	private Finding byDriver() {
		if (this.state.equals(SqlStates.INVALID_PASSWORD)) {
			return notInRdsIam("the server asked for a password in a form in which no token is sent (MD5, SCRAM or "
					+ "GSS), or for none");
		}
		boolean rejected = this.state.equals(SqlStates.CONNECTION_REJECTED);
		if (rejected && this.credentials != null && !this.credentials.hasSecret()) {
			return new Finding(refused("the server asks for a password, and there is none"), false,
					"Set soong.password (PG_PASSWORD), or have the DatabaseCredentialsProvider bean return one; "
							+ "~/.pgpass and PGPASSWORD are not read",
					"To log in with an IAM token, set soong.auth=iam");
		}
		return new Finding(
				refused(ServerText
					.withoutFullStop(NestedExceptionUtils.getMostSpecificCause(this.failure).getMessage())),
				!rejected && SqlStates.isDeadConnection(this.failure), "Check the server's log");
	}

	private Finding byServer(String text) {
		return switch (this.state) {
			case SqlStates.INVALID_AUTHORIZATION -> refusedAuthorization(text);
			case SqlStates.INVALID_PASSWORD -> usesToken()
					? notInRdsIam("the server asked for a password, as there is no such role or it is no member of "
							+ "rds_iam")
					: new Finding(refused("wrong password, or no such role"), false,
							CHECK_USER + " and soong.password (PG_PASSWORD)");
			case SqlStates.UNKNOWN_DATABASE ->
				new Finding(refused("the database '" + this.endpoint.dbname() + "' does not exist"), false,
						"Check soong.dbname (PG_DBNAME)");
			case SqlStates.INSUFFICIENT_PRIVILEGE -> refusedPermission(text);
			case SqlStates.TOO_MANY_CONNECTIONS -> noConnectionLeft(text);
			case SqlStates.CANNOT_CONNECT_NOW ->
				new Finding(refused("the server is starting up or shutting down"), true, "Try again in a moment");
			case SqlStates.PROTOCOL_VIOLATION -> refusedByPooler(text);
			case SqlStates.INVALID_PARAMETER_VALUE, SqlStates.UNDEFINED_OBJECT -> refusedParameter(text);
			default -> new Finding(refused(text), SqlStates.isDeadConnection(this.failure), "Check the server's log");
		};
	}

	private Finding refusedAuthorization(String text) {
		if (text.contains("is not permitted to log in")) {
			return new Finding(refused("the role has no LOGIN attribute"), false,
					"Run: ALTER ROLE " + this.role + " LOGIN", CHECK_USER);
		}
		if (text.startsWith("role ") && text.endsWith(" does not exist")) {
			return new Finding(refused("there is no such role"), false, CHECK_USER + ", or run: CREATE ROLE "
					+ this.role + " LOGIN" + (usesToken() ? "; GRANT rds_iam TO " + this.role : ""));
		}
		if (text.contains("has no credentials for the role")) {
			return new Finding(refused("the RDS Proxy has no credentials for the role"), false,
					"Give the proxy a secret of the role, or switch IAM authentication of the proxy to the database on",
					CHECK_USER);
		}
		if (usesToken()) {
			return text.contains("pg_hba.conf") ? noRuleForToken() : refusedToken();
		}
		return refusedHost(text);
	}

	private Finding refusedToken() {
		String region = (this.credentials != null && this.credentials.region() != null) ? this.credentials.region()
				: this.endpoint.region().orElse("REGION");
		List<String> fixes = new ArrayList<>();
		this.rdsEndpoint
			.ifPresent((real) -> fixes.add(alias(this.endpoint, real) + ". RDS accepts tokens only for that name"));
		fixes.addAll(List.of(
				"Check that the function's role allows rds-db:connect on arn:aws:rds-db:" + region
						+ ":ACCOUNT:dbuser:RESOURCE_ID/" + this.user
						+ ", where RESOURCE_ID is the db-, cluster- or prx- id of this database (a restore changes it)",
				"Check that the role exists and may use IAM: CREATE ROLE "
						+ this.role + " LOGIN; GRANT rds_iam TO " + this.role,
				"Check that IAM authentication is switched on for the database",
				"The token was signed for " + this.endpoint.host() + ":" + this.endpoint.port() + " in " + region
						+ "; if the real endpoint differs, set soong.iam.host, soong.iam.port or soong.iam.region",
				"RDS refuses now and then under load (about 200 logins a second): try again",
				"Check this machine's clock; a token is good for 15 minutes"));
		return new Finding(refused("RDS did not accept the IAM token"), true, fixes);
	}

	static String alias(DatabaseEndpoint endpoint, String real) {
		return endpoint.host() + " is an alias (CNAME) of " + real + ": set soong.iam.host=" + real;
	}

	/**
	 * The cause is not the token. A database that resumes, or is switched over, answers
	 * this for a while.
	 */
	private Finding noRuleForToken() {
		return new Finding(refused("the server has no rule that admits this login; the token was not checked"), true,
				"A database that is waking from scale-to-zero, or in a blue/green switchover, says so for a while: "
						+ "try again",
				CHECK_USER + " and soong.dbname (PG_DBNAME)",
				"Check that IAM authentication is switched on for the database");
	}

	private Finding refusedHost(String text) {
		String iam = "If the role is a member of rds_iam, remove the password (soong.password, PG_PASSWORD) and set "
				+ "soong.auth=iam, or run: REVOKE rds_iam FROM " + this.role;
		String encryption = CHECK_USER + ", and set soong.ssl.mode=require (PG_SSLMODE) or better if the "
				+ "server insists on encryption";
		return new Finding(refused(text), false, text.contains("PAM") ? List.of(iam) : List.of(encryption, iam));
	}

	private Finding notInRdsIam(String why) {
		return new Finding(refused(why), false, CHECK_USER + ", and run: GRANT rds_iam TO " + this.role,
				"If there is no such role, run first: CREATE ROLE " + this.role + " LOGIN",
				"If the role logs in by password, set soong.auth=password and soong.password (PG_PASSWORD)");
	}

	private Finding refusedPermission(String text) {
		if (text.contains("parameter")) {
			return new Finding(refused("the role may not set a parameter that is set at the login"), false,
					"Remove the parameter from soong.connection.properties (options), or run: GRANT SET ON PARAMETER "
							+ "NAME TO " + this.role);
		}
		if (this.settings.driverProperties().containsKey(PGProperty.REPLICATION.getName())
				&& !text.contains("permission denied for database")) {
			return new Finding(refused("the role may not open a replication connection"), false,
					"Remove soong.connection.properties.replication, or run: GRANT rds_replication TO " + this.role
							+ " (outside RDS: ALTER ROLE " + this.role + " REPLICATION)");
		}
		return new Finding(refused("the role may not connect to the database '" + this.endpoint.dbname() + "'"), false,
				"Run: GRANT CONNECT ON DATABASE " + this.database + " TO " + this.role);
	}

	private Finding noConnectionLeft(String text) {
		if (text.contains("too many connections for role")) {
			return new Finding(refused("the role has reached its CONNECTION LIMIT"), true, "Run: ALTER ROLE "
					+ this.role + " CONNECTION LIMIT -1, or a limit above the function's reserved concurrency");
		}
		if (text.contains("too many connections for database")) {
			return new Finding(
					refused("the database '" + this.endpoint.dbname() + "' has reached its CONNECTION LIMIT"), true,
					"Run: ALTER DATABASE " + this.database + " CONNECTION LIMIT -1, or a limit above "
							+ "what its functions need");
		}
		return new Finding(refused("the server has no connection left"), true,
				"Raise max_connections, lower the function's reserved concurrency, or put an RDS Proxy between");
	}

	private Finding refusedParameter(String text) {
		if (text.contains("TimeZone")) {
			String zone = TimeZone.getDefault().getID();
			return new Finding(refused("the server does not know this JVM's time zone '" + zone + "'"), false,
					"Set the variable TZ, or the system property user.timezone, to a zone that the server knows, for "
							+ "example UTC");
		}
		return new Finding(refused("the server does not accept a parameter that is set at the login"), false,
				"Correct or remove it in soong.connection.properties (options, currentSchema)");
	}

	/**
	 * PgBouncer uses this state for whatever it refuses. What its configuration or ours
	 * refuses is refused again.
	 */
	private Finding refusedByPooler(String text) {
		if (text.contains("unsupported startup parameter")) {
			return new Finding(refused(text), false,
					"Remove the parameter from soong.connection.properties (options), or have PgBouncer ignore it "
							+ "(ignore_startup_parameters)");
		}
		boolean lasting = text.contains("no such database") || text.contains("no such user")
				|| text.contains("SSL required");
		return new Finding(refused(text), !lasting,
				"Check the configuration and the log of the pooler (PgBouncer) that "
						+ "answers in place of the server");
	}

	private boolean usesToken() {
		return this.credentials != null && this.credentials.isToken();
	}

	private String refused(String why) {
		return "Login to " + this.endpoint + " as '" + this.user + "' was refused: " + why + " (" + this.state + ")";
	}

}
