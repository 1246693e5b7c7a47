package io.soong.test;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

import java.nio.ByteBuffer;
import java.security.KeyStore;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link CertificateAuthority}.
 */
class CertificateAuthorityTests {

	private static final String HOST = "gizmos.cluster-c0ffee123456.ap-southeast-3.rds.amazonaws.com.with-a-long-name";

	@Test
	void certificateIsThatOfAnAuthority() throws Exception {
		CertificateAuthority authority = new CertificateAuthority("Test Root");
		X509Certificate certificate = authority.certificate();
		certificate.verify(certificate.getPublicKey());
		certificate.checkValidity();
		assertThat(certificate.getBasicConstraints()).isEqualTo(Integer.MAX_VALUE);
		assertThat(certificate.getKeyUsage()).containsExactly(false, false, false, false, false, true, true, false,
				false);
		assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=Test Root");
	}

	@Test
	void pemReadsAsTheCertificate() throws Exception {
		CertificateAuthority authority = new CertificateAuthority("Test Root");
		assertThat(CertificateFactory.getInstance("X.509")
			.generateCertificate(new ByteArrayInputStream(authority.pem().getBytes(StandardCharsets.US_ASCII))))
			.isEqualTo(authority.certificate());
		assertThat(authority.pem().lines()).allSatisfy((line) -> assertThat(line).hasSizeLessThanOrEqualTo(64));
	}

	@Test
	void authoritiesShareNothing() throws Exception {
		X509Certificate one = new CertificateAuthority("Test Root").certificate();
		X509Certificate other = new CertificateAuthority("Test Root").certificate();
		assertThat(one.getPublicKey()).isNotEqualTo(other.getPublicKey());
		assertThat(one.getSerialNumber()).isNotEqualTo(other.getSerialNumber());
	}

	@Test
	void serverWhenNameAndAuthorityAreRightIsTrusted() throws Exception {
		CertificateAuthority authority = new CertificateAuthority("Test Root");
		X509Certificate server = handshake(authority.serverContext(HOST), authority, HOST);
		assertThat(server.getSubjectAlternativeNames()).containsExactly(List.of(2, HOST));
		assertThat(server.getBasicConstraints()).isEqualTo(-1);
		assertThat(server.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
	}

	@Test
	void serverWhenNameIsAnotherIsNotTrusted() throws Exception {
		CertificateAuthority authority = new CertificateAuthority("Test Root");
		SSLContext server = authority.serverContext(HOST);
		assertThatExceptionOfType(SSLException.class).isThrownBy(() -> handshake(server, authority, "localhost"));
	}

	@Test
	void serverWhenAuthorityHasTheSameNameOnlyIsNotTrusted() throws Exception {
		SSLContext server = new CertificateAuthority("Test Root").serverContext(HOST);
		CertificateAuthority other = new CertificateAuthority("Test Root");
		assertThatExceptionOfType(SSLException.class).isThrownBy(() -> handshake(server, other, HOST));
	}

	/**
	 * Lets two engines shake hands, as a client that verifies names would.
	 */
	private static X509Certificate handshake(SSLContext serverContext, CertificateAuthority trusted, String host)
			throws Exception {
		KeyStore roots = KeyStore.getInstance("PKCS12");
		roots.load(null, null);
		roots.setCertificateEntry("root", trusted.certificate());
		TrustManagerFactory trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trustManagers.init(roots);
		SSLContext clientContext = SSLContext.getInstance("TLS");
		clientContext.init(null, trustManagers.getTrustManagers(), null);
		SSLEngine client = clientContext.createSSLEngine(host, 5432);
		client.setUseClientMode(true);
		SSLParameters parameters = client.getSSLParameters();
		parameters.setEndpointIdentificationAlgorithm("HTTPS");
		client.setSSLParameters(parameters);
		SSLEngine server = serverContext.createSSLEngine();
		server.setUseClientMode(false);
		ByteBuffer toServer = ByteBuffer.allocate(64 * 1024);
		ByteBuffer toClient = ByteBuffer.allocate(64 * 1024);
		client.beginHandshake();
		server.beginHandshake();
		for (int i = 0; i < 100 && client.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING; i++) {
			step(client, toServer, toClient);
			step(server, toClient, toServer);
		}
		return (X509Certificate) client.getSession().getPeerCertificates()[0];
	}

	private static void step(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws SSLException {
		switch (engine.getHandshakeStatus()) {
			case NEED_TASK -> engine.getDelegatedTask().run();
			case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
			default -> {
				in.flip();
				engine.unwrap(in, ByteBuffer.allocate(32 * 1024));
				in.compact();
			}
		}
	}

}
