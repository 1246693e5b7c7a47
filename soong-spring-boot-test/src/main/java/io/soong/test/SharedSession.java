package io.soong.test;

import java.io.IOException;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server's session that serves one client's transaction, then another's.
 */
final class SharedSession implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(SharedSession.class);

	private final StartupPacket startup;

	private final ServerLink link;

	private volatile @Nullable Client client;

	SharedSession(StartupPacket startup, ServerLink link) {
		this.startup = startup;
		this.link = link;
	}

	/**
	 * Whether it is of the same user, in the same database, with the same parameters.
	 */
	boolean suits(StartupPacket other) {
		return Arrays.equals(this.startup.bytes(), other.bytes());
	}

	/**
	 * The receiver of the answers from now on, or {@code null}.
	 */
	void serve(@Nullable Client next) {
		this.client = next;
	}

	void write(byte[] source, int offset, int length) throws IOException {
		this.link.write(source, offset, length);
	}

	/**
	 * Passes the server's answers on to their receivers, until the server ends.
	 */
	void run() {
		try (this.link) {
			new Relay(this.link::read, this::answer, (type) -> type == Message.READY_FOR_QUERY,
					(type, buffer, offset, length) -> {
						Client current = this.client;
						if (current != null && type == Message.READY_FOR_QUERY) {
							current.answered((char) buffer[offset]);
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
			current.hangUp();
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
		 * The server is about to say that it has finished.
		 * @param status of the transaction
		 */
		void answered(char status);

		/**
		 * Bytes of an answer.
		 */
		void answer(byte[] source, int offset, int length) throws IOException;

		/**
		 * The server has ended the session.
		 */
		void hangUp();

	}

}
