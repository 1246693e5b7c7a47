package io.soong.test;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import io.soong.test.IamTokenVerifier.Verdict;
import io.soong.test.Login.Method;
import io.soong.test.Moment.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.jspecify.annotations.Nullable;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * The session of one client: TLS, then the login, in which every message is inspected,
 * then bytes in both directions.
 *
 * <p>
 * PostgreSQL decides how users log in. Its Unix-domain socket trusts members of
 * {@code rds_iam}, so an AuthenticationOk without a request means that the user logs in
 * by token. That message is held back until a token has been requested and verified. Any
 * other authentication request is passed on to the client.
 */
final class ClientSession implements Runnable, Fault.Session {

	private static final Logger logger = LoggerFactory.getLogger(ClientSession.class);

	private static final int LOGIN_TIMEOUT_MILLIS = 60_000;

	private static final int BUFFER_SIZE = 64 * 1024;

	private static final int TLS_HANDSHAKE = 0x16;

	private static final String ALPN = "postgresql";

	private static final int AUTHENTICATION_OK = 0;

	private static final int AUTHENTICATION_SASL_FINAL = 12;

	private final FaultySocket socket;

	private final SessionContext context;

	private final LoginPolicy loginPolicy;

	private final Executor executor;

	private final CountDownLatch ended = new CountDownLatch(1);

	private volatile int processId;

	/** The error with which a fault refuses the login. */
	private @Nullable Message refusal;

	ClientSession(FaultySocket socket, SessionContext context, Executor executor) {
		this.socket = socket;
		this.context = context;
		this.loginPolicy = context.loginPolicy();
		this.executor = executor;
	}

	FaultySocket socket() {
		return this.socket;
	}

	/**
	 * The server's process for this session, 0 before the login.
	 */
	int processId() {
		return this.processId;
	}

	/**
	 * Waits until both directions have ended.
	 */
	boolean awaitEnd(long millis) throws InterruptedException {
		return this.ended.await(millis, TimeUnit.MILLISECONDS);
	}

	@Override
	public void run() {
		try {
			this.socket.setTcpNoDelay(true);
			this.socket.setSoTimeout(LOGIN_TIMEOUT_MILLIS);
			if (perform(Kind.CONNECT)) {
				if (this.loginPolicy.waking() == Waking.SILENCE) {
					discard();
				}
				else {
					serve();
				}
			}
		}
		catch (IOException | RejectedExecutionException ex) {
			// Tests disconnect clients and close the listener at any time
			logger.debug("A connection ended", ex);
		}
		finally {
			this.ended.countDown();
			disconnect();
		}
	}

	private void disconnect() {
		try {
			this.socket.disconnect();
		}
		catch (IOException ex) {
			logger.debug("A connection was closed already", ex);
		}
	}

	/**
	 * Performs the fault that is planned for a moment before the session is open.
	 * @return whether to continue
	 */
	private boolean perform(Kind kind) throws IOException {
		Fault fault = this.context.faults().at(kind);
		return fault == null || perform(fault);
	}

	/**
	 * Performs a fault.
	 * @return whether to continue; otherwise the client's further messages are ignored
	 */
	private boolean perform(Fault fault) throws IOException {
		logger.debug("A fault happens at: {}", fault.moment());
		fault.perform(this);
		return this.socket.passes();
	}

	@Override
	public void cut() {
		this.socket.cut();
	}

	@Override
	public void kill() {
		this.context.terminator().accept(this.processId);
	}

	@Override
	public void stall() {
		this.socket.stall();
	}

	@Override
	public void discard() {
		this.socket.discard();
	}

	@Override
	public void pause(Duration delay) throws IOException {
		this.socket.pause(delay);
	}

	@Override
	public void refuse(Message error) {
		this.refusal = error;
	}

	private void serve() throws IOException {
		InputStream in = this.socket.getInputStream();
		int first = in.read();
		while (first >= 0 && first != TLS_HANDSHAKE) {
			StartupPacket packet = StartupPacket.read(first, in);
			switch (packet.code()) {
				case StartupPacket.SSL_REQUEST -> {
					serveEncrypted(null);
					return;
				}
				case StartupPacket.GSSENC_REQUEST -> this.socket.getOutputStream().write('N');
				case StartupPacket.CANCEL_REQUEST -> {
					cancel(packet);
					return;
				}
				default -> {
					refuseUnencrypted(packet);
					return;
				}
			}
			first = in.read();
		}
		if (first == TLS_HANDSHAKE) {
			serveEncrypted(new ByteArrayInputStream(new byte[] { TLS_HANDSHAKE }));
		}
	}

