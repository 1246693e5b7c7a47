package io.soong.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collections;
import java.util.Collection;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

import org.jspecify.annotations.Nullable;
import org.postgresql.ssl.NonValidatingFactory.NonValidatingTM;

import org.springframework.core.io.Resource;

/**
 * The TLS trust settings: the given context or roots, otherwise for an RDS endpoint the
 * roots of its region, otherwise the JVM's own store (which holds the public Amazon roots
 * that RDS Proxy uses). Created for the first connection and kept, because parsing
 * certificates is slow. Called by one thread at a time.
 */
final class ServerTrust {

	private final ConnectionSettings settings;

	private volatile @Nullable SSLContext context;

	ServerTrust(ConnectionSettings settings) {
		this.settings = settings;
	}

	SSLContext context() throws CertificateException {
		SSLContext context = this.context;
		if (context == null) {
			context = create();
			this.context = context;
		}
		return context;
	}

	/**
	 * Drops the secrets for resuming a TLS session.
	 */
	void forgetSessions() {
		SSLContext context = this.context;
		if (context != null) {
			SSLSessionContext sessions = context.getClientSessionContext();
			for (byte[] id : Collections.list(sessions.getIds())) {
				SSLSession session = sessions.getSession(id);
				if (session != null) {
					session.invalidate();
				}
			}
		}
	}

	private SSLContext create() throws CertificateException {
		Supplier<SSLContext> given = this.settings.sslContext();
		if (given != null) {
			return given.get();
		}
		try {
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(null, trustManagers(), null);
			return context;
		}
		catch (CertificateException ex) {
			throw ex;
		}
		catch (GeneralSecurityException ex) {
			throw new CertificateException("TLS cannot be set up: " + ex.getMessage(), ex);
		}
	}

	/**
	 * Returns {@code null} for the JVM's own store.
	 */
	private TrustManager @Nullable [] trustManagers() throws GeneralSecurityException {
		Resource rootCert = this.settings.rootCert();
		if (rootCert != null) {
			return trustOnly(read(rootCert));
		}
		if (this.settings.needsRdsRoots()) {
			return trustOnly(RdsRoots.of(this.settings.endpoint()));
		}
		return this.settings.sslMode().verifies() ? null : new TrustManager[] { new NonValidatingTM() };
	}

	private static TrustManager[] trustOnly(Collection<? extends Certificate> roots) throws GeneralSecurityException {
		try {
			KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
			store.load(null, null);
			int i = 0;
			for (Certificate root : roots) {
				store.setCertificateEntry("root-" + i++, root);
			}
			TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			factory.init(store);
			return factory.getTrustManagers();
		}
		catch (IOException ex) {
			throw new IllegalStateException("An empty key store cannot fail to load", ex);
		}
	}

	private static Collection<? extends Certificate> read(Resource rootCert) throws CertificateException {
		try (InputStream in = rootCert.getInputStream()) {
			Collection<? extends Certificate> certificates = CertificateFactory.getInstance("X.509")
				.generateCertificates(in);
			if (certificates.isEmpty()) {
				throw new CertificateException("it is empty");
			}
			return certificates;
		}
		catch (IOException | CertificateException ex) {
			throw new CertificateException("soong.ssl.root-cert (PG_SSLROOTCERT) names " + rootCert.getDescription()
					+ ", which cannot be read as PEM certificates: " + ex.getMessage(), ex);
		}
	}

}
