package io.soong.jdbc;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

import javax.net.ssl.SSLHandshakeException;

import io.soong.auth.DatabaseCredentials;
import io.soong.jdbc.SoongConnectionException.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class CanonicalNameTests {

	private static final String RDS = "gizmos.c0ffee123456.eu-central-1.rds.amazonaws.com";

	private static final Map<String, String> ALIASES = Map.of("db.example.com", "db.internal.example.com",
			"db.internal.example.com", RDS, "other.example.com", "www.example.com", "loop.example.com",
			"loop.example.com", "three.example.com", "db.example.com", "four.example.com", "three.example.com",
			"five.example.com", "four.example.com");

	@Test
	void endpointWhenBehindAliasesIsFound() throws Exception {
		try (NameServer server = new NameServer()) {
			CanonicalName names = new CanonicalName(server.url());
			assertThat(names.rdsEndpointOf("db.example.com")).hasValue(RDS);
			assertThat(names.rdsEndpointOf("four.example.com")).hasValue(RDS);
			assertThat(names.rdsEndpointOf("five.example.com")).as("behind five aliases").isEmpty();
			assertThat(names.rdsEndpointOf("other.example.com")).isEmpty();
			assertThat(names.rdsEndpointOf("loop.example.com")).isEmpty();
			assertThat(names.rdsEndpointOf("nowhere.example.com")).isEmpty();
		}
	}

	@Test
	void diagnosisWhenHostIsAnAliasSaysWhatToSet() throws Exception {
		try (NameServer server = new NameServer()) {
			ConnectionDiagnosis diagnosis = new ConnectionDiagnosis(
					ConnectionSettings.builder("db.example.com").user("jane_doe").build(),
					new CanonicalName(server.url()));
			UsedCredentials token = UsedCredentials
				.of(new DatabaseCredentials("jane_doe", "X-Amz-Signature=abc", true));
			SQLException refused = new PSQLException(
					new ServerErrorMessage("SFATAL\0C28000\0MPAM authentication failed for user \"jane_doe\"\0\0"),
					false);
			assertThat((Throwable) diagnosis.of(Step.LOGIN, refused, token, 1, Duration.ZERO))
				.hasMessageContaining("db.example.com is an alias (CNAME) of " + RDS + ": set soong.iam.host=" + RDS);
			SQLException untrusted = new PSQLException("SSL error", PSQLState.CONNECTION_FAILURE,
					new SSLHandshakeException("x").initCause(new java.security.cert.CertPathBuilderException()));
			assertThat((Throwable) diagnosis.of(Step.TLS, untrusted, token, 1, Duration.ZERO))
				.hasMessageContaining("set soong.iam.host=" + RDS);
			// Asked once
			assertThat(server.questions()).isEqualTo(2);
		}
	}

	@Test
	void diagnosisThatNeedsNoAliasAsksForNone() throws Exception {
		try (NameServer server = new NameServer()) {
			ConnectionDiagnosis diagnosis = new ConnectionDiagnosis(
					ConnectionSettings.builder("db.example.com").user("jane_doe").build(),
					new CanonicalName(server.url()));
			UsedCredentials password = UsedCredentials.of(new DatabaseCredentials("jane_doe", "s3cret"));
			diagnosis.of(Step.LOGIN, new SQLException("refused", "28000"), password, 1, Duration.ZERO);
			diagnosis.of(Step.LOGIN, new SQLException("refused", "28000"), null, 1, Duration.ZERO);
			UsedCredentials token = UsedCredentials
				.of(new DatabaseCredentials("jane_doe", "X-Amz-Signature=abc", true));
			diagnosis.of(Step.LOGIN, new SQLException("starting", "57P03"), token, 1, Duration.ZERO);
			assertThat(server.questions()).isZero();
		}
	}

	@Test
	void doctorWhenHostIsAnAliasNamesTheEndpoint() throws Exception {
		try (NameServer server = new NameServer()) {
			CanonicalName names = new CanonicalName(server.url());
			ConnectionSettings settings = ConnectionSettings.builder("db.example.com")
				.hostaddr("127.0.0.1")
				.user("jane_doe")
				.build();
			StepNotes notes = new StepNotes("dns");
			new ServerProbe(settings, new ConnectionDiagnosis(settings, names), names).resolve(notes);
			assertThat(notes.toStep().seen()).contains("db.example.com is an alias (CNAME) of " + RDS);
			assertThat(notes.toStep().warnings()).singleElement().asString().contains("set soong.iam.host=" + RDS);
		}
	}

	@Test
	void endpointWhenNoServerAnswersIsNotFound() throws Exception {
		try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
			assertThat(new CanonicalName("dns://127.0.0.1:" + silent.getLocalPort()).rdsEndpointOf("db.example.com"))
				.isEmpty();
		}
	}

	/**
	 * Answers questions for aliases.
	 */
	private static final class NameServer implements AutoCloseable {

		private static final int HEADER = 12;

		private static final int CNAME = 5;

		private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());

		private volatile int questions;

		NameServer() throws SocketException {
			Thread thread = new Thread(this::run, "name-server");
			thread.setDaemon(true);
			thread.start();
		}

		String url() {
			return "dns://127.0.0.1:" + this.socket.getLocalPort();
		}

		int questions() {
			return this.questions;
		}

		private void run() {
			try {
				while (true) {
					DatagramPacket packet = new DatagramPacket(new byte[512], 512);
					this.socket.receive(packet);
					this.questions++;
					byte[] answer = answer(Arrays.copyOf(packet.getData(), packet.getLength()));
					this.socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
				}
			}
			catch (IOException ex) {
				// Closed
				return;
			}
		}

		private static byte[] answer(byte[] question) throws IOException {
			StringBuilder name = new StringBuilder();
			int end = HEADER;
			for (; question[end] != 0; end += question[end] + 1) {
				name.append(name.isEmpty() ? "" : ".")
					.append(new String(question, end + 1, question[end], StandardCharsets.US_ASCII));
			}
			String alias = ALIASES.get(name.toString());
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			DataOutputStream out = new DataOutputStream(bytes);
			out.write(question, 0, 2);
			out.writeShort((alias != null) ? 0x8580 : 0x8583);
			out.writeShort(1);
			out.writeShort((alias != null) ? 1 : 0);
			out.writeInt(0);
			out.write(question, HEADER, end + 5 - HEADER);
			if (alias != null) {
				out.writeShort(0xC000 | HEADER);
				out.writeShort(CNAME);
				out.writeShort(1);
				out.writeInt(60);
				out.writeShort(alias.length() + 2);
				for (String label : alias.split("\\.")) {
					out.writeByte(label.length());
					out.writeBytes(label);
				}
				out.writeByte(0);
			}
			return bytes.toByteArray();
		}

		@Override
		public void close() {
			this.socket.close();
		}

	}

}