	/**
	 * Serves a client over TLS.
	 * @param consumed the part of its handshake that was read, or {@code null} after an
	 * SSLRequest
	 */
	private void serveEncrypted(@Nullable InputStream consumed) throws IOException {
		if (!perform(Kind.TLS)) {
			return;
		}
		if (consumed == null) {
			this.socket.getOutputStream().write('S');
		}
		try (SSLSocket encrypted = (SSLSocket) this.context.tls()
			.get()
			.getSocketFactory()
			.createSocket(this.socket, consumed, true)) {
			encrypted.setUseClientMode(false);
			SSLParameters parameters = encrypted.getSSLParameters();
			parameters.setApplicationProtocols(new String[] { ALPN });
			encrypted.setSSLParameters(parameters);
			encrypted.startHandshake();
			if (consumed != null && !ALPN.equals(encrypted.getApplicationProtocol())) {
				throw new IOException(
						"A client that begins TLS without an SSLRequest must offer the application protocol " + ALPN);
			}
			InputStream in = encrypted.getInputStream();
			int first = in.read();
			if (first < 0) {
				return;
			}
			StartupPacket packet = StartupPacket.read(first, in);
			if (packet.code() == StartupPacket.CANCEL_REQUEST) {
				cancel(packet);
			}
			else if (packet.opensSession()) {
				new EncryptedSession(packet, encrypted).run();
			}
		}
	}

	/**
	 * Passes on a request to cancel. The client has the key of the server's own session.
	 */
	private void cancel(StartupPacket packet) throws IOException {
		if (!perform(Kind.CANCEL_REQUEST)) {
			return;
		}
		if (this.context.pool() != null) {
			this.context.pool().ignoreCancelRequest();
			return;
		}
		try (ServerConnection link = new ServerConnection(this.context.server())) {
			link.write(packet.bytes());
			// The server closes the connection after it has sent the signal
			link.read(new byte[1], 0, 1);
		}
	}

	private void refuseUnencrypted(StartupPacket packet) throws IOException {
		if (packet.opensSession()) {
			Message error = noEntry(packet, "no encryption");
			this.loginPolicy.record(new Login(this.loginPolicy.clock().instant(), packet.user(), packet.database(),
					Method.UNKNOWN, null, false, error.errorSummary(), null, null));
			error.write(this.socket.getOutputStream());
		}
	}

	private Message noEntry(StartupPacket packet, String encryption) {
		return Message.error("28000", "no pg_hba.conf entry for host \"%s\", user \"%s\", database \"%s\", %s"
			.formatted(this.socket.getInetAddress().getHostAddress(), packet.user(), packet.database(), encryption));
	}

	/**
	 * The part of the session that is encrypted: the login and what follows it.
	 */
	private final class EncryptedSession {

		private final StartupPacket startup;

		private final SSLSocket encrypted;

		private final InputStream in;

		private final OutputStream out;

		private Method method = Method.UNKNOWN;

		private @Nullable Verdict verdict;

		private @Nullable String fingerprint;

		EncryptedSession(StartupPacket startup, SSLSocket encrypted) throws IOException {
			this.startup = startup;
			this.encrypted = encrypted;
			this.in = encrypted.getInputStream();
			this.out = new BufferedOutputStream(encrypted.getOutputStream(), BUFFER_SIZE);
		}

		void run() throws IOException {
			if (!perform(Kind.LOGIN)) {
				return;
			}
			Message refusal = refusal();
			if (refusal != null) {
				refuse(refusal, refusal.errorSummary());
				return;
			}
			try (ServerConnection link = new ServerConnection(ClientSession.this.context.server())) {
				link.write(this.startup.bytes());
				if (!logIn(link)) {
					return;
				}
				ClientSession.this.socket.setSoTimeout(0);
				if (ClientSession.this.context.pool() == null) {
					forward(link);
				}
			}
			if (ClientSession.this.context.pool() != null) {
				new ProxyClient(ClientSession.this.context.pool(), this.startup, this.encrypted).run();
			}
		}

