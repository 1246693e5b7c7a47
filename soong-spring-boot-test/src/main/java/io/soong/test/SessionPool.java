package io.soong.test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The server sessions that a proxy shares among its clients, and a record of pinned
 * clients. Thread-safe.
 */
final class SessionPool implements AutoCloseable {

	private static final int STATEMENT_LIMIT = 16 * 1024;

	private static final int SHOWN = 120;

	private static final Pattern PINNING = Pattern.compile("^(set|reset|prepare|execute|deallocate|discard|declare"
			+ "|listen|unlisten|load)\\b|^create\\s+((local|global)\\s+)?temp"
			+ "|\\b(pg_(try_)?advisory_\\w+|nextval|setval|set_config)\\s*\\(", Pattern.CASE_INSENSITIVE);

	/**
	 * The start-up parameters of drivers that are known to work with RDS Proxy.
	 */
	private static final Set<String> PARAMETERS = Set.of("user", "database", "client_encoding", "datestyle", "timezone",
			"extra_float_digits", "application_name");

	private final Path server;

	private final List<SharedSession> idle = new ArrayList<>();

	private final List<SharedSession> all = new ArrayList<>();

	private final List<String> pins = new ArrayList<>();

	private int cancelRequests;

	private boolean closed;

	SessionPool(Path server) {
		this.server = server;
	}

	/**
	 * Returns the error with which RDS Proxy refuses a client, or {@code null} if it
	 * accepts the client. It supports no command-line options, no replication, and few
	 * parameters. AWS does not document which, so that only those known to work are
	 * accepted.
	 * @see <a href=
	 * "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-proxy.troubleshooting.html">Troubleshooting
	 * for RDS Proxy</a>
	 */
	static @Nullable Message refusal(StartupPacket startup) {
		for (Map.Entry<String, String> parameter : startup.parameters().entrySet()) {
			String name = parameter.getKey().toLowerCase(Locale.ROOT);
			String unsupported = switch (name) {
				case "options" -> "command-line options";
				case "replication" -> "streaming replication mode";
				default -> PARAMETERS.contains(name) ? null : "the option " + parameter.getKey();
			};
			if (unsupported != null) {
				return Message.error("0A000",
						"Feature not supported: RDS Proxy currently doesn’t support " + unsupported + ".");
			}
		}
		return null;
	}

	/**
	 * Lends a session for a client's next transaction: the one that has been idle for
	 * longest, except the client's last one, or a new one.
	 */
	SharedSession borrow(StartupPacket startup, @Nullable SharedSession last) throws IOException {
		synchronized (this) {
			for (Iterator<SharedSession> sessions = this.idle.iterator(); sessions.hasNext();) {
				SharedSession session = sessions.next();
				if (session != last && session.matches(startup)) {
					sessions.remove();
					return session;
				}
			}
		}
		ServerConnection link = new ServerConnection(this.server);
		link.write(startup.bytes());
		for (Message message = link.readMessage(); message.type() != Message.READY_FOR_QUERY; message = link
			.readMessage()) {
			boolean request = message.type() == Message.AUTHENTICATION && message.number() != 0;
			if (request || message.type() == Message.ERROR) {
				link.close();
				throw new IOException("The proxy cannot open a session: "
						+ (request ? "it serves only users that log in by token" : message.errorSummary()));
			}
		}
		return share(startup, link);
	}

	private SharedSession share(StartupPacket startup, ServerConnection link) throws IOException {
		SharedSession session = new SharedSession(startup, link);
		synchronized (this) {
			if (this.closed) {
				link.close();
				throw new IOException("The proxy is closed");
			}
			this.all.add(session);
		}
		Thread thread = new Thread(() -> {
			session.run();
			forget(session);
		}, "rds-proxy-lookalike");
		thread.setDaemon(true);
		thread.start();
		return session;
	}

	synchronized void release(SharedSession session) {
		this.idle.add(session);
	}

	private synchronized void forget(SharedSession session) {
		this.idle.remove(session);
		this.all.remove(session);
	}

	/**
	 * Whether a statement pins the client to its session. Records it if it does.
	 * @param name the name of a prepared statement of the protocol, or empty
	 */
	boolean pins(String name, String sql) {
		String statement = sql.strip();
		boolean pins = !name.isEmpty() || statement.length() > STATEMENT_LIMIT || PINNING.matcher(statement).find();
		if (pins) {
			synchronized (this) {
				this.pins.add((name.isEmpty() ? "" : "prepared as " + name + ": ")
						+ statement.substring(0, Math.min(SHOWN, statement.length())));
			}
		}
		return pins;
	}

	synchronized List<String> pins() {
		return List.copyOf(this.pins);
	}

	synchronized void ignoreCancelRequest() {
		this.cancelRequests++;
	}

	synchronized int cancelRequests() {
		return this.cancelRequests;
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		List.copyOf(this.all).forEach(SharedSession::close);
	}

}
