package io.soong.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import io.soong.auth.DatabaseEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * The root certificates that AWS signs RDS servers with, which no JVM trusts by default.
 * There are three for each region, in a file for each region, so that a connection reads
 * three and not a hundred.
 *
 * @see <a href=
 * "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html">Using
 * SSL/TLS with RDS</a>
 */
final class RdsRoots {

	/** The regions whose roots are included. */
	private static final List<String> REGIONS = List.of("af-south-1", "ap-east-1", "ap-northeast-1", "ap-northeast-2",
			"ap-northeast-3", "ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3",
			"ap-southeast-4", "ca-central-1", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2",
			"eu-west-1", "eu-west-2", "eu-west-3", "il-central-1", "me-central-1", "me-south-1", "sa-east-1",
			"us-east-1", "us-east-2", "us-west-1", "us-west-2");

	private RdsRoots() {
	}

	/**
	 * Reads the roots of an RDS endpoint's region, or those of all regions for a global
	 * database, whose writer may be in any of them.
	 * @throws CertificateException if none are included
	 */
	static Collection<? extends Certificate> of(DatabaseEndpoint endpoint) throws CertificateException {
		List<Certificate> roots = new ArrayList<>();
		for (String region : endpoint.region().map(List::of).orElse(REGIONS)) {
			roots.addAll(of(region));
		}
		return roots;
	}

	private static Collection<? extends Certificate> of(String region) throws CertificateException {
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
	 * Says how to fix an endpoint whose roots are not included, or returns {@code null}
	 * if they are included.
	 */
	static @Nullable String problemWith(DatabaseEndpoint endpoint) {
		String region = endpoint.region().orElse(null);
		return (region != null && RdsRoots.class.getResource(file(region)) == null) ? missing(region) : null;
	}

	private static String file(String region) {
		return "rds-roots/" + region + ".pem";
	}

	private static String missing(String region) {
		return "Soong includes no RDS root certificates for the region " + region + ". Download "
				+ "https://truststore.pki.rds.amazonaws.com/" + region + "/" + region + "-bundle.pem (for China, "
				+ "GovCloud and other partitions see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
				+ "UsingWithRDS.SSL.html) into src/main/resources and set soong.ssl.root-cert=classpath:" + region
				+ "-bundle.pem (or PG_SSLROOTCERT)";
	}

}
