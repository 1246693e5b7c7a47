package io.soong.test;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

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
public final class RdsLookalike implements AutoCloseable {

	private final RdsSettings settings;

	private final String endpoint;

	private final PostgresServer server;

	private final Administration administration;

	private final ClientListener listener;

	private final LoginPolicy loginPolicy;

	private final TlsIdentity identity;

	private final Path caCertificate;

	private final Fault.Plan faults = new Fault.Plan();

	private volatile Duration latency;

	private volatile IamCredentials credentials;

	private volatile boolean standby;

	private volatile boolean readOnly;

	private RdsLookalike(RdsSettings settings) throws GeneralSecurityException, IOException, SQLException {
		this.settings = settings;
		this.endpoint = settings.endpointName();
		this.credentials = settings.credentials;
		this.latency = settings.latency;
		// In the background, while the server starts
		CompletableFuture<TlsIdentity> keys = (settings.identity != null)
				? CompletableFuture.completedFuture(settings.identity)
				: CompletableFuture.supplyAsync(() -> TlsIdentity.create(this.endpoint));
		this.server = PostgresServer.start(settings.serverSettings);
		this.administration = new Administration(this.server, settings.database);
		try {
			this.listener = new ClientListener(InetAddress.getByName(settings.address), settings.port);
			try {
				this.administration.create(settings.iamUsers(), settings.passwordUsers);
				this.identity = keys.join();
				this.caCertificate = Files.writeString(this.server.folder().resolve("ca.pem"), this.identity.pem());
				this.loginPolicy = new LoginPolicy(
						new IamTokenVerifier(this.endpoint, this.listener.port(), settings.region, settings.clock),
						this::credentials);
				if (settings.names != null) {
					settings.names.point(this.endpoint, settings.address);
				}
				this.listener.open(new SessionContext(this.identity::tls, this.server.socket(), this.loginPolicy,
						this.faults, this.administration::terminate, () -> this.latency, null));
			}
			catch (GeneralSecurityException | IOException | SQLException | RuntimeException ex) {
				this.listener.close();
				throw ex;
			}
		}
		catch (GeneralSecurityException | IOException | SQLException | RuntimeException ex) {
			this.server.close();
			throw ex;
		}
	}

	/**
	 * Starts a lookalike with all defaults.
	 * @return the lookalike, to be closed
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
	 * Plans a fault at a certain moment of the conversation:
	 *
	 * <pre class="code">
	 * rds.when(Moment.commitAnswer()).cut();
	 * rds.when(Moment.row(100)).stall();
	 * rds.when(Moment.login()).times(3).refuse("53300", "sorry, too many clients already");
	 * rds.when(Moment.cancelRequest()).always().delay(Duration.ofSeconds(2));
	 * </pre>
	 * @param moment the moment
	 * @return a builder with one method for each kind of fault
	 */
	public Fault.When when(Moment moment) {
		return new Fault.When(moment, this.faults);
	}

	/**
	 * Ends all faults: disarms planned ones, releases stalled connections, resets
	 * connections whose bytes are discarded (which ends the server's sessions and
	 * releases their locks), and undoes every lasting fault of this class. May be called
	 * at any time.
	 */
	public void clearFaults() {
		this.faults.clear();
		this.loginPolicy.clearFaults();
		this.identity.show(ServerCertificate.TRUSTED);
		this.latency = this.settings.latency;
		this.listener.sessions().forEach((session) -> session.socket().release());
		try {
			promote();
			if (!this.server.isUp()) {
				this.server.startAgain(false);
			}
			if (this.readOnly) {
				readOnly(false);
			}
			if (this.settings.names != null) {
				this.settings.names.point(this.endpoint, this.settings.address);
			}
			this.listener.open();
		}
		catch (IOException | SQLException ex) {
			throw new IllegalStateException("Cannot clear the faults of " + this.endpoint + ": " + ex.getMessage(), ex);
		}
	}

	/**
	 * Changes the round-trip time that {@link Builder#latency} has set. The handshake of
	 * TCP is not delayed.
	 * @param roundTrip the time of a request and its answer together
	 */
	public void latency(Duration roundTrip) {
		this.latency = roundTrip;
	}

