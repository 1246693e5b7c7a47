package io.soong.lambda;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class LambdaEnvironmentTests {

	@Test
	void isLambdaWhenRuntimeApiIsSetIsTrue() {
		assertThat(environment(Map.of("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001")).isLambda()).isTrue();
	}

	@Test
	void isLambdaWhenExecutionEnvironmentSaysSoIsTrue() {
		assertThat(environment(Map.of("AWS_EXECUTION_ENV", "AWS_Lambda_java17")).isLambda()).isTrue();
	}

	@Test
	void isLambdaElsewhereIsFalse() {
		assertThat(environment(Map.of()).isLambda()).isFalse();
		assertThat(environment(Map.of("AWS_EXECUTION_ENV", "AWS_ECS_FARGATE")).isLambda()).isFalse();
		assertThat(environment(Map.of("AWS_LAMBDA_RUNTIME_API", "")).isLambda()).isFalse();
		assertThat(environment(Map.of("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001", "AWS_SAM_LOCAL", "true")).isLambda())
			.isFalse();
	}

	@Test
	void isInvokedAfterInitWhenOnDemandOrProvisionedIsTrue() {
		assertThat(initialized("on-demand").isInvokedAfterInit()).isTrue();
		assertThat(initialized("provisioned-concurrency").isInvokedAfterInit()).isTrue();
		assertThat(initialized("snap-start").isInvokedAfterInit()).isFalse();
		assertThat(initialized("lambda-managed-instances").isInvokedAfterInit()).isFalse();
		assertThat(environment(Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")).isInvokedAfterInit()).isFalse();
		assertThat(environment(Map.of("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001")).isInvokedAfterInit()).isFalse();
	}

	private static LambdaEnvironment initialized(String type) {
		return environment(Map.of("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001", "AWS_LAMBDA_INITIALIZATION_TYPE", type));
	}

	@Test
	void concurrencyWhenManagedInstanceIsItsOwnElseOne() {
		Map<String, String> instance = Map.of("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001",
				"AWS_LAMBDA_INITIALIZATION_TYPE", "lambda-managed-instances", "AWS_LAMBDA_MAX_CONCURRENCY", "16");
		assertThat(environment(instance).concurrency()).isEqualTo(16);
		assertThat(initialized("lambda-managed-instances").concurrency()).isOne();
		assertThat(initialized("on-demand").concurrency()).isOne();
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-1", "01", "many", "2.5", " ", "9999999999" })
	void concurrencyWhenItIsNoPositiveNumberIsOne(String concurrency) {
		Map<String, String> instance = Map.of("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001",
				"AWS_LAMBDA_INITIALIZATION_TYPE", "lambda-managed-instances", "AWS_LAMBDA_MAX_CONCURRENCY",
				concurrency);
		assertThat(environment(instance).concurrency()).isOne();
	}

	@Test
	void concurrencyOutsideManagedInstancesIsOne() {
		assertThat(environment(Map.of("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001", "AWS_LAMBDA_INITIALIZATION_TYPE",
				"on-demand", "AWS_LAMBDA_MAX_CONCURRENCY", "16"))
			.concurrency()).isOne();
		assertThat(environment(Map.of("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001", "AWS_LAMBDA_MAX_CONCURRENCY", "16"))
			.concurrency()).isOne();
		assertThat(environment(Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "lambda-managed-instances",
				"AWS_LAMBDA_MAX_CONCURRENCY", "16"))
			.concurrency()).isOne();
	}

	@Test
	void handlerIsTheClass() {
		assertThat(environment(Map.of("_HANDLER", "com.example.Handler")).handler()).contains("com.example.Handler");
		assertThat(environment(Map.of("_HANDLER", "com.example.Handler::handle")).handler())
			.contains("com.example.Handler");
		assertThat(environment(Map.of("_HANDLER", " com.example.Handler :: handle")).handler())
			.contains("com.example.Handler");
		assertThat(environment(Map.of()).handler()).isEmpty();
	}

	@Test
	void applicationNameIsFunctionAndVersion() {
		assertThat(environment(Map.of("AWS_LAMBDA_FUNCTION_NAME", "gizmos", "AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"))
			.applicationName()).contains("gizmos:$LATEST");
		assertThat(environment(Map.of("AWS_LAMBDA_FUNCTION_NAME", "gizmos")).applicationName()).contains("gizmos");
		assertThat(environment(Map.of()).applicationName()).isEmpty();
	}

	@Test
	void applicationNameWhenTooLongKeepsTheVersion() {
		String name = environment(
				Map.of("AWS_LAMBDA_FUNCTION_NAME", "f".repeat(64), "AWS_LAMBDA_FUNCTION_VERSION", "12"))
			.applicationName()
			.orElseThrow();
		assertThat(name).hasSize(63).endsWith("f:12");
	}

	@Test
	void applicationNameWhenTooLongAndWithoutAVersionIsCut() {
		assertThat(environment(Map.of("AWS_LAMBDA_FUNCTION_NAME", "f".repeat(63) + "g")).applicationName())
			.hasValue("f".repeat(63));
		assertThat(environment(Map.of("AWS_LAMBDA_FUNCTION_NAME", "f", "AWS_LAMBDA_FUNCTION_VERSION", "1".repeat(64)))
			.applicationName()).hasValue("f:" + "1".repeat(61));
	}

	private static LambdaEnvironment environment(Map<String, String> variables) {
		return new LambdaEnvironment(variables::get);
	}

}
