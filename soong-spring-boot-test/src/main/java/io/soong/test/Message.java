package io.soong.test;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.postgresql.util.ServerErrorMessage;

/**
 * A message of PostgreSQL's frontend/backend protocol, version 3.
 *
 * @param type its first byte
 * @param body the content after the length
 */
record Message(char type, byte[] body) {

	static final char AUTHENTICATION = 'R';

	static final char PASSWORD = 'p';

	static final char ERROR = 'E';

	static final char BACKEND_KEY_DATA = 'K';

	static final char READY_FOR_QUERY = 'Z';

	static final char DATA_ROW = 'D';

	static final char COMMAND_COMPLETE = 'C';

	static final char BIND_COMPLETE = '2';

	static final char ROW_DESCRIPTION = 'T';

	static final char COPY_IN_RESPONSE = 'G';

	static final char COPY_OUT_RESPONSE = 'H';

	static final char COPY_DATA = 'd';

	/**
	 * More than the length of any message before a session is ready.
	 */
	private static final int LIMIT = 1 << 20;

	static Message error(String sqlState, String text) {
		StringBuilder fields = new StringBuilder();
		for (String field : new String[] { "SFATAL", "VFATAL", "C" + sqlState, "M" + text }) {
			fields.append(field).append('\0');
		}
		return new Message(ERROR, fields.append('\0').toString().getBytes(StandardCharsets.UTF_8));
	}

	static Message cleartextPasswordRequest() {
		return new Message(AUTHENTICATION, ByteBuffer.allocate(4).putInt(3).array());
	}

	static Message read(InputStream in) throws IOException {
		DataInputStream data = new DataInputStream(in);
		char type = (char) data.readUnsignedByte();
		int length = data.readInt() - 4;
		if (length < 0 || length > LIMIT) {
			throw new IOException(
					"A message claims a length of " + length + " bytes, which is not between 0 and " + LIMIT);
		}
		byte[] body = new byte[length];
		data.readFully(body);
		return new Message(type, body);
	}

	void write(OutputStream out) throws IOException {
		out.write(bytes());
	}

	byte[] bytes() {
		return ByteBuffer.allocate(this.body.length + 5)
			.put((byte) this.type)
			.putInt(this.body.length + 4)
			.put(this.body)
			.array();
	}

	/**
	 * The number at the beginning of an authentication message or of a backend's key.
	 */
	int number() throws IOException {
		if (this.body.length < 4) {
			throw new EOFException("A message of type " + this.type + " has fewer than 4 bytes");
		}
		return ByteBuffer.wrap(this.body).getInt();
	}

	/**
	 * The text at the beginning of the message.
	 */
	String text() {
		return new String(this.body, StandardCharsets.UTF_8).split("\0", 2)[0];
	}

	/**
	 * SQLState and text of an error.
	 */
	String errorSummary() {
		ServerErrorMessage error = new ServerErrorMessage(new String(this.body, StandardCharsets.UTF_8));
		return error.getSQLState() + ": " + error.getMessage();
	}

}
