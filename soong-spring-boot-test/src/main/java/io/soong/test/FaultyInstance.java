package io.soong.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A database instance with its server, its listener and its certificates, and the faults
 * that they have on request. The public methods are those of {@link RdsLookalike}, the
 * only subclass. Thread-safe.
 */
abstract class FaultyInstance implements AutoCloseable {

	final RdsSettings settings;

	final String endpoint;

	final PostgresServer server;

	final Administration administration;

	final ClientListener listener;

	final LoginPolicy loginPolicy;

	final TlsIdentity identity;

	final Path caCertificate;

	private final Fault.Plan faults = new Fault.Plan();

	private volatile Duration latency;

	volatile IamCredentials credentials;

	private volatile boolean standby;

	private volatile boolean readOnly;

	/**
	 * Starts an instance.
	 * @param settings the settings, which do not change any more
	 */
	FaultyInstance(RdsSettings settings) throws GeneralSecurityException, IOException, SQLException {
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
						() -> this.credentials);
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
	 * @throws IllegalStateException if the server does not start again, or another
	 * process has taken the port
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
	 * Changes the round-trip time that {@link RdsLookalike.Builder#latency} has set. The
	 * handshake of TCP is not delayed.
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
	 * @throws IllegalStateException if a session does not end within a minute
	 */
	public int killConnections() throws SQLException {
		List<ClientSession> killed = new ArrayList<>();
		try (Connection connection = this.administration.connect()) {
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
	 * @throws IllegalStateException if a session does not end within a minute
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
		this.loginPolicy.pause(wakingTime, answer);
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
				new IamTokenVerifier(greenEndpoint(), this.listener.port(), this.settings.region, this.settings.clock),
				tokens);
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
	 * stay. {@link RdsLookalike#execute} and admin connections can still write.
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
				this.administration.execute("SELECT pg_promote()");
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
	 * Resets all connections, ends the server and deletes its files. Does nothing if it
	 * is closed.
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

}
