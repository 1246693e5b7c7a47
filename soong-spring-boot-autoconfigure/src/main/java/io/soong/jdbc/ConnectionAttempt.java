package io.soong.jdbc;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

import io.soong.jdbc.SoongConnectionException.Step;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to open a physical connection: it dials, layers TLS over the socket, and
 * records the step it reached. Used by one thread until it succeeds, then by the thread
 * that cancels a statement.
 */
final class ConnectionAttempt {

	private static final Log logger = LogFactory.getLog(ConnectionLog.NAME);

	private static final Duration TCP_TIMEOUT = Duration.ofSeconds(3);

	/** For TLS and login together. */
	private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(15);

	/** The cipher suite of a session that was not negotiated. */
	private static final String NO_CIPHER_SUITE = "SSL_NULL_WITH_NULL_NULL";

	private final ConnectionSettings settings;

	private final ServerTrust trust;

	private final Budget budget;

	private final @Nullable ConnectReport report;

	/** Credentials are resolved before anything is dialled. */
	private Step step = Step.LOGIN;

	private @Nullable UsedCredentials credentials;

	private @Nullable SSLSocket encrypted;

	private @Nullable DialledSocket socket;

	private volatile @Nullable SocketAddress peer;

	private volatile @Nullable DialledSocket sideConnection;

	private final Set<DialledSocket> sideConnections = ConcurrentHashMap.newKeySet();

	ConnectionAttempt(ConnectionSettings settings, ServerTrust trust, Budget budget) {
		this(settings, trust, budget, null);
	}

	/**
	 * Creates an attempt.
	 * @param report receives each step, or {@code null}
	 */
	ConnectionAttempt(ConnectionSettings settings, ServerTrust trust, Budget budget, @Nullable ConnectReport report) {
		this.settings = settings;
		this.trust = trust;
		this.budget = budget;
		this.report = report;
		if (report != null) {
			report.begin(ConnectionObserver.Step.TOKEN);
		}
	}

	void logsInWith(UsedCredentials credentials) {
		this.credentials = credentials;
	}

	@Nullable UsedCredentials credentials() {
		return this.credentials;
	}

	/**
	 * Returns a socket connected to the first of the host's addresses that answers. The
	 * driver calls it again when it falls back to an unencrypted connection.
	 */
	Socket dial() throws IOException {
		SocketAddress peer = this.peer;
		if (peer != null) {
			return dialAgain(peer);
		}
		this.encrypted = null;
		reach(Step.DNS);
		InetAddress[] addresses = resolve(this.settings.dialled(), this.budget);
		reach(Step.TCP);
		IOException failure = null;
		for (InetAddress address : addresses) {
			DialledSocket socket = new DialledSocket(this.budget);
			try {
				socket.connect(new InetSocketAddress(address, this.settings.port()),
						this.budget.millisAtMost(TCP_TIMEOUT));
				socket.limit(this.budget.atMost(HANDSHAKE_TIMEOUT));
				this.socket = socket;
				reach(Step.TLS);
				return socket;
			}
			catch (IOException ex) {
				socket.close();
				if (failure == null) {
					failure = ex;
				}
				else {
					failure.addSuppressed(ex);
				}
			}
		}
		throw (failure != null) ? failure : new IOException("no address");
	}

	private void reach(Step step) {
		this.step = step;
		if (this.report != null) {
			this.report.begin(ConnectionObserver.Step.valueOf(step.name()));
		}
	}

	/**
	 * Returns the addresses of a name, if the look-up ends within the budget.
	 */
	static InetAddress[] resolve(String name, Budget budget) throws IOException {
		if (name.matches(ConnectionSettings.Builder.IP_ADDRESS)) {
			// Nothing is looked up, so that nothing can take long
			return InetAddress.getAllByName(name);
		}
		try {
			return BoundedCall.within(budget, () -> InetAddress.getAllByName(name));
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof IOException failure) ? failure : new IOException(ex.getCause());
		}
		catch (TimeoutException ex) {
			throw (IOException) new SocketTimeoutException("The look-up of the name took too long").initCause(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw (IOException) new InterruptedIOException("Interrupted while waiting for the look-up of the name")
				.initCause(ex);
		}
	}