	/**
	 * Ends every open session as an administrator or a failover would: the client
	 * receives 57P01 and is disconnected. Returns when the sessions have ended.
	 * @return the number of sessions
	 * @throws SQLException if the server is down
	 */
	public int killConnections() throws SQLException {
		List<ClientSession> killed = new ArrayList<>();
		try (Connection connection = openAdminConnection()) {
			for (ClientSession session : this.listener.sessions()) {
				if (session.processId() != 0 && Administration.terminate(connection, session.processId(), false)) {
					killed.add(session);
				}
			}
			for (ClientSession session : killed) {
				Administration.terminate(connection, session.processId(), true);
			}
		}
		// Clients whose bytes are held back or discarded do not notice
		ClientListener.awaitEnd(killed.stream().filter((session) -> session.socket().isOpen()).toList());
		return killed.size();
	}

	/**
	 * Resets the connection of every client, as a broken network would: without a message
	 * and without the end of TLS. Returns when the sessions have ended.
	 * @return the number of connections
	 */
	public int cutConnections() {
		return this.listener.cut();
	}

	/**
	 * Holds back every byte of the open connections, in both directions, until
	 * {@link #clearFaults()}, which releases them. For new connections use
	 * {@code when(Moment.connect())}.
	 * @return the number of connections
	 */
	public int stallConnections() {
		List<ClientSession> sessions = this.listener.sessions();
		sessions.forEach(ClientSession::stall);
		return sessions.size();
	}

	/**
	 * Discards every byte of the open connections, like a NAT gateway that has dropped
	 * them: the client gets no answer, no end and no reset. The server does not notice
	 * when a client disconnects, so that its session and locks remain until
	 * {@link #clearFaults()}. For new connections use {@code when(Moment.connect())}.
	 * @return the number of connections
	 */
	public int blackHoleConnections() {
		List<ClientSession> sessions = this.listener.sessions();
		sessions.forEach(ClientSession::discard);
		return sessions.size();
	}

	/**
	 * Refuses the next logins of any user with a fatal error, before authentication:
	 * 53300 for too many connections, 57P03 for a server that is starting. The same as
	 * {@code when(Moment.login()).times(times).refuse(sqlState, message)}.
	 * @param times the number of logins, added to those of earlier calls
	 * @param sqlState such as {@code 53300}
	 * @param message such as {@code sorry, too many clients already}
	 */
	public void refuseLogins(int times, String sqlState, String message) {
		when(Moment.login()).times(times).refuse(sqlState, message);
	}

	/**
	 * Refuses the next valid tokens, as RDS does when the service that verifies them is
	 * slow or throttles. Invalid tokens do not count.
	 * @param times the number of tokens, added to those of earlier calls
	 */
	public void failTokenChecks(int times) {
		this.loginPolicy.failTokenChecks(times);
	}

	/**
	 * Limits the logins by token a second, as RDS does (about 200 there). Logins above
	 * the limit are refused like those with an invalid token.
	 * @param perSecond the number of logins; 0 for no limit
	 */
	public void limitLogins(int perSecond) {
		this.loginPolicy.limit(perSecond);
	}

	/**
	 * Pauses the database, as Aurora Serverless does after a time without connections.
	 * The first client that connects wakes it; no client is served until it is awake.
	 * Open sessions stay.
	 * @param wakingTime the time from the first client until it is awake; about 15
	 * seconds on Aurora
	 * @param answer the answer to clients until then
	 */
	public void scaleToZero(Duration wakingTime, Waking answer) {
		this.loginPolicy.sleep(wakingTime, answer);
	}

	/**
	 * Simulates the switchover of a blue/green deployment: ends all sessions. For a
	 * limited time the certificate is that of {@link #greenEndpoint()}, and only tokens
	 * signed for that name are accepted, as on RDS just after the switchover.
	 * @param certificate how long the certificate is that of the green endpoint
	 * @param tokens how long tokens must be signed for the green endpoint
	 * @throws SQLException if the server is down
	 */
	public void switchOver(Duration certificate, Duration tokens) throws SQLException {
		this.loginPolicy.switchOver(
				new IamTokenVerifier(greenEndpoint(), port(), this.settings.region, this.settings.clock), tokens);
		this.identity.switchOver(greenEndpoint(), certificate);
		killConnections();
	}

