package io.soong.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;

import io.soong.jdbc.ConnectionSettings.SslMode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * TLS handshakes with a server whose certificate is signed by itself.
 */
@Timeout(60)
class ServerTrustTests {

	private static final String HOST = "db.example.com";

	@TempDir
	private static Path folder;

	private static SSLContext server;

	@BeforeAll
	static void makeCertificate() throws Exception {
		server = ImpostorServer.tls(folder, HOST);
	}

	@ParameterizedTest
	@EnumSource(names = { "VERIFY_CA", "VERIFY_FULL" })
	void serverThatIsUnknownIsNotTrustedWhereItIsVerified(SslMode mode) {
		assertRefused(settings(HOST).sslMode(mode));
		assertRefused(settings("gizmos.c0ffee123456.eu-central-1.rds.amazonaws.com").sslMode(mode));
		assertRefused(settings("gizmos.proxy-c0ffee123456.eu-central-1.rds.amazonaws.com").sslMode(mode));
	}

	@ParameterizedTest
	@EnumSource(names = { "VERIFY_CA", "VERIFY_FULL" }, mode = Mode.EXCLUDE)
	void serverThatIsUnknownIsTrustedWhereItIsNotVerified(SslMode mode) throws Exception {
		connect(settings(HOST).sslMode(mode));
	}

	@ParameterizedTest
	@EnumSource
	void serverIsTrustedByTheGivenRootsAloneInEveryMode(SslMode mode) throws Exception {
		connect(settings(HOST).sslMode(mode).rootCert(certificate()));
		assertRefused(settings(HOST).sslMode(mode).rootCert(otherRoots()));
	}

	@Test
	void serverIsTrustedByTheGivenRootsInPlaceOfThoseOfRds() throws Exception {
		connect(settings("gizmos.c0ffee123456.eu-central-1.rds.amazonaws.com").sslMode(SslMode.VERIFY_FULL)
			.rootCert(certificate()));
	}

	/**
	 * The JVM's own store holds the server's certificate.
	 */
	@Test
	void serverOfRdsIsTrustedByTheRootsOfRdsAlone() throws Exception {
		KeyStore store = KeyStore.getInstance("PKCS12");
		store.load(null, null);
		try (InputStream certificate = certificate().getInputStream()) {
			store.setCertificateEntry("server",
					CertificateFactory.getInstance("X.509").generateCertificate(certificate));
		}
		Path file = folder.resolve("store.p12");
		try (OutputStream out = Files.newOutputStream(file)) {
			store.store(out, "changeit".toCharArray());
		}
		System.setProperty("javax.net.ssl.trustStore", file.toString());
		System.setProperty("javax.net.ssl.trustStorePassword", "changeit");
		try {
			connect(settings(HOST).sslMode(SslMode.VERIFY_CA));
			assertRefused(settings("gizmos.c0ffee123456.eu-central-1.rds.amazonaws.com").sslMode(SslMode.VERIFY_CA));
		}
		finally {
			System.clearProperty("javax.net.ssl.trustStore");
			System.clearProperty("javax.net.ssl.trustStorePassword");
		}
	}

	@Test
	void contextThatIsGivenIsAskedForOnceAndGoesBeforeTheRoots() throws Exception {
		List<SSLContext> asked = new ArrayList<>();
		ServerTrust trust = new ServerTrust(
				settings(HOST).sslMode(SslMode.VERIFY_FULL).rootCert(otherRoots()).sslContext(() -> {
					asked.add(server);
					return server;
				}).build());
		assertThat(asked).isEmpty();
		assertThat(trust.context()).isSameAs(server);
		assertThat(trust.context()).isSameAs(server);
		assertThat(asked).hasSize(1);
	}

	@Test
	void contextIsKept() throws Exception {
		ServerTrust trust = new ServerTrust(settings(HOST).rootCert(certificate()).build());
		assertThat(trust.context()).isSameAs(trust.context());
	}

	@Test
	void rootsThatHoldNoCertificateAreRefused() {
		assertThatExceptionOfType(CertificateException.class).isThrownBy(
				() -> new ServerTrust(settings(HOST).rootCert(new ByteArrayResource(new byte[0])).build()).context())
			.withMessageContaining("soong.ssl.root-cert (PG_SSLROOTCERT)")
			.withMessageContaining("it is empty");
	}

	@Test
	void sessionsAreForgotten() throws Exception {
		ServerTrust trust = new ServerTrust(settings(HOST).rootCert(certificate()).build());
		trust.forgetSessions();
		connect(trust.context());
		assertThat(sessions(trust.context())).isNotEmpty();
		trust.forgetSessions();
		assertThat(sessions(trust.context())).isEmpty();
	}

	static List<byte[]> sessions(SSLContext context) {
		return Collections.list(context.getClientSessionContext().getIds());
	}

	private static ConnectionSettings.Builder settings(String host) {
		return ConnectionSettings.builder(host).user("jane_doe");
	}

	private static Resource certificate() {
		return new FileSystemResource(folder.resolve("certificate.pem"));
	}

	private static Resource otherRoots() {
		return new ClassPathResource("rds-roots/eu-central-1.pem", ServerTrust.class);
	}

	private static void assertRefused(ConnectionSettings.Builder settings) {
		assertThatExceptionOfType(SSLException.class).isThrownBy(() -> connect(settings))
			.withRootCauseInstanceOf(CertPathBuilderException.class);
	}

	private static void connect(ConnectionSettings.Builder settings) throws Exception {
		connect(new ServerTrust(settings.build()).context());
	}

	/**
	 * Reads a byte, which has the tickets of TLS 1.3 read that stand before it.
	 */
	private static void connect(SSLContext client) throws Exception {
		InetAddress address = InetAddress.getLoopbackAddress();
		try (SSLServerSocket listener = (SSLServerSocket) server.getServerSocketFactory()
			.createServerSocket(0, 1, address)) {
			Thread thread = new Thread(() -> answer(listener));
			thread.start();
			try (Socket socket = client.getSocketFactory().createSocket(address, listener.getLocalPort())) {
				assertThat(socket.getInputStream().read()).isOne();
			}
			finally {
				thread.join();
			}
		}
	}

	private static void answer(SSLServerSocket listener) {
		try (Socket socket = listener.accept()) {
			socket.getOutputStream().write(1);
		}
		catch (IOException ex) {
			// The client has refused the certificate
			return;
		}
	}

}
