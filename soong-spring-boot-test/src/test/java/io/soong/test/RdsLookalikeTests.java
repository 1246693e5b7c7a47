package io.soong.test;

import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link RdsLookalike} that need no server.
 */
class RdsLookalikeTests {

	@Test
	void startWhenOnLambdaIsRefused() {
		assertThatIllegalStateException()
			.isThrownBy(() -> RdsLookalike.Builder.refuseLambda(Map.of("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001")))
			.withMessageContaining("does not start on AWS Lambda");
		assertThatIllegalStateException()
			.isThrownBy(() -> RdsLookalike.Builder.refuseLambda(Map.of("AWS_EXECUTION_ENV", "AWS_Lambda_java21")));
	}

	@Test
	void startWhenUnderSamLocalOrElsewhereIsAllowed() {
		assertThatNoException().isThrownBy(() -> RdsLookalike.Builder
			.refuseLambda(Map.of("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001", "AWS_SAM_LOCAL", "true")));
		assertThatNoException()
			.isThrownBy(() -> RdsLookalike.Builder.refuseLambda(Map.of("AWS_EXECUTION_ENV", "AWS_ECS_FARGATE")));
	}

}