	/**
	 * The name of the new servers of a blue/green deployment before the switchover.
	 * @return the name
	 */
	public String greenEndpoint() {
		return this.endpoint.replaceFirst("\\.", "-green-abc123.");
	}

	/**
	 * Refuses new connections, or accepts them again on the same port. Open sessions
	 * stay.
	 * @param refuse whether to refuse connections
	 * @throws IOException if another process has taken the port
	 */
	public void refuseConnections(boolean refuse) throws IOException {
		if (refuse) {
			this.listener.shut();
		}
		else {
			this.listener.open();
		}
	}

	/**
	 * Does not answer connection requests, as behind a security group, or answers them
	 * again. Open sessions stay. Works on Linux, which drops requests when the queue of
	 * waiting connections is full. A client that tried to connect in the meantime may
	 * wait for another second after the fault has ended, until TCP retries.
	 * @param ignore whether to ignore connection requests
	 * @throws IOException if another process has taken the port
	 */
	public void ignoreConnections(boolean ignore) throws IOException {
		if (ignore) {
			this.listener.ignore();
		}
		else {
			this.listener.open();
		}
	}

	/**
	 * Presents another certificate from the next connection on.
	 * @param certificate the certificate
	 */
	public void present(ServerCertificate certificate) {
		this.identity.show(certificate);
	}

	/**
	 * Makes the database read-only, as RDS does when its storage is full, or writable
	 * again. Statements that write fail with 25006, in open sessions too; the sessions
	 * stay. {@link #execute} and admin connections can still write.
	 * @param readOnly whether the database is read-only
	 * @throws SQLException if the server is down
	 */
	public void readOnly(boolean readOnly) throws SQLException {
		this.readOnly = readOnly;
		this.administration.readOnly(readOnly);
	}

	/**
	 * Makes the server a hot standby, as a failover does with the former writer. It ends
	 * all sessions with 57P01 and restarts in recovery, where statements that write fail
	 * with 25006 and logins report {@code in_hot_standby = on}. Takes about half a
	 * second. Does nothing if the server is a hot standby.
	 * @throws IOException if PostgreSQL does not restart
	 */
	public void demote() throws IOException {
		if (!this.standby) {
			shutDown();
			this.standby = true;
			restart();
		}
	}

	/**
	 * Makes a hot standby the writer again. Open sessions stay. Does nothing if the
	 * server is not a standby.
	 * @throws SQLException if the server is not promoted
	 */
	public void promote() throws SQLException {
		if (this.standby) {
			this.standby = false;
			if (this.server.isUp()) {
				execute("SELECT pg_promote()");
			}
		}
	}

	/**
	 * Stops the server until {@link #restart()}: ends all sessions with 57P01, and
	 * refuses connections. Does nothing if the server is down.
	 * @throws IOException if PostgreSQL does not stop
	 */
	public void shutDown() throws IOException {
		this.listener.shut();
		this.server.shutDown();
	}

	/**
	 * Stops the server unless it is down, and starts it again, as for maintenance.
	 * Committed data stays.
	 * @throws IOException if PostgreSQL does not restart, or another process has taken
	 * the port
	 */
	public void restart() throws IOException {
		shutDown();
		this.server.startAgain(this.standby);
		this.listener.open();
	}

	/**
	 * Makes the server crash: all sessions end with 57P02, and logins are refused with
	 * 57P03 while it recovers. Returns when it accepts connections again. Committed data
	 * stays.
	 * @throws IOException if PostgreSQL does not restart
	 * @throws SQLException if the server is down
	 */
	public void crash() throws IOException, SQLException {
		this.server.crash();
	}

	/**
	 * Resets all connections, ends the server and deletes its files.
	 */
	@Override
	public void close() {
		if (this.settings.names != null) {
			this.settings.names.remove(this.endpoint);
		}
		try {
			this.listener.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		finally {
			this.server.close();
		}
	}

	IamCredentials credentials() {
		return this.credentials;
	}

	Clock clock() {
		return this.settings.clock;
	}

	TlsIdentity identity() {
		return this.identity;
	}

	Path serverSocket() {
		return this.server.socket();
	}

	/**
	 * The settings of a lookalike. Every setting has a default.
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
			this.settings.sameEndpointAs(other.settings, other.endpoint(), other.port(), other.credentials,
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
