package io.soong.test;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

import javax.net.ssl.SSLSocket;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client of a proxy after its login. It borrows a session of the server when it begins
 * a transaction, and returns it when the transaction has ended, unless it is pinned.
 */
final class ProxyClient implements SharedSession.Client {

	private static final Logger logger = LoggerFactory.getLogger(ProxyClient.class);

	private final SessionPool pool;

	private final StartupPacket startup;

	private final SSLSocket socket;

	private final OutputStream out;

	private volatile @Nullable SharedSession session;

	private @Nullable SharedSession last;

	private boolean pinned;

	/**
	 * Whether the last message was neither a Sync nor a Query.
	 */
	private boolean unfinished;

	/**
	 * The number of outstanding answers.
	 */
	private int awaited;

	private char transaction = 'I';

	ProxyClient(SessionPool pool, StartupPacket startup, SSLSocket socket) throws IOException {
		this.pool = pool;
		this.startup = startup;
		this.socket = socket;
		this.out = socket.getOutputStream();
	}

	/**
	 * Serves the client until it disconnects.
	 */
	void run() throws IOException {
		InputStream in = this.socket.getInputStream();
		try {
			new MessageForwarder(in::read, this::writeRequest, (type) -> type == 'P' || type == 'Q',
					(type, buffer, offset, length) -> {
						recordRequest(type, new String(buffer, offset, length, StandardCharsets.UTF_8));
						return null;
					}, (fault) -> true)
				.run();
		}
		finally {
			closeSession();
		}
	}

	/**
	 * Records a message that is about to be passed on.
	 */
	private synchronized void recordRequest(char type, String text) {
		boolean finished = type == 'Q' || type == 'S';
		this.unfinished = !finished;
		this.awaited += finished ? 1 : 0;
		if (type == 'P' || type == 'Q') {
			String[] texts = text.split("\0", 3);
			String name = (type == 'P') ? texts[0] : "";
			this.pinned |= this.pool.pins(name, (type == 'P') ? texts[1] : texts[0]);
		}
	}

	private void writeRequest(byte[] source, int offset, int length) throws IOException {
		if (source[offset] == 'X' && length == 5) {
			// The client's Terminate message is not for the server
			return;
		}
		SharedSession current = this.session;
		if (current == null) {
			current = this.pool.borrow(this.startup, this.last);
			current.serve(this);
			this.session = current;
		}
		current.write(source, offset, length);
	}

	@Override
	public synchronized void readyForQuery(char status) {
		this.awaited--;
		this.transaction = status;
	}

	@Override
	public void answer(byte[] source, int offset, int length) throws IOException {
		synchronized (this) {
			SharedSession current = this.session;
			boolean over = this.transaction == 'I' && this.awaited == 0 && !this.unfinished;
			if (over && !this.pinned && current != null) {
				// Before the client receives the answer and sends its next request
				this.session = null;
				this.last = current;
				current.serve(null);
				this.pool.release(current);
			}
		}
		this.out.write(source, offset, length);
	}

	@Override
	public void disconnect() {
		if (this.session != null) {
			try {
				this.socket.close();
			}
			catch (IOException ex) {
				logger.debug("A client was closed already", ex);
			}
		}
	}

	/**
	 * Closes the session if the client holds one, because it may have state.
	 */
	private synchronized void closeSession() {
		SharedSession current = this.session;
		if (current != null) {
			current.serve(null);
			current.close();
		}
	}

}
