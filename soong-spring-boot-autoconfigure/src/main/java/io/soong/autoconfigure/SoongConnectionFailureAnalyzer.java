package io.soong.autoconfigure;

import io.soong.jdbc.SoongConnectionException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Shows the whole diagnosis if an application cannot start without its database, for
 * example because a migration runs first.
 */
final class SoongConnectionFailureAnalyzer extends AbstractFailureAnalyzer<SoongConnectionException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, SoongConnectionException cause) {
		String diagnosis = cause.diagnosis();
		int fixes = diagnosis.lastIndexOf("\nWhat to do:\n") + 1;
		return new FailureAnalysis(diagnosis.substring(0, fixes).strip(), diagnosis.substring(fixes), cause);
	}

}
