package io.soong.jdbc;

import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import javax.net.SocketFactory;
import javax.net.ssl.SSLSocket;

import io.soong.SharedRds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.core.PGStream;
import org.postgresql.util.HostSpec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A connection that ends while the driver skips a row that does not fit into the heap.
 */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EndOfAnswerIntegrationTests {

	private static final int SSL_REQUEST = 80877103;

	private final ConnectionSettings settings = SharedRds.settings().build();

	private final ConnectionAttempt attempt = new ConnectionAttempt(this.settings, new ServerTrust(this.settings),
			new Budget(Duration.ofSeconds(20)));

	@Test
	void skippingEndsWithTheConnectionOverTls() throws IOException {
		Socket socket = this.attempt.dial();
		DataOutputStream request = new DataOutputStream(socket.getOutputStream());
		request.writeInt(8);
		request.writeInt(SSL_REQUEST);
		socket.getInputStream().read();
		try (SSLSocket encrypted = this.attempt.encrypt(socket, this.settings.host(), this.settings.port())) {
			encrypted.startHandshake();
			assertSkippingEnds(encrypted);
		}
	}

	@Test
	void skippingEndsWithTheConnectionWithoutTls() throws IOException {
		try (Socket socket = this.attempt.dial()) {
			assertSkippingEnds(socket);
		}
	}

	@Test
	void requestsToCancelEndWithTheConnection() throws IOException {
		try (Socket socket = this.attempt.dial()) {
			this.attempt.established();
			Socket first = this.attempt.dial();
			Socket second = this.attempt.dial();
			assertThat(second).isNotSameAs(first).isNotSameAs(socket);
			this.attempt.abortCancel();
			assertThat(first.isClosed()).isTrue();
			assertThat(second.isClosed()).isTrue();
		}
	}

	/**
	 * The server closes the connection on any packet other than a login.
	 */
	private static void assertSkippingEnds(Socket socket) throws IOException {
		socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		socket.getOutputStream().flush();
		PGStream stream = new PGStream(new Connected(socket), new HostSpec("localhost", 5432), 0, 8192);
		assertThatExceptionOfType(EOFException.class).isThrownBy(() -> stream.skip(300_000_000));
	}

	/**
	 * Gives the driver a socket that is connected.
	 */
	private static final class Connected extends SocketFactory {

		private final Socket socket;

		private Connected(Socket socket) {
			this.socket = socket;
		}

		@Override
		public Socket createSocket() {
			return this.socket;
		}

		@Override
		public Socket createSocket(String host, int port) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Socket createSocket(InetAddress host, int port) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
			throw new UnsupportedOperationException();
		}

	}

}
