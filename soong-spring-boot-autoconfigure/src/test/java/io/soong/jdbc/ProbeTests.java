package io.soong.jdbc;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.soong.auth.DatabaseCredentials;
import io.soong.jdbc.ConnectionSettings.SslMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The probe of a connection that was idle for long, to a server that is not in order.
 */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProbeTests {

	private final SettableClock clock = new SettableClock();

	/** To an empty statement. */
	private static final byte[] ANSWER = { 'I', 0, 0, 0, 4, 'Z', 0, 0, 0, 5, 'I' };

	/** Of a parameter, of which a server may report any number at any time. */
	private static final byte[] STATUS = ("S\0\0\0\010" + "a\0" + "b\0").getBytes(StandardCharsets.ISO_8859_1);

	@Test
	void probeEndsWhereTheServerSendsWithoutAnEnd() throws Exception {
		probe((in, out) -> {
			in.read();
			while (true) {
				out.write(STATUS);
			}
		}, false);
	}

	@Test
	void probeEndsWhereTheServerSaysNothing() throws Exception {
		probe((in, out) -> in.readAllBytes(), false);
	}

	@Test
	void probeThatIsAnsweredLimitsNothingThatFollows() throws Exception {
		probe((in, out) -> {
			in.read();
			out.write(ANSWER);
			in.readAllBytes();
		}, true);
	}

	private void probe(Server server, boolean fit) throws Exception {
		try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			Thread thread = new Thread(() -> serve(listener, server), "server");
			thread.setDaemon(true);
			thread.start();
			ConnectionSettings settings = ConnectionSettings.builder("localhost")
				.hostaddr("127.0.0.1")
				.port(listener.getLocalPort())
				.sslMode(SslMode.DISABLE)
				.build();
			PhysicalConnection connection = new ConnectionOpener(settings,
					(endpoint) -> new DatabaseCredentials("bob", null), this.clock)
				.open();
			this.clock.advance(Duration.ofMinutes(1));
			assertThat(connection.isFitForLoan(null)).isEqualTo(fit);
			if (fit) {
				assertThat(ReflectionTestUtils.getField(connection, "socket")).hasFieldOrPropertyWithValue("budget",
						null);
				assertThat(connection.driverConnection().getNetworkTimeout()).isZero();
			}
			connection.abort();
		}
	}

	private static void serve(ServerSocket listener, Server server) {
		try (Socket socket = listener.accept()) {
			DataInputStream in = new DataInputStream(socket.getInputStream());
			in.readNBytes(in.readInt() - 4);
			socket.getOutputStream().write(ImpostorServer.ACCEPT);
			server.serve(in, socket.getOutputStream());
		}
		catch (IOException ex) {
			// The client left
			return;
		}
	}

	@FunctionalInterface
	private interface Server {

		void serve(DataInputStream in, OutputStream out) throws IOException;

	}

}
