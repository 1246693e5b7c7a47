package io.soong.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;

/**
 * Turns an {@link InvalidSoongPropertyException} into a description and one action.
 */
final class InvalidSoongPropertyFailureAnalyzer extends AbstractFailureAnalyzer<InvalidSoongPropertyException>
		implements Ordered {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidSoongPropertyException cause) {
		return new FailureAnalysis(cause.description(), cause.action(), cause);
	}

	/**
	 * Before Spring Boot's own, which shows the values of properties.
	 */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

}
