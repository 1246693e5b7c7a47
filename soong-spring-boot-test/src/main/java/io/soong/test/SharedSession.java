package io.soong.test;

import java.io.IOException;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session of the server that serves the transactions of several clients in turn.
 */
final class SharedSession implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(SharedSession.class);

	private final StartupPacket startup;

	private final ServerConnection link;

	private volatile @Nullable Client client;

	SharedSession(StartupPacket startup, ServerConnection link) {
		this.startup = startup;
		this.link = link;
	}

	/**
	 * Whether it has the same user, database and parameters.
	 */
	boolean matches(StartupPacket other) {
		return Arrays.equals(this.startup.bytes(), other.bytes());
	}

	/**
	 * Sets the receiver of the answers, or {@code null}.
	 */
	void serve(@Nullable Client next) {
		this.client = next;
	}

	void write(byte[] source, int offset, int length) throws IOException {
		this.link.write(source, offset, length);
	}

	/**
	 * Passes the server's answers on to their receivers, until the session ends.
	 */
	void run() {
		try (this.link) {
			new MessageForwarder(this.link::read, this::answer, (type) -> type == Message.READY_FOR_QUERY,
					(type, buffer, offset, length) -> {
						Client current = this.client;
						if (current != null && type == Message.READY_FOR_QUERY) {
							current.readyForQuery((char) buffer[offset]);
						}
						return null;
					}, (fault) -> true)
				.run();
		}
		catch (IOException ex) {
			logger.debug("A session of the server ended", ex);
		}
		Client current = this.client;
		if (current != null) {
			current.disconnect();
		}
	}

	private void answer(byte[] source, int offset, int length) throws IOException {
		Client current = this.client;
		if (current != null) {
			current.answer(source, offset, length);
		}
	}

	@Override
	public void close() {
		try {
			this.link.close();
		}
		catch (IOException ex) {
			logger.debug("A session of the server was closed already", ex);
		}
	}

	/**
	 * The receiver of a session's answers.
	 */
	interface Client {

		/**
		 * Called before the server's ReadyForQuery is passed on.
		 * @param status the status of the transaction
		 */
		void readyForQuery(char status);

		/**
		 * Receives bytes of an answer.
		 */
		void answer(byte[] source, int offset, int length) throws IOException;

		/**
		 * Called when the server has ended the session.
		 */
		void disconnect();

	}

}
