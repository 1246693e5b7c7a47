package io.soong.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.soong.auth.DatabaseEndpoint;
import org.junit.jupiter.api.Test;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RdsRootsTests {

	/**
	 * Regions whose roots Soong does not have. A region that leaves this list is one more
	 * file in {@code rds-roots}.
	 */
	private static final Set<String> MISSING = Set.of("ap-east-2", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
			"ca-west-1", "mx-central-1");

	@Test
	void everyRootIsKnownToAwsSelfSignedAndNotExpired() throws Exception {
		Map<String, String> published = published();
		for (String region : onBoard()) {
			Set<String> keys = new TreeSet<>();
			for (Certificate certificate : RdsRoots.of(endpoint(region))) {
				X509Certificate root = (X509Certificate) certificate;
				String known = published.get(fingerprint(root));
				assertThat(known).as("fingerprint in " + region).isNotNull().startsWith(region + " ");
				keys.add(known.substring(known.indexOf(' ') + 1));
				root.verify(root.getPublicKey());
				root.checkValidity();
				assertThat(root.getBasicConstraints()).as("certificate authority").isNotNegative();
				assertThat(root.getSubjectX500Principal()).isEqualTo(root.getIssuerX500Principal());
			}
			assertThat(keys).as(region).containsExactly("ECC384", "RSA2048", "RSA4096");
		}
	}

	@Test
	void everyPublishedRegionIsIncludedOrListedAsMissing() throws Exception {
		Set<String> regions = new TreeSet<>();
		published().values().forEach((known) -> regions.add(known.substring(0, known.lastIndexOf(' '))));
		regions.removeIf((region) -> region.contains(" "));
		Set<String> expected = new TreeSet<>(onBoard());
		expected.addAll(MISSING);
		assertThat(regions).isEqualTo(expected);
		assertThat(onBoard()).hasSize(28).doesNotContainAnyElementsOf(MISSING);
	}

	@Test
	void rootsWhenNotIncludedNameTheDownloadAndTheProperty() {
		assertThatExceptionOfType(CertificateException.class).isThrownBy(() -> RdsRoots.of(endpoint("mx-central-1")))
			.withMessageContaining("https://truststore.pki.rds.amazonaws.com/mx-central-1/mx-central-1-bundle.pem")
			.withMessageContaining("soong.ssl.root-cert")
			.withMessageContaining("PG_SSLROOTCERT");
		assertThat(RdsRoots.problemWith(endpoint("mx-central-1"))).contains("mx-central-1-bundle.pem");
		assertThat(RdsRoots.problemWith(endpoint("eu-central-1"))).isNull();
	}

	@Test
	void rootsOfAGlobalDatabaseAreThoseOfAllRegions() throws Exception {
		DatabaseEndpoint global = new DatabaseEndpoint("gizmos.global-c0ffee.global.rds.amazonaws.com", 5432, "gizmos",
				null);
		List<Certificate> expected = new ArrayList<>();
		for (String region : onBoard()) {
			expected.addAll(RdsRoots.of(endpoint(region)));
		}
		assertThat(new ArrayList<Certificate>(RdsRoots.of(global))).containsExactlyInAnyOrderElementsOf(expected);
		assertThat(RdsRoots.problemWith(global)).isNull();
	}

	private static Set<String> onBoard() throws IOException {
		Set<String> regions = new TreeSet<>();
		for (Resource file : new PathMatchingResourcePatternResolver()
			.getResources("classpath*:io/soong/jdbc/rds-roots/*.pem")) {
			String name = String.valueOf(file.getFilename());
			regions.add(name.substring(0, name.length() - ".pem".length()));
		}
		return regions;
	}

	/**
	 * Returns what AWS publishes, by fingerprint.
	 */
	private static Map<String, String> published() throws IOException {
		Map<String, String> published = new HashMap<>();
		try (InputStream in = RdsRootsTests.class.getResourceAsStream("rds-root-ca-fingerprints.txt")) {
			assertThat(in).isNotNull();
			new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
				.filter((line) -> !line.startsWith("#") && !line.isBlank())
				.forEach((line) -> {
					int last = line.lastIndexOf(' ');
					published.put(line.substring(last + 1), line.substring(0, last));
				});
		}
		assertThat(published).hasSize(108);
		return published;
	}

	private static String fingerprint(X509Certificate certificate) throws GeneralSecurityException {
		return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
	}

	private static DatabaseEndpoint endpoint(String region) {
		return new DatabaseEndpoint("postgres1.abcde123." + region + ".rds.amazonaws.com", 5432, "gizmos", null);
	}

}
