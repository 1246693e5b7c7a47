package io.soong.samples.gizmos;

import java.nio.file.Path;
import java.time.Duration;

import io.soong.test.LambdaRuntime;
import io.soong.test.RdsLookalike;

/**
 * A function of the deployment package in a Lambda runtime, set up as
 * {@code template.yaml} does.
 */
final class GizmosRuntime {

	private GizmosRuntime() {
	}

	static LambdaRuntime.Builder of(Path deployment, RdsLookalike rds, String function) {
		return of(rds, function).packageFolder(deployment);
	}

	/** Without code, which a class path may bring. */
	static LambdaRuntime.Builder of(RdsLookalike rds, String function) {
		return LambdaRuntime.builder()
			.handler("io.soong.lambda.SoongFunctionInvoker")
			.functionName(function)
			.memory(1024)
			.timeout(Duration.ofSeconds(15))
			.environment(rds.environment())
			.environment("MAIN_CLASS", GizmosApplication.class.getName())
			.environment("SPRING_CLOUD_FUNCTION_DEFINITION", function);
	}

}
