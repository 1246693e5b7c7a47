package io.soong.test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.security.auth.x500.X500Principal;

/**
 * A certificate authority that exists as long as this object. Its key is never written to
 * a file, so that a client that trusts its certificate trusts only certificates issued
 * here. All keys use P-256, because creating an RSA key takes longer than starting the
 * server.
 */
final class CertificateAuthority {

	private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";

	private static final String SUBJECT_KEY_IDENTIFIER = "2.5.29.14";

	private static final String KEY_USAGE = "2.5.29.15";

	private static final String SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";

	private static final String BASIC_CONSTRAINTS = "2.5.29.19";

	private static final String AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";

	private static final String EXTENDED_KEY_USAGE = "2.5.29.37";

	private static final String SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";

	private static final Duration LIFETIME = Duration.ofDays(30);

	private final SecureRandom random = new SecureRandom();

	private final byte[] name;

	private final KeyPair keys;

	private final X509Certificate certificate;

	CertificateAuthority(String commonName) throws GeneralSecurityException {
		this.name = name(commonName);
		this.keys = newKeys();
		this.certificate = issue(this.name, this.keys, Instant.now().plus(LIFETIME),
				List.of(extension(BASIC_CONSTRAINTS, true, Der.sequence(Der.bool(true))),
						// keyCertSign and cRLSign
						extension(KEY_USAGE, true, Der.namedBits(0x06, 1)),
						extension(SUBJECT_KEY_IDENTIFIER, false, Der.octetString(keyIdentifier(this.keys)))));
	}

	X509Certificate certificate() {
		return this.certificate;
	}

	/**
	 * The authority's certificate in PEM form.
	 */
	String pem() throws GeneralSecurityException {
		return "-----BEGIN CERTIFICATE-----\n"
				+ Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(this.certificate.getEncoded())
				+ "\n-----END CERTIFICATE-----\n";
	}

	/**
	 * Creates a context for a server with a new key and a certificate for {@code host}.
	 */
	SSLContext serverContext(String host) throws GeneralSecurityException, IOException {
		return serverContext(host, Instant.now().plus(LIFETIME));
	}

	/**
	 * Creates a context for a server with a certificate that expires at a certain time.
	 */
	SSLContext serverContext(String host, Instant expiry) throws GeneralSecurityException, IOException {
		KeyPair serverKeys = newKeys();
		X509Certificate server = issue(name(host), serverKeys, expiry, List.of(
				extension(BASIC_CONSTRAINTS, true, Der.sequence()),
				// digitalSignature
				extension(KEY_USAGE, true, Der.namedBits(0x80, 7)),
				extension(EXTENDED_KEY_USAGE, false, Der.sequence(Der.objectIdentifier(SERVER_AUTHENTICATION))),
				extension(SUBJECT_ALTERNATIVE_NAME, false,
						Der.sequence(Der.implicit(2, host.getBytes(StandardCharsets.US_ASCII)))),
				extension(AUTHORITY_KEY_IDENTIFIER, false, Der.sequence(Der.implicit(0, keyIdentifier(this.keys))))));
		KeyStore store = KeyStore.getInstance("PKCS12");
		store.load(null, null);
		store.setKeyEntry("server", serverKeys.getPrivate(), new char[0], new Certificate[] { server });
		KeyManagerFactory keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		keyManagers.init(store, new char[0]);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(keyManagers.getKeyManagers(), null, null);
		return context;
	}

	private X509Certificate issue(byte[] subject, KeyPair subjectKeys, Instant expiry, List<byte[]> extensions)
			throws GeneralSecurityException {
		byte[] algorithm = Der.sequence(Der.objectIdentifier(ECDSA_WITH_SHA256));
		// Valid since long ago, so that a container whose clock is slow accepts it
		byte[] validity = Der.sequence(Der.generalizedTime(expiry.minus(LIFETIME).minus(LIFETIME)),
				Der.generalizedTime(expiry));
		byte[] version3 = Der.explicit(0, Der.integer(BigInteger.TWO));
		byte[] serial = Der.integer(new BigInteger(127, this.random).setBit(126));
		byte[] toBeSigned = Der.sequence(version3, serial, algorithm, this.name, validity, subject,
				subjectKeys.getPublic().getEncoded(), Der.explicit(3, Der.sequence(extensions.toArray(byte[][]::new))));
		Signature signature = Signature.getInstance("SHA256withECDSA");
		signature.initSign(this.keys.getPrivate(), this.random);
		signature.update(toBeSigned);
		byte[] encoded = Der.sequence(toBeSigned, algorithm, Der.bitString(signature.sign()));
		return (X509Certificate) CertificateFactory.getInstance("X.509")
			.generateCertificate(new ByteArrayInputStream(encoded));
	}

	private KeyPair newKeys() throws GeneralSecurityException {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
		generator.initialize(new ECGenParameterSpec("secp256r1"), this.random);
		return generator.generateKeyPair();
	}

	private static byte[] name(String commonName) {
		// A common name has at most 64 characters; verifiers use the alternative name
		return new X500Principal("CN=" + commonName.substring(0, Math.min(64, commonName.length()))).getEncoded();
	}

	private static byte[] extension(String identifier, boolean critical, byte[] value) {
		byte[] id = Der.objectIdentifier(identifier);
		return critical ? Der.sequence(id, Der.bool(true), Der.octetString(value))
				: Der.sequence(id, Der.octetString(value));
	}

	private static byte[] keyIdentifier(KeyPair keys) throws GeneralSecurityException {
		return MessageDigest.getInstance("SHA-1").digest(keys.getPublic().getEncoded());
	}

}
