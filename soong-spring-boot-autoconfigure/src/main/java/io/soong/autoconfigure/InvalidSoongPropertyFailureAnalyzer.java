package io.soong.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Turns an {@link InvalidSoongPropertyException} into a description and one action.
 */
final class InvalidSoongPropertyFailureAnalyzer extends AbstractFailureAnalyzer<InvalidSoongPropertyException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidSoongPropertyException cause) {
		return new FailureAnalysis(cause.description(), cause.action(), cause);
	}

}
