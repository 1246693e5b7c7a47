package io.soong.test;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A request of HTTP/1.1, with the features that clients of the Runtime API use. The JDK's
 * own server sends head and body of an answer in two packets, which can delay the second
 * one by 40 ms and would distort the measured durations.
 *
 * @param method the method, such as {@code GET}
 * @param path the path without the query
 * @param headers the headers by their names in lower case
 * @param body the body
 */
record HttpRequest(String method, String path, Map<String, String> headers, byte[] body) {

	/**
	 * More than the longest answer that Lambda accepts.
	 */
	private static final int BODY_LIMIT = 256 * 1024 * 1024;

	/**
	 * Reads the next request of a connection.
	 * @return the request, or {@code null} if the client disconnected
	 */
	static @Nullable HttpRequest read(InputStream in, OutputStream out) throws IOException {
		String requestLine = line(in);
		if (requestLine == null) {
			return null;
		}
		String[] parts = requestLine.split(" ");
		if (parts.length != 3) {
			throw new IOException("The client does not speak HTTP: its request line has " + parts.length + " parts");
		}
		Map<String, String> headers = new LinkedHashMap<>();
		for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
			int colon = line.indexOf(':');
			if (colon > 0) {
				headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
			}
		}
		if ("100-continue".equalsIgnoreCase(headers.get("expect"))) {
			out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		}
		byte[] body = "chunked".equalsIgnoreCase(headers.get("transfer-encoding")) ? chunks(in)
				: bytes(in, Integer.parseInt(headers.getOrDefault("content-length", "0")));
		return new HttpRequest(parts[0], parts[1].replaceFirst("\\?.*", ""), headers, body);
	}

	/**
	 * Answers a request, in one packet if it fits.
	 */
	static void respond(OutputStream out, int status, Map<String, String> headers, byte[] body) throws IOException {
		StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status)
			.append(' ')
			.append((status < 400) ? "OK" : "Error")
			.append("\r\nContent-Type: application/json\r\nContent-Length: ")
			.append(body.length)
			.append("\r\n");
		headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
		ByteArrayOutputStream response = new ByteArrayOutputStream(head.length() + body.length + 2);
		response.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
		response.writeBytes(body);
		response.writeTo(out);
		out.flush();
	}

	private static byte[] chunks(InputStream in) throws IOException {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		while (true) {
			String size = line(in);
			int length = Integer.parseInt((size != null) ? size.replaceFirst(";.*", "").strip() : "0", 16);
			body.writeBytes(bytes(in, length));
			String end = line(in);
			if (length == 0) {
				// Trailers, if any
				while (end != null && !end.isEmpty()) {
					end = line(in);
				}
				return body.toByteArray();
			}
		}
	}

	private static byte[] bytes(InputStream in, int length) throws IOException {
		if (length < 0 || length > BODY_LIMIT) {
			throw new IOException(
					"A body claims a length of " + length + " bytes, which is not between 0 and " + BODY_LIMIT);
		}
		byte[] bytes = new byte[length];
		new DataInputStream(in).readFully(bytes);
		return bytes;
	}

	private static @Nullable String line(InputStream in) throws IOException {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		int value = in.read();
		if (value < 0) {
			return null;
		}
		while (value >= 0 && value != '\n') {
			line.write(value);
			value = in.read();
		}
		return line.toString(StandardCharsets.UTF_8).stripTrailing();
	}

}
