package io.soong.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Turns an {@link InvalidSoongPropertyException} into a description and one action. Comes
 * before Spring Boot's own analyzer, which shows the values of properties.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class InvalidSoongPropertyFailureAnalyzer extends AbstractFailureAnalyzer<InvalidSoongPropertyException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidSoongPropertyException cause) {
		return new FailureAnalysis(cause.description(), cause.action(), cause);
	}

}
