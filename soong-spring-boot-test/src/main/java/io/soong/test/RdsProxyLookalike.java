package io.soong.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An RDS Proxy in front of an {@link RdsLookalike}, as far as a client can tell: with an
 * endpoint of its own, for which tokens have to be signed, and server sessions that it
 * shares among its clients.
 *
 * <pre class="code">
 * try (RdsProxyLookalike proxy = RdsProxyLookalike.start(rds)) {
 *     ...
 *     assertThat(proxy.pins()).isEmpty();
 * }
 * </pre>
 *
 * <p>
 * A client's next transaction runs in another session of the server than the last,
 * always, so that code that relies on a session fails. What would need one pins the
 * client to its session for good, as on RDS, and is recorded: {@code SET},
 * {@code PREPARE}, {@code DISCARD}, named statements, temporary objects, cursors,
 * {@code LISTEN}, {@code LOAD}, advisory locks, sequence functions and statements over 16
 * kB. Whether named statements of the protocol pin there too is not documented; here they
 * do. CancelRequests are not passed on. Start-up {@code options}, replication and all
 * parameters but those of pgjdbc's defaults are refused with {@code 0A000}. Users log in
 * with tokens only. Safe for use by several threads.
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
				new IamTokenVerifier(this.endpoint, this.listener.port(), rds.region(), rds.clock()), rds::credentials);
		this.pool = new SessionPool(rds.serverSocket());
		TlsIdentity identity = rds.identity().named(this.endpoint);
		this.listener.open(new SessionContext(identity::tls, rds.serverSocket(), this.loginPolicy, new Fault.Plan(),
				(processId) -> {
				}, () -> Duration.ZERO, this.pool));
	}

	/**
	 * Starts a proxy that is trusted by the same certificate as the database. Close it
	 * before the database.
	 * @param rds the database behind the proxy
	 * @return the proxy, to be closed
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
	 * The proxy's name, for which tokens have to be signed. Does not resolve:
	 * {@link #address()} is what to dial.
	 * @return the name
	 */
	public String endpoint() {
		return this.endpoint;
	}

	/**
	 * The address to dial.
	 * @return the address
	 */
	public String address() {
		return this.rds.address();
	}

	/**
	 * The port to dial, which tokens have to be signed for.
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
	 * What pinned a client to a session so far: the beginnings of the statements.
	 * @return the beginnings of the statements
	 */
	public List<String> pins() {
		return this.pool.pins();
	}

	/**
	 * How many CancelRequests came, and were ignored.
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
	 * Resets the connection of every client.
	 * @return how many there were
	 */
	public int cutConnections() {
		return this.listener.cut();
	}

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
