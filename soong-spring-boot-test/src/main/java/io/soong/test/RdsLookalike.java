package io.soong.test;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A local stand-in for a database instance of RDS for PostgreSQL: a real PostgreSQL,
 * reachable over TLS only, with its own certificate authority. Members of the role
 * {@code rds_iam} log in with an IAM token that is valid for this endpoint, port, user
 * and region and no older than 15 minutes. Other users log in with their password.
 *
 * <pre class="code">
 * try (RdsLookalike rds = RdsLookalike.builder().iamUser("jane_doe").start()) {
 *     Map&lt;String, String&gt; environment = rds.environment();
 *     ...
 * }
 * </pre>
 *
 * <p>
 * Faults happen on request: {@link #when(Moment)} plans one for a certain {@link Moment},
 * other methods cause one immediately. {@link #clearFaults()} ends all of them.
 *
 * <p>
 * It listens on the loopback interface only, and does not start on AWS Lambda. Server and
 * data are deleted when it is closed or the JVM ends; PostgreSQL's programs stay in the
 * user's cache. Starting takes about a second. Thread-safe.
 *
 * <p>
 * Runs on Linux and macOS, as any user. Clients connect to a listener in front of the
 * server, so that two things differ from RDS: channel binding is not offered, and
 * {@code pg_stat_ssl} and {@code inet_client_addr()} do not describe the client.
 */
public final class RdsLookalike extends FaultyInstance implements AutoCloseable {

	private RdsLookalike(RdsSettings settings) throws GeneralSecurityException, IOException, SQLException {
		super(settings);
	}

	/**
	 * Starts a lookalike with all defaults.
	 * @return the lookalike, to be closed
	 * @throws IllegalStateException on AWS Lambda, or if PostgreSQL cannot be started
	 */
	public static RdsLookalike start() {
		return builder().start();
	}

	/**
	 * Returns a builder. Every setting has a default.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Starts a lookalike, prints the environment variables of a function that uses it as
	 * commands for a shell, and waits for the end of standard input or of the process.
	 * @param arguments of the form {@code name=value}: {@code port}, {@code region},
	 * {@code endpoint}, {@code database}, {@code user}; any other name is a setting of
	 * PostgreSQL
	 * @throws IOException if standard input cannot be read
	 * @throws IllegalArgumentException if an argument has another form
	 * @throws IllegalStateException on AWS Lambda, or if PostgreSQL cannot be started
	 */
	public static void main(String[] arguments) throws IOException {
		Builder builder = builder();
		for (String argument : arguments) {
			int equals = argument.indexOf('=');
			if (equals < 1) {
				throw new IllegalArgumentException("Expected an argument name=value, but got \"" + argument + "\"");
			}
			String value = argument.substring(equals + 1);
			switch (argument.substring(0, equals)) {
				case "port" -> builder.port(Integer.parseInt(value));
				case "region" -> builder.region(value);
				case "endpoint" -> builder.endpoint(value);
				case "database" -> builder.database(value);
				case "user" -> builder.iamUser(value);
				default -> builder.setting(argument.substring(0, equals), value);
			}
		}
		try (RdsLookalike rds = builder.start()) {
			rds.environment()
				.forEach((name, value) -> System.out
					.println("export " + name + "='" + value.replace("'", "'\\''") + "'"));
			System.out.println("# The database runs until this process ends");
			System.in.transferTo(OutputStream.nullOutputStream());
		}
	}

	/**
	 * The name in the certificate, which tokens must be signed for. It resolves only with
	 * a {@link HostsFile}; without one, connect to {@link #address()}.
	 * @return the name
	 */
	public String endpoint() {
		return this.endpoint;
	}

	/**
	 * The address to connect to.
	 * @return the address
	 */
	public String address() {
		return this.settings.address;
	}

	/**
	 * The port to connect to, which tokens must be signed for.
	 * @return the port
	 */
	public int port() {
		return this.listener.port();
	}

	/**
	 * The name of the database.
	 * @return the name
	 */
	public String database() {
		return this.settings.database;
	}

	/**
	 * The region that tokens must be signed for.
	 * @return the region
	 */
	public String region() {
		return this.settings.region;
	}

	/**
	 * A PEM file with the certificate of this lookalike's certificate authority.
	 * @return the file
	 */
	public Path caCertificate() {
		return this.caCertificate;
	}

	/**
	 * The environment variables of a function that uses this database: {@code PG_HOST},
	 * {@code PG_HOSTADDR} (without {@link Builder#names}), {@code PG_PORT},
	 * {@code PG_DBNAME}, {@code PG_USER} (the first IAM user), {@code PG_SSLROOTCERT},
	 * and the region and credentials of its execution role.
	 * @return the variables
	 */
	public Map<String, String> environment() {
		IamCredentials current = this.credentials;
		Map<String, String> environment = new LinkedHashMap<>();
		environment.put("PG_HOST", endpoint());
		if (this.settings.names == null) {
			environment.put("PG_HOSTADDR", address());
		}
		environment.put("PG_PORT", Integer.toString(port()));
		environment.put("PG_DBNAME", database());
		environment.put("PG_USER", this.settings.iamUsers().get(0));
		environment.put("PG_SSLROOTCERT", this.caCertificate.toUri().toString());
		environment.put("AWS_REGION", region());
		environment.put("AWS_DEFAULT_REGION", region());
		environment.put("AWS_ACCESS_KEY_ID", current.accessKeyId());
		environment.put("AWS_SECRET_ACCESS_KEY", current.secretAccessKey());
		if (current.sessionToken() != null) {
			environment.put("AWS_SESSION_TOKEN", current.sessionToken());
		}
		return environment;
	}

	/**
	 * Replaces the credentials of the execution role by new temporary ones, which
	 * {@link #environment()} then returns. Tokens signed with the old ones are refused.
	 * Open sessions stay.
	 */
	public void rotateCredentials() {
		this.credentials = IamCredentials.random();
	}

	/**
	 * Opens a connection to the database as a superuser. It bypasses the listener, so
	 * that it is not among {@link #logins()}, and faults of the network do not affect it.
	 * The caller closes it.
	 * @return the connection
	 * @throws SQLException if the server is down
	 */
	public Connection openAdminConnection() throws SQLException {
		return this.administration.connect();
	}

	/**
	 * Runs SQL in the database as a superuser, over such a connection.
	 * @param sql one or more statements
	 * @throws SQLException if one of them fails
	 */
	public void execute(String sql) throws SQLException {
		this.administration.execute(sql);
	}

	/**
	 * Every attempt to log in so far, in the order in which they ended. Includes attempts
	 * over unencrypted connections, but no failed TLS handshakes.
	 * @return the attempts
	 */
	public List<Login> logins() {
		return this.loginPolicy.logins();
	}

	/**
	 * The settings of a lookalike. Every setting has a default. A builder may start
	 * several lookalikes. Not thread-safe.
	 */
	public static final class Builder {

		private final RdsSettings settings = new RdsSettings();

		private Builder() {
		}

		/**
		 * The region that tokens must be signed for; {@code eu-central-1} by default.
		 * @param region the region
		 * @return this builder
		 */
		public Builder region(String region) {
			this.settings.region = region;
			return this;
		}

		/**
		 * The name in the certificate, which tokens must be signed for;
		 * {@code gizmos.c0ffee123456.REGION.rds.amazonaws.com} by default.
		 * @param endpoint the name
		 * @return this builder
		 */
		public Builder endpoint(String endpoint) {
			this.settings.endpoint = endpoint;
			return this;
		}

		/**
		 * The address to listen on; {@code 127.0.0.1} by default. On Linux every address
		 * of {@code 127.0.0.0/8} works.
		 * @param address the address
		 * @return this builder
		 * @throws IllegalArgumentException if the address is not a loopback address
		 */
		public Builder address(String address) {
			this.settings.address(address);
			return this;
		}

		/**
		 * The port to listen on; a free one by default.
		 * @param port the port
		 * @return this builder
		 */
		public Builder port(int port) {
			this.settings.port = port;
			return this;
		}

		/**
		 * Makes the endpoint's name resolve until the lookalike is closed.
		 * @param names the file to add the name to
		 * @return this builder
		 */
		public Builder names(HostsFile names) {
			this.settings.names = names;
			return this;
		}

		/**
		 * Takes over the endpoint, port, region, database, users, credentials and
		 * certificate of another lookalike. The data is separate, and the address is
		 * {@code 127.0.0.2} by default. A test of a failover moves the endpoint's name to
		 * this server: {@code names.point(rds.endpoint(), other.address())}.
		 * @param other the lookalike with the same endpoint
		 * @return this builder
		 */
		public Builder sameEndpointAs(RdsLookalike other) {
			this.settings.sameEndpointAs(other.settings, other.endpoint, other.port(), other.credentials,
					other.identity);
			return this;
		}

		/**
		 * The database to create; {@code gizmos} by default.
		 * @param database the name
		 * @return this builder
		 */
		public Builder database(String database) {
			this.settings.database = database;
			return this;
		}

		/**
		 * Adds a member of {@code rds_iam}, which logs in with tokens. The first one owns
		 * the database; the others may create tables in it. Without any, there is
		 * {@code jane_doe}.
		 * @param user the name of the role
		 * @return this builder
		 */
		public Builder iamUser(String user) {
			this.settings.iamUsers.add(user);
			return this;
		}

		/**
		 * Adds a role that logs in with a password and may create tables in the database.
		 * @param user the name of the role
		 * @param password the password of the role
		 * @return this builder
		 */
		public Builder passwordUser(String user, String password) {
			this.settings.passwordUsers.put(user, password);
			return this;
		}

		/**
		 * The credentials of the execution role; random temporary ones by default.
		 * @param accessKeyId the id of the key
		 * @param secretAccessKey the key
		 * @param sessionToken the token of temporary credentials; {@code null} for
		 * long-term ones
		 * @return this builder
		 */
		public Builder credentials(String accessKeyId, String secretAccessKey, @Nullable String sessionToken) {
			this.settings.credentials = new IamCredentials(accessKeyId, secretAccessKey, sessionToken);
			return this;
		}

		/**
		 * The clock for the age of tokens; the system's by default.
		 * @param clock the clock
		 * @return this builder
		 */
		public Builder clock(Clock clock) {
			this.settings.clock = clock;
			return this;
		}

		/**
		 * The round-trip time; zero by default.
		 * @param roundTrip the time of a request and its answer together
		 * @return this builder
		 */
		public Builder latency(Duration roundTrip) {
			this.settings.latency = roundTrip;
			return this;
		}

		/**
		 * A setting of {@code postgresql.conf}, such as {@code max_connections}.
		 * @param name the name
		 * @param value the value
		 * @return this builder
		 */
		public Builder setting(String name, String value) {
			this.settings.serverSettings.put(name, value);
			return this;
		}

		/**
		 * Starts the lookalike.
		 * @return the lookalike, to be closed
		 * @throws IllegalStateException on AWS Lambda, or if PostgreSQL cannot be started
		 */
		public RdsLookalike start() {
			PostgresServer.refuseLambda(System.getenv());
			try {
				return new RdsLookalike(new RdsSettings(this.settings));
			}
			catch (GeneralSecurityException | IOException | SQLException ex) {
				throw new IllegalStateException("The lookalike of RDS did not start: " + ex.getMessage(), ex);
			}
		}

	}

}