		/**
		 * Returns the error with which the login is refused before the server sees it, or
		 * {@code null}.
		 */
		private @Nullable Message refusal() {
			ClientSession session = ClientSession.this;
			if (session.refusal != null) {
				return session.refusal;
			}
			Waking waking = session.loginPolicy.waking();
			if (waking != null) {
				return (waking == Waking.NO_ENTRY) ? noEntry(this.startup, "SSL encryption")
						: Message.error("57P03", "the database system is starting up");
			}
			return (session.context.pool() != null) ? SessionPool.refusal(this.startup) : null;
		}

		private boolean logIn(ServerConnection link) throws IOException {
			while (true) {
				Message message = link.readMessage();
				switch (message.type()) {
					case Message.AUTHENTICATION -> {
						if (!authenticate(message, link)) {
							return false;
						}
					}
					case Message.ERROR -> {
						refuse(message, message.errorSummary());
						return false;
					}
					case Message.BACKEND_KEY_DATA -> {
						ClientSession.this.processId = message.number();
						message.write(this.out);
					}
					case Message.READY_FOR_QUERY -> {
						record(true, (this.verdict != null) ? this.verdict.reason() : "PostgreSQL opened the session");
						message.write(this.out);
						this.out.flush();
						return true;
					}
					default -> message.write(this.out);
				}
			}
		}

		private boolean authenticate(Message message, ServerConnection link) throws IOException {
			int code = message.number();
			if (code == AUTHENTICATION_OK && this.method == Method.UNKNOWN) {
				this.method = Method.IAM_TOKEN;
				if (!requestToken()) {
					return false;
				}
			}
			message.write(this.out);
			if (code != AUTHENTICATION_OK && code != AUTHENTICATION_SASL_FINAL) {
				this.method = Method.PASSWORD;
				this.out.flush();
				link.write(answer().bytes());
			}
			return true;
		}

		private boolean requestToken() throws IOException {
			Message.cleartextPasswordRequest().write(this.out);
			this.out.flush();
			String token = answer().text();
			this.fingerprint = IamTokenVerifier.sha256(token).substring(0, 8);
			Verdict result = ClientSession.this.loginPolicy.check(token, this.startup.user());
			this.verdict = result;
			if (!result.valid()) {
				refuse(Message.error("28000", "PAM authentication failed for user \"" + this.startup.user() + "\""),
						result.reason());
			}
			return result.valid();
		}

		private Message answer() throws IOException {
			try {
				Message answer = Message.read(this.in);
				if (answer.type() != Message.PASSWORD) {
					throw new IOException("Expected a password message, but got one of type " + answer.type());
				}
				return answer;
			}
			catch (IOException ex) {
				record(false, "the client did not answer the request for its password");
				throw ex;
			}
		}

		private void refuse(Message error, String reason) throws IOException {
			record(false, reason);
			error.write(this.out);
			this.out.flush();
		}

		private void record(boolean accepted, String reason) {
			LoginPolicy loginPolicy = ClientSession.this.loginPolicy;
			loginPolicy.record(new Login(loginPolicy.clock().instant(), this.startup.user(), this.startup.database(),
					this.method, this.encrypted.getSession().getProtocol(), accepted, reason,
					(this.verdict != null) ? this.verdict.signedAt() : null, this.fingerprint));
		}

		private void forward(ServerConnection link) throws IOException {
			ProtocolState state = new ProtocolState(ClientSession.this.context.faults());
			CountDownLatch answersEnded = new CountDownLatch(1);
			ClientSession.this.executor.execute(() -> {
				try (link; this.encrypted) {
					OutputStream direct = this.encrypted.getOutputStream();
					new MessageForwarder(link::read, direct::write, state::readsFromServer, state::fromServer,
							(fault) -> {
								perform(fault);
								// Output that the client does not receive is discarded
								return true;
							})
						.run();
				}
				catch (IOException ex) {
					logger.debug("A session ended", ex);
				}
				finally {
					answersEnded.countDown();
				}
			});
			try {
				new MessageForwarder(this.in::read, link::write, state::readsFromClient, state::fromClient,
						ClientSession.this::perform)
					.run();
			}
			finally {
				endRequests(link, answersEnded);
			}
		}

		/**
		 * Ends the requests to the server after the client has disconnected. A server
		 * that is busy notices this at its next read or write, as it would with a direct
		 * connection.
		 */
		private void endRequests(ServerConnection link, CountDownLatch answersEnded) {
			try {
				link.endOutput();
				if (!ClientSession.this.socket.isClosed()) {
					answersEnded.await();
				}
			}
			catch (IOException ex) {
				logger.debug("The server left first", ex);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
