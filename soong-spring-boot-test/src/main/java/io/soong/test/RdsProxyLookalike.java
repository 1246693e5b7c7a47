package io.soong.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A local stand-in for an RDS Proxy in front of an {@link RdsLookalike}. It has its own
 * endpoint, which tokens must be signed for, and shares server sessions among its
 * clients.
 *
 * <pre class="code">
 * try (RdsProxyLookalike proxy = RdsProxyLookalike.start(rds)) {
 *     ...
 *     assertThat(proxy.pins()).isEmpty();
 * }
 * </pre>
 *
 * <p>
 * Each transaction of a client runs in another session of the server than the one before,
 * so that code that relies on a session fails. Some statements pin the client to its
 * session until it disconnects, as on RDS, and are recorded: {@code SET},
 * {@code PREPARE}, {@code DISCARD}, named statements, temporary objects, cursors,
 * {@code LISTEN}, {@code LOAD}, advisory locks, sequence functions and statements over 16
 * kB. Named statements of the protocol pin too; AWS does not document whether they do on
 * RDS. CancelRequests are ignored. Start-up {@code options}, replication and all start-up
 * parameters except pgjdbc's defaults are refused with {@code 0A000}. Users log in with
 * tokens only. Thread-safe.
 */
public final class RdsProxyLookalike implements AutoCloseable {

	private final RdsLookalike rds;

	private final String endpoint;

	private final LoginPolicy loginPolicy;

	private final SessionPool pool;

	private final ClientListener listener;

	private RdsProxyLookalike(RdsLookalike rds) throws IOException {
		this.rds = rds;
		this.endpoint = "gizmos.proxy-c0ffee123456." + rds.region() + ".rds.amazonaws.com";
		this.listener = new ClientListener(InetAddress.getByName(rds.address()), 0);
		this.loginPolicy = new LoginPolicy(
				new IamTokenVerifier(this.endpoint, this.listener.port(), rds.region(), rds.settings.clock),
				() -> rds.credentials);
		this.pool = new SessionPool(rds.server.socket());
		TlsIdentity identity = rds.identity.named(this.endpoint);
		this.listener.open(new SessionContext(identity::tls, rds.server.socket(), this.loginPolicy, new Fault.Plan(),
				(processId) -> {
				}, () -> Duration.ZERO, this.pool));
	}

	/**
	 * Starts a proxy. The certificate authority is that of the database. Close the proxy
	 * before the database.
	 * @param rds the database behind the proxy
	 * @return the proxy, to be closed
	 * @throws UncheckedIOException if the proxy cannot listen
	 */
	public static RdsProxyLookalike start(RdsLookalike rds) {
		try {
			return new RdsProxyLookalike(rds);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The proxy's name, which tokens must be signed for. It does not resolve: connect to
	 * {@link #address()}.
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
		return this.rds.address();
	}

	/**
	 * The port to connect to, which tokens must be signed for.
	 * @return the port
	 */
	public int port() {
		return this.listener.port();
	}

	/**
	 * The environment variables of a function that uses the database through this proxy.
	 * @return the variables
	 */
	public Map<String, String> environment() {
		Map<String, String> environment = new LinkedHashMap<>(this.rds.environment());
		environment.put("PG_HOST", endpoint());
		environment.put("PG_HOSTADDR", address());
		environment.put("PG_PORT", Integer.toString(port()));
		return environment;
	}

	/**
	 * The statements that have pinned a client to a session so far.
	 * @return the beginnings of the statements
	 */
	public List<String> pins() {
		return this.pool.pins();
	}

	/**
	 * The number of CancelRequests, which were ignored.
	 * @return the number
	 */
	public int cancelRequests() {
		return this.pool.cancelRequests();
	}

	/**
	 * Every attempt to log in so far, in the order in which they ended.
	 * @return the attempts
	 */
	public List<Login> logins() {
		return this.loginPolicy.logins();
	}

	/**
	 * Resets the connection of every client. Returns when the sessions have ended.
	 * @return the number of connections
	 * @throws IllegalStateException if a session does not end within a minute
	 */
	public int cutConnections() {
		return this.listener.cut();
	}

	/**
	 * Resets the connections of all clients and ends the sessions of the server.
	 */
	@Override
	public void close() {
		try {
			this.listener.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		finally {
			this.pool.close();
		}
	}

}
