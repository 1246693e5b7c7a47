package io.soong.jdbc;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;

import io.soong.auth.DatabaseEndpoint;
import io.soong.jdbc.SoongConnectionException.Step;

/**
 * Tells temporary refusals from permanent ones. A database that scales to zero answers
 * {@code 28000} "no pg_hba.conf entry" while it resumes. For a while after a blue/green
 * switchover the new servers present the certificate of their old name.
 */
final class TemporaryRefusal {

	/** The server's text when no login is allowed. RDS allows all logins over TLS. */
	private static final String NO_ENTRY = "no pg_hba.conf entry";

	private TemporaryRefusal() {
	}

	/**
	 * Returns the failure as a transient one, if it looks temporary.
	 * @param loggedInBefore whether the same credentials provider has logged in before
	 */
	static SoongConnectionException asTransient(SoongConnectionException failure, DatabaseEndpoint endpoint,
			boolean loggedInBefore) {
		boolean passes = (isOtherName(failure) && loggedInBefore)
				|| (isWaking(failure) && (loggedInBefore || endpoint.isRds()));
		return (passes && !failure.isTransient()) ? failure.passing() : failure;
	}

	/**
	 * Returns whether a token was refused in a way that may be permanent: RDS says "PAM
	 * authentication failed", RDS Proxy uses another text.
	 */
	static boolean isRefusedToken(SoongConnectionException failure) {
		return SqlStates.INVALID_AUTHORIZATION.equals(failure.getSQLState()) && !text(failure).contains(NO_ENTRY);
	}

	private static boolean isWaking(SoongConnectionException failure) {
		String text = text(failure);
		return SqlStates.INVALID_AUTHORIZATION.equals(failure.getSQLState()) && text.contains(NO_ENTRY)
				&& !text.contains("no encryption") && !text.contains("SSL off");
	}

	private static boolean isOtherName(SoongConnectionException failure) {
		return failure.step() == Step.TLS && Causes.find(failure, CertificateException.class) != null
				&& Causes.find(failure, CertPathBuilderException.class) == null
				&& Causes.find(failure, CertPathValidatorException.class) == null
				&& Causes.find(failure, CertificateExpiredException.class) == null;
	}

	private static String text(SoongConnectionException failure) {
		Throwable cause = failure.getCause();
		return (cause != null) ? String.valueOf(cause.getMessage()) : "";
	}

}
