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

	private ServerCertificate shown = ServerCertificate.TRUSTED;

	private @Nullable SSLContext green;

	private long greenUntil;

	private TlsIdentity(String endpoint, CertificateAuthority authority) {
		this.endpoint = endpoint;
		this.authority = authority;
		show(ServerCertificate.TRUSTED);
	}

	/**
	 * Makes an authority, keys and a certificate.
	 */
	static TlsIdentity create(String endpoint) {
		try {
			return new TlsIdentity(endpoint, newAuthority());
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Cannot make a certificate for " + endpoint, ex);
		}
	}

	/**
	 * Creates keys and a certificate for another name, issued by the same authority.
	 */
	TlsIdentity named(String other) {
		return new TlsIdentity(other, this.authority);
	}

	/**
	 * The authority's certificate, as a PEM file holds it.
	 */
	String pem() throws GeneralSecurityException {
		return this.authority.pem();
	}

	/**
	 * Shows another certificate from the next handshake on.
	 */
	final synchronized void show(ServerCertificate certificate) {
		if (!this.contexts.containsKey(certificate)) {
			try {
				this.contexts.put(certificate, create(certificate));
			}
			catch (GeneralSecurityException | IOException ex) {
				throw new IllegalStateException("Cannot make a certificate for " + this.endpoint, ex);
			}
		}
		this.shown = certificate;
		this.green = null;
	}

	/**
	 * Presents a certificate for another name, issued by the same authority, for a
	 * limited time.
	 */
	synchronized void switchOver(String greenEndpoint, Duration time) {
		try {
			this.green = this.authority.serverContext(greenEndpoint);
			this.greenUntil = System.nanoTime() + time.toNanos();
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException("Cannot make a certificate for " + greenEndpoint, ex);
		}
	}

	synchronized SSLContext tls() {
		if (this.green != null && System.nanoTime() - this.greenUntil < 0) {
			return this.green;
		}
		SSLContext context = this.contexts.get(this.shown);
		if (context == null) {
			throw new IllegalStateException("There is no certificate " + this.shown);
		}
		return context;
	}

	private SSLContext create(ServerCertificate certificate) throws GeneralSecurityException, IOException {
		return switch (certificate) {
			case TRUSTED -> this.authority.serverContext(this.endpoint);
			case UNKNOWN_AUTHORITY -> newAuthority().serverContext(this.endpoint);
			case OTHER_NAME -> this.authority.serverContext("other." + this.endpoint);
			case EXPIRED -> this.authority.serverContext(this.endpoint, Instant.now().minus(Duration.ofDays(1)));
		};
	}

	private static CertificateAuthority newAuthority() throws GeneralSecurityException {
		return new CertificateAuthority("RDS Lookalike Root CA");
	}

}