	/**
	 * Dials the side connection that asks the server to cancel a statement. It uses the
	 * address of the server that runs the statement, because the name may by now resolve
	 * to another, and ignores the time to connect, which is used up.
	 */
	private Socket dialAgain(SocketAddress peer) throws IOException {
		DialledSocket socket = new DialledSocket(new Budget(TCP_TIMEOUT));
		this.sideConnection = socket;
		this.sideConnections.removeIf(Socket::isClosed);
		this.sideConnections.add(socket);
		try {
			socket.connect(peer, (int) TCP_TIMEOUT.toMillis());
			return socket;
		}
		catch (IOException ex) {
			socket.close();
			throw ex;
		}
	}

	/**
	 * Layers TLS over a connected socket. The driver starts the handshake.
	 */
	SSLSocket encrypt(Socket socket, String host, int port) throws IOException {
		try {
			SSLSocket encrypted = (SSLSocket) this.trust.context()
				.getSocketFactory()
				.createSocket(socket, host, port, true);
			this.encrypted = encrypted;
			return new TlsSocket(encrypted,
					(this.settings.sslMode() == ConnectionSettings.SslMode.VERIFY_FULL) ? host : null, this.report);
		}
		catch (CertificateException ex) {
			throw new SSLException(ex.getMessage(), ex);
		}
	}

	/**
	 * Ends the attempt with success.
	 * @return the connected socket below any encryption
	 */
	DialledSocket established() {
		DialledSocket socket = this.socket;
		if (socket == null) {
			throw new IllegalStateException("not connected");
		}
		this.peer = socket.getRemoteSocketAddress();
		if (this.report != null) {
			this.report.correct(ConnectionObserver.Step.LOGIN);
			this.report.end(true);
		}
		this.encrypted = null;
		socket.unlimit();
		return socket;
	}

	/**
	 * Returns whether the server has processed the last cancel request: it closes the
	 * side connection after it has passed the request on. The driver does not report
	 * that.
	 */
	boolean isCancelDelivered() {
		DialledSocket socket = this.sideConnection;
		return socket != null && socket.hasEnded();
	}

	/**
	 * Ends the cancel requests in progress. The driver makes a statement with a timeout
	 * wait for them.
	 */
	void abortCancel() {
		for (DialledSocket socket : this.sideConnections) {
			try {
				socket.close();
			}
			catch (IOException ex) {
				logger.debug("The side connection was closed already", ex);
			}
		}
	}

	void abort() {
		try {
			if (this.socket != null) {
				this.socket.close();
			}
		}
		catch (IOException ex) {
			logger.debug("The socket was closed already", ex);
		}
	}

	/**
	 * Returns the step at which the driver's attempt failed. Before TLS, the driver
	 * reports a server that refuses it as a rejected connection (08004), as it does a
	 * login without encryption that it cannot answer.
	 */
	Step failedStep(SQLException failure) {
		Step failed = stepOf(failure);
		if (this.report != null) {
			if (failed == Step.LOGIN && this.credentials != null) {
				this.report.correct(ConnectionObserver.Step.LOGIN);
			}
			this.report.end(false);
		}
		return failed;
	}

	private Step stepOf(SQLException failure) {
		if (this.step != Step.TLS) {
			return this.step;
		}
		SSLSocket encrypted = this.encrypted;
		if (encrypted != null) {
			boolean agreed = !encrypted.getSession().getCipherSuite().equals(NO_CIPHER_SUITE)
					&& Causes.find(failure, CertificateException.class) == null;
			return agreed ? Step.LOGIN : Step.TLS;
		}
		if (ServerText.of(failure) != null) {
			// A server that does not encrypt says why it refuses only at the login
			return Step.LOGIN;
		}
		String state = String.valueOf(failure.getSQLState());
		boolean beforeLogin = switch (this.settings.sslMode()) {
			case DISABLE -> false;
			case ALLOW, PREFER -> state.startsWith("08") && !state.equals(SqlStates.CONNECTION_REJECTED);
			case REQUIRE, VERIFY_CA, VERIFY_FULL -> state.startsWith("08");
		};
		return beforeLogin ? Step.TLS : Step.LOGIN;
	}

}
