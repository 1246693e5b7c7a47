package io.soong.test;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

/**
 * The TLS identity of a lookalike: its certificate and the authority that issued it.
 * Thread-safe.
 */
final class TlsIdentity {

	private final String endpoint;

	private final CertificateAuthority authority;

	private final Map<ServerCertificate, SSLContext> contexts = new EnumMap<>(ServerCertificate.class);

	private SSLContext shown;

	private @Nullable SSLContext green;

	private long greenUntil;

	private TlsIdentity(String endpoint, CertificateAuthority authority) {
		this.endpoint = endpoint;
		this.authority = authority;
		this.shown = context(ServerCertificate.TRUSTED);
	}

	/**
	 * Creates an authority, keys and a certificate.
	 */
	static TlsIdentity create(String endpoint) {
		try {
			return new TlsIdentity(endpoint, newAuthority());
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Cannot create a certificate for " + endpoint, ex);
		}
	}

	/**
	 * Creates keys and a certificate for another name, issued by the same authority.
	 */
	TlsIdentity named(String other) {
		return new TlsIdentity(other, this.authority);
	}

	/**
	 * The authority's certificate in PEM form.
	 */
	String pem() throws GeneralSecurityException {
		return this.authority.pem();
	}

	/**
	 * Presents another certificate from the next handshake on.
	 */
	synchronized void show(ServerCertificate certificate) {
		this.shown = context(certificate);
		this.green = null;
	}

	/**
	 * Presents a certificate for another name, issued by the same authority, for a
	 * limited time.
	 */
	synchronized void switchOver(String greenEndpoint, Duration time) {
		this.green = create(greenEndpoint, ServerCertificate.TRUSTED);
		this.greenUntil = System.nanoTime() + time.toNanos();
	}

	synchronized SSLContext tls() {
		return (this.green != null && System.nanoTime() - this.greenUntil < 0) ? this.green : this.shown;
	}

	private SSLContext context(ServerCertificate certificate) {
		return this.contexts.computeIfAbsent(certificate, (kind) -> create(this.endpoint, kind));
	}

	private SSLContext create(String host, ServerCertificate certificate) {
		try {
			return switch (certificate) {
				case TRUSTED -> this.authority.serverContext(host);
				case UNKNOWN_AUTHORITY -> newAuthority().serverContext(host);
				case OTHER_NAME -> this.authority.serverContext("other." + host);
				case EXPIRED -> this.authority.serverContext(host, Instant.now().minus(Duration.ofDays(1)));
			};
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException("Cannot create a certificate for " + host, ex);
		}
	}

	private static CertificateAuthority newAuthority() throws GeneralSecurityException {
		return new CertificateAuthority("RDS Lookalike Root CA");
	}

}
