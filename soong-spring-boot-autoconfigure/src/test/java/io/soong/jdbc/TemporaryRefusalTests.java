package io.soong.jdbc;

import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.sql.SQLException;

import io.soong.auth.DatabaseEndpoint;
import io.soong.jdbc.SoongConnectionException.Step;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which failures are those of a database that wakes up or is switched over.
 */
class TemporaryRefusalTests {

	private static final DatabaseEndpoint RDS = endpoint("gizmos.c0ffee123456.eu-central-1.rds.amazonaws.com");

	private static final DatabaseEndpoint OTHER = endpoint("db.example.com");

	private static final String NO_ENTRY = "FATAL: no pg_hba.conf entry for host \"10.0.0.1\", user \"jane_doe\", ";

	private static final Exception OTHER_NAME = new CertificateException("No subject alternative DNS name matching");

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			28000 | SSL encryption | true  | true  | true
			28000 | SSL encryption | true  | false | true
			28000 | SSL encryption | false | true  | true
			28000 | SSL encryption | false | false | false
			28000 | no encryption  | true  | true  | false
			28000 | SSL off        | true  | true  | false
			28P01 | SSL encryption | true  | true  | false
			""")
	void serverWithoutAnEntryIsWaitedForIfItHadOneBeforeOrIsOfRds(String state, String encryption, boolean rds,
			boolean loggedInBefore, boolean waitedFor) {
		SoongConnectionException failure = failure(Step.LOGIN, state, new SQLException(NO_ENTRY + encryption, state));
		assertThat(TemporaryRefusal.asTransient(failure, rds ? RDS : OTHER, loggedInBefore).isTransient())
			.isEqualTo(waitedFor);
	}

	@Test
	void refusalForAnotherReasonIsNotWaitedFor() {
		SoongConnectionException refused = failure(Step.LOGIN, "28000",
				new SQLException("FATAL: PAM authentication failed for user \"jane_doe\"", "28000"));
		assertThat((Throwable) TemporaryRefusal.asTransient(refused, RDS, true)).isSameAs(refused);
		SoongConnectionException unexplained = failure(Step.LOGIN, "28000", null);
		assertThat((Throwable) TemporaryRefusal.asTransient(unexplained, RDS, true)).isSameAs(unexplained);
	}

	@Test
	void certificateOfAnotherNameIsWaitedForAfterALogin() {
		SoongConnectionException failure = failure(Step.TLS, "08001", new IOException(OTHER_NAME));
		SoongConnectionException passing = TemporaryRefusal.asTransient(failure, OTHER, true);
		assertThat(passing.isTransient()).isTrue();
		assertThat((Throwable) passing).hasMessageStartingWith("refused").hasMessageContaining("blue/green switchover");
		assertThat((Throwable) TemporaryRefusal.asTransient(failure, RDS, false)).isSameAs(failure);
	}

	@Test
	void certificateIsLookedAtInTheStepForTls() {
		SoongConnectionException failure = failure(Step.LOGIN, "08001", new IOException(OTHER_NAME));
		assertThat((Throwable) TemporaryRefusal.asTransient(failure, RDS, true)).isSameAs(failure);
	}

	@Test
	void certificateThatWaitingDoesNotReplaceIsNotWaitedFor() {
		for (Exception cause : new Exception[] {
				new CertificateException(new CertPathBuilderException("unable to find a path")),
				new CertificateException(new CertPathValidatorException("signature check failed")),
				new CertificateExpiredException("NotAfter: Sun Nov 22 10:15:00 UTC 2026"),
				new IOException("Connection reset") }) {
			SoongConnectionException failure = failure(Step.TLS, "08001", cause);
			assertThat((Throwable) TemporaryRefusal.asTransient(failure, RDS, true)).isSameAs(failure);
		}
	}

	@Test
	void failureThatIsTransientAlreadyIsLeftAsItIs() {
		SoongConnectionException failure = new SoongConnectionException("refused", Step.LOGIN, true, "the diagnosis",
				"28000", new SQLException(NO_ENTRY + "SSL encryption", "28000"));
		assertThat((Throwable) TemporaryRefusal.asTransient(failure, RDS, true)).isSameAs(failure);
	}

	@Test
	void tokenIsRefusedUnlessTheServerDidNotCheckIt() {
		assertThat(isRefusedToken("28000", "FATAL: PAM authentication failed for user \"jane_doe\"")).isTrue();
		assertThat(isRefusedToken("28000", "FATAL: The IAM authentication failed for the role jane_doe.")).isTrue();
		assertThat(isRefusedToken("28000", NO_ENTRY + "SSL encryption")).isFalse();
		assertThat(isRefusedToken("28P01", "FATAL: password authentication failed")).isFalse();
	}

	private static boolean isRefusedToken(String state, String text) {
		return TemporaryRefusal.isRefusedToken(failure(Step.LOGIN, state, new SQLException(text, state)));
	}

	private static SoongConnectionException failure(Step step, String state, @Nullable Throwable cause) {
		return new SoongConnectionException("refused", step, false, "the diagnosis", state, cause);
	}

	private static DatabaseEndpoint endpoint(String host) {
		return new DatabaseEndpoint(host, 5432, "gizmos", "jane_doe");
	}

}
