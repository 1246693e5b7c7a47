package io.soong.jdbc;

import java.time.Duration;
import java.util.Hashtable;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;

import io.soong.auth.DatabaseEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Finds the RDS endpoint that a name is an alias (CNAME) of. For diagnoses only: each of
 * a few look-ups may take half a second. Thread-safe.
 */
final class CanonicalName {

	private static final int MOST_ALIASES = 4;

	/** For all look-ups together: there may be several, each at several servers. */
	private static final Duration LIMIT = Duration.ofSeconds(2);

	private final String server;

	private final Duration limit;

	/** Asks the system's own resolvers. */
	CanonicalName() {
		this("dns:");
	}

	CanonicalName(String server) {
		this(server, LIMIT);
	}

	CanonicalName(String server, Duration limit) {
		this.server = server;
		this.limit = limit;
	}

	/**
	 * Returns the RDS endpoint behind a name, or empty if there is none or the DNS does
	 * not answer.
	 */
	Optional<String> rdsEndpointOf(String host) {
		try {
			return BoundedCall.within(new Budget(this.limit), () -> lookUp(host));
		}
		catch (ExecutionException | TimeoutException ex) {
			return Optional.empty();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return Optional.empty();
		}
	}

	private Optional<String> lookUp(String host) {
		Hashtable<String, String> environment = new Hashtable<>();
		environment.put("java.naming.factory.initial", "com.sun.jndi.dns.DnsContextFactory");
		environment.put("java.naming.provider.url", this.server);
		environment.put("com.sun.jndi.dns.timeout.initial", "500");
		environment.put("com.sun.jndi.dns.timeout.retries", "1");
		try {
			DirContext dns = new InitialDirContext(environment);
			try {
				return follow(dns, host);
			}
			finally {
				dns.close();
			}
		}
		catch (NamingException | LinkageError ex) {
			return Optional.empty();
		}
	}

	private static Optional<String> follow(DirContext dns, String host) throws NamingException {
		String name = host;
		for (int i = 0; i < MOST_ALIASES; i++) {
			name = alias(dns, name);
			if (name == null) {
				break;
			}
			DatabaseEndpoint endpoint = new DatabaseEndpoint(name, 0, "", null);
			if (endpoint.isRds()) {
				return Optional.of(endpoint.host());
			}
		}
		return Optional.empty();
	}

	/**
	 * Queries text records, so that nothing is deserialized.
	 */
	@SuppressWarnings("BanJNDI")
	private static @Nullable String alias(DirContext dns, String name) throws NamingException {
		Attribute alias = dns.getAttributes(name, new String[] { "CNAME" }).get("CNAME");
		return (alias != null) ? String.valueOf(alias.get()) : null;
	}

}
