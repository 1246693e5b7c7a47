package io.soong.test;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The first packet of a client, which has no type.
 *
 * @param code the code of the request, or the protocol's version
 * @param bytes the whole packet, including its length
 */
record StartupPacket(int code, byte[] bytes) {

	static final int CANCEL_REQUEST = 80877102;

	static final int SSL_REQUEST = 80877103;

	static final int GSSENC_REQUEST = 80877104;

	/**
	 * The limit of PostgreSQL.
	 */
	private static final int LIMIT = 10_000;

	/**
	 * Reads a packet whose first byte has been read already.
	 */
	static StartupPacket read(int firstByte, InputStream in) throws IOException {
		DataInputStream data = new DataInputStream(in);
		int length = firstByte << 24 | data.readUnsignedByte() << 16 | data.readUnsignedShort();
		if (length < 8 || length > LIMIT) {
			throw new IOException(
					"The client does not speak PostgreSQL's protocol: its first packet claims a length of " + length
							+ " bytes");
		}
		byte[] bytes = new byte[length];
		ByteBuffer.wrap(bytes).putInt(length);
		data.readFully(bytes, 4, length - 4);
		return new StartupPacket(ByteBuffer.wrap(bytes).getInt(4), bytes);
	}

	boolean opensSession() {
		return this.code >>> 16 == 3;
	}

	String user() {
		return parameters().getOrDefault("user", "");
	}

	String database() {
		Map<String, String> parameters = parameters();
		String database = parameters.getOrDefault("database", "");
		return database.isEmpty() ? parameters.getOrDefault("user", "") : database;
	}

	/**
	 * The parameters of the session, including user and database.
	 */
	Map<String, String> parameters() {
		Map<String, String> parameters = new LinkedHashMap<>();
		String[] texts = new String(this.bytes, 8, this.bytes.length - 8, StandardCharsets.UTF_8).split("\0", -1);
		for (int i = 0; i + 1 < texts.length && !texts[i].isEmpty(); i += 2) {
			parameters.put(texts[i], texts[i + 1]);
		}
		return parameters;
	}

}
