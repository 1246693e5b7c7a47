package io.soong.autoconfigure;

import io.soong.lambda.UndecidedFunctionException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains how to choose the function to run.
 */
final class UndecidedFunctionFailureAnalyzer extends AbstractFailureAnalyzer<UndecidedFunctionException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UndecidedFunctionException cause) {
		return new FailureAnalysis(cause.description(), cause.action(), cause);
	}

}
