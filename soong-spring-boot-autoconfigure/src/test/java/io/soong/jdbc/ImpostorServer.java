package io.soong.jdbc;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import org.jspecify.annotations.Nullable;

/**
 * Answers for a database and asks for whatever it is told to ask for. Keeps every byte
 * that a client sends, as the other end of the network or of TLS sees it.
 */
final class ImpostorServer implements AutoCloseable {

	static final byte[] CLEAR_TEXT = request(3);

	static final byte[] MD5 = request(5, 1, 2, 3, 4);

	static final byte[] GSS = request(7);

	static final byte[] SCRAM = request(10, bytes("SCRAM-SHA-256\0\0"));

	/** Accepts the login without asking for a password. */
	static final byte[] ACCEPT = accept(new byte[0]);

	/** Accepts the login and reports that the server is a standby. */
	static final byte[] STANDBY = accept(message('S', bytes("in_hot_standby\0on\0")));

	private static final int SSL_REQUEST = 80877103;

	private static final char[] STORE_PASSWORD = "changeit".toCharArray();

	private final ServerSocket server;

	private final Thread thread;

	private final byte[] request;

	private final byte[] answer;

	private final @Nullable SSLContext tls;

	private final ByteArrayOutputStream received = new ByteArrayOutputStream();

	private volatile int connections;

	private volatile int left;

	/**
	 * Starts a server.
	 * @param tls {@code null} to refuse TLS
	 * @param request the authentication request
	 * @param answer what is sent after the client's answer to it
	 */
	ImpostorServer(@Nullable SSLContext tls, byte[] request, byte[] answer) throws IOException {
		this.tls = tls;
		this.request = request;
		this.answer = answer;
		this.server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
		this.thread = new Thread(this::run, "impostor");
		this.thread.start();
	}

	int port() {
		return this.server.getLocalPort();
	}

	int connections() {
		return this.connections;
	}

	/**
	 * Returns how many clients have closed their connection.
	 */
	int left() {
		return this.left;
	}

	/**
	 * Returns all that was received, with the server closed.
	 */
	String received() throws IOException, InterruptedException {
		close();
		this.thread.join();
		return this.received.toString(StandardCharsets.ISO_8859_1);
	}

	@Override
	public void close() throws IOException {
		this.server.close();
	}

	private void run() {
		while (!this.server.isClosed()) {
			try (Socket socket = this.server.accept()) {
				this.connections++;
				try {
					serve(socket);
				}
				finally {
					this.left++;
				}
			}
			catch (IOException ex) {
				// The client left, or the test is over
				continue;
			}
		}
	}

	private void serve(Socket socket) throws IOException {
		DataInputStream in = new DataInputStream(socket.getInputStream());
		int length = in.readInt();
		int code = in.readInt();
		if (code != SSL_REQUEST) {
			converse(in, socket.getOutputStream(), length - 8);
			return;
		}
		socket.getOutputStream().write((this.tls != null) ? 'S' : 'N');
		if (this.tls == null) {
			converse(in, socket.getOutputStream(), in.readInt() - 4);
			return;
		}
		try (SSLSocket encrypted = (SSLSocket) this.tls.getSocketFactory()
			.createSocket(socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true)) {
			encrypted.setUseClientMode(false);
			DataInputStream decrypted = new DataInputStream(encrypted.getInputStream());
			converse(decrypted, encrypted.getOutputStream(), decrypted.readInt() - 4);
		}
	}

	private void converse(DataInputStream in, OutputStream out, int startup) throws IOException {
		this.received.write(in.readNBytes(startup));
		out.write(this.request);
		out.flush();
		int first = in.read();
		if (first >= 0) {
			this.received.write(first);
			int length = in.readInt();
			this.received.write(in.readNBytes(length - 4));
			out.write(this.answer);
			out.flush();
		}
		in.transferTo(this.received);
	}

	/**
	 * Returns an error as PostgreSQL sends it.
	 */
	static byte[] error(String state, String text) {
		return message('E', bytes("SFATAL\0C" + state + "\0M" + text + "\0\0"));
	}

	private static byte[] accept(byte[] status) {
		byte[] version = message('S', bytes("server_version\0" + "16.4\0"));
		byte[] ready = message('Z', bytes("I"));
		return ByteBuffer.allocate(9 + version.length + status.length + ready.length)
			.put(request(0))
			.put(version)
			.put(status)
			.put(ready)
			.array();
	}

	private static byte[] message(char type, byte[] data) {
		return ByteBuffer.allocate(5 + data.length).put((byte) type).putInt(4 + data.length).put(data).array();
	}

	private static byte[] request(int type, int... salt) {
		byte[] data = new byte[salt.length];
		for (int i = 0; i < salt.length; i++) {
			data[i] = (byte) salt[i];
		}
		return request(type, data);
	}

	private static byte[] request(int type, byte[] data) {
		return ByteBuffer.allocate(9 + data.length)
			.put((byte) 'R')
			.putInt(8 + data.length)
			.putInt(type)
			.put(data)
			.array();
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * Makes a certificate for a host, signed by itself, in the given folder.
	 * @return the context of a server that has it; the certificate is in
	 * {@code certificate.pem}
	 */
	static SSLContext tls(Path folder, String host) throws IOException, InterruptedException, GeneralSecurityException {
		Path store = folder.resolve("server.p12");
		keytool("-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=impostor", "-ext", "SAN=dns:" + host,
				"-keystore", store.toString(), "-storetype", "PKCS12");
		keytool("-exportcert", "-rfc", "-alias", "server", "-file", folder.resolve("certificate.pem").toString(),
				"-keystore", store.toString());
		KeyStore keys = KeyStore.getInstance("PKCS12");
		try (InputStream in = Files.newInputStream(store)) {
			keys.load(in, STORE_PASSWORD);
		}
		KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		factory.init(keys, STORE_PASSWORD);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(factory.getKeyManagers(), null, null);
		return context;
	}

	private static void keytool(String... arguments) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
		command.addAll(List.of(arguments));
		command.addAll(List.of("-storepass", new String(STORE_PASSWORD)));
		Process process = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
		if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
			process.destroyForcibly();
			throw new IOException("keytool failed");
		}
	}

}
