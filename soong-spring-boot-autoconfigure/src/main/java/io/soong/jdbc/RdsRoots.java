package io.soong.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;

import io.soong.auth.DatabaseEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * The root certificates that AWS signs its RDS servers with, which no JVM knows: three
 * for each region, one file a region, so that a connection reads three and not a hundred.
 *
 * @see <a href=
 * "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html">Using
 * SSL/TLS with RDS</a>
 */
final class RdsRoots {

	private RdsRoots() {
	}

	/**
	 * Reads the roots of an RDS endpoint's region.
	 * @throws CertificateException if there are none on board
	 */
	static Collection<? extends Certificate> of(DatabaseEndpoint endpoint) throws CertificateException {
		String region = endpoint.region().orElseThrow();
		try (InputStream in = RdsRoots.class.getResourceAsStream(file(region))) {
			if (in == null) {
				throw new CertificateException(missing(region));
			}
			return CertificateFactory.getInstance("X.509").generateCertificates(in);
		}
		catch (IOException ex) {
			throw new CertificateException("The RDS roots of " + region + " cannot be read", ex);
		}
	}

	/**
	 * Says what to do about an endpoint whose roots are not on board, or returns
	 * {@code null} if they are.
	 */
	static @Nullable String problemWith(DatabaseEndpoint endpoint) {
		String region = endpoint.region().orElseThrow();
		return (RdsRoots.class.getResource(file(region)) == null) ? missing(region) : null;
	}

	private static String file(String region) {
		return "rds-roots/" + region + ".pem";
	}

	private static String missing(String region) {
		return "Soong has no RDS root certificates for the region " + region + " on board. Download "
				+ "https://truststore.pki.rds.amazonaws.com/" + region + "/" + region + "-bundle.pem (for China, "
				+ "GovCloud and other partitions see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
				+ "UsingWithRDS.SSL.html) into src/main/resources and set soong.ssl.root-cert=classpath:" + region
				+ "-bundle.pem (or PG_SSLROOTCERT)";
	}

}
