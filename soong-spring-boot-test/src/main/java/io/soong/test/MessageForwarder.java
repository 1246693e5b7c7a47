package io.soong.test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.IntPredicate;

import org.jspecify.annotations.Nullable;

/**
 * Passes on the messages of one direction unchanged, and performs faults between them.
 * Passes on long messages in pieces. Used by one thread.
 */
final class MessageForwarder {

	private static final int HEADER = 5;

	/**
	 * The part of a message that is inspected.
	 */
	private static final int PREFIX = 32 * 1024;

	private final Reader reader;

	private final Writer writer;

	private final IntPredicate inspected;

	private final Observer observer;

	private final FaultHandler faultHandler;

	private byte[] buffer = new byte[64 * 1024];

	/**
	 * The number of bytes in the buffer.
	 */
	private int end;

	/**
	 * The number of bytes that belong to inspected messages.
	 */
	private int scanned;

	/**
	 * The number of bytes that may be passed on.
	 */
	private int free;

	/**
	 * The number of bytes of the last inspected message that have not been read yet.
	 */
	private int rest;

	/**
	 * The fault to perform when the answer is complete. Until then the answer is held
	 * back.
	 */
	private @Nullable Fault held;

	/**
	 * Creates a forwarder.
	 * @param reader the source of the bytes
	 * @param writer the destination of the bytes
	 * @param inspected selects the types of the messages whose content is inspected
	 * @param observer called before each message is passed on
	 * @param faultHandler performs faults
	 */
	MessageForwarder(Reader reader, Writer writer, IntPredicate inspected, Observer observer,
			FaultHandler faultHandler) {
		this.reader = reader;
		this.writer = writer;
		this.inspected = inspected;
		this.observer = observer;
		this.faultHandler = faultHandler;
	}

	/**
	 * The source of bytes.
	 */
	@FunctionalInterface
	interface Reader {

		/**
		 * Reads the bytes that are available, at least one.
		 * @return the number of bytes, or -1 at the end
		 */
		int read(byte[] target, int offset, int length) throws IOException;

		/**
		 * Returns a source as a stream.
		 */
		static InputStream stream(Reader reader) {
			return new InputStream() {

				@Override
				public int read() throws IOException {
					byte[] one = new byte[1];
					return (reader.read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
				}

				@Override
				public int read(byte[] target, int offset, int length) throws IOException {
					return reader.read(target, offset, length);
				}

			};
		}

	}

	/**
	 * The destination of bytes.
	 */
	@FunctionalInterface
	interface Writer {

		void write(byte[] source, int offset, int length) throws IOException;

	}

	/**
	 * The observer of the messages.
	 */
	@FunctionalInterface
	interface Observer {

		/**
		 * Called before a message is passed on.
		 * @return the fault to perform before it is passed on
		 */
		@Nullable Fault observe(char type, byte[] buffer, int offset, int length);

	}

	/**
	 * Performs faults.
	 */
	@FunctionalInterface
	interface FaultHandler {

		/**
		 * Performs a fault.
		 * @return whether to continue; otherwise bytes that were not passed on are lost
		 */
		boolean perform(Fault fault) throws IOException;

	}

	/**
	 * Passes on everything until the end.
	 */
	void run() throws IOException {
		while (true) {
			if (this.end == this.buffer.length) {
				this.buffer = Arrays.copyOf(this.buffer, this.buffer.length * 2);
			}
			int count = this.reader.read(this.buffer, this.end, this.buffer.length - this.end);
			if (count < 0) {
				return;
			}
			this.end += count;
			if (!scan()) {
				discardInput();
				return;
			}
			pass();
		}
	}

	private boolean scan() throws IOException {
		while (true) {
			int piece = Math.min(this.rest, this.end - this.scanned);
			this.scanned += piece;
			this.rest -= piece;
			if (this.held == null) {
				this.free = this.scanned;
			}
			if (this.rest > 0 || this.end - this.scanned < HEADER) {
				return true;
			}
			char type = (char) this.buffer[this.scanned];
			int length = length(this.scanned + 1);
			int wanted = this.inspected.test(type) ? Math.min(length, PREFIX) : 0;
			if (this.end - this.scanned - HEADER < wanted) {
				return true;
			}
			if (!inspect(type, wanted)) {
				return false;
			}
			this.rest = HEADER + length;
		}
	}

	private boolean inspect(char type, int length) throws IOException {
		@Nullable Fault fault = null;
		if (this.held == null) {
			fault = this.observer.observe(type, this.buffer, this.scanned + HEADER, length);
			if (fault != null && fault.moment().kind() == Moment.Kind.ANSWER) {
				this.held = fault;
				return true;
			}
		}
		else if (type == Message.READY_FOR_QUERY) {
			fault = this.held;
			this.held = null;
		}
		if (fault == null) {
			return true;
		}
		pass();
		return this.faultHandler.perform(fault);
	}

	/**
	 * Passes on the free bytes, and moves the others to the beginning of the buffer.
	 */
	private void pass() throws IOException {
		if (this.free > 0) {
			this.writer.write(this.buffer, 0, this.free);
			this.end -= this.free;
			this.scanned -= this.free;
			System.arraycopy(this.buffer, this.free, this.buffer, 0, this.end);
			this.free = 0;
		}
	}

	private void discardInput() throws IOException {
		int count;
		do {
			count = this.reader.read(this.buffer, 0, this.buffer.length);
		}
		while (count >= 0);
	}

	private int length(int offset) throws IOException {
		int length = ByteBuffer.wrap(this.buffer, offset, 4).getInt() - 4;
		if (length < 0) {
			throw new IOException("A message claims a length of " + length + " bytes");
		}
		return length;
	}

}
