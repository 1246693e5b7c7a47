package io.soong.lambda;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

import io.soong.SharedRds;
import io.soong.test.LambdaRuntime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a function reports of its invocations, run by AWS' runtime interface client.
 */
class InvocationReportsIntegrationTests {

	private static LambdaRuntime function;

	@BeforeAll
	static void start() {
		function = LambdaRuntime.builder()
			.classPath(System.getProperty("java.class.path"))
			.handler("io.soong.lambda.SoongFunctionInvoker")
			.functionName("gizmo")
			.environment("MAIN_CLASS", Application.class.getName())
			.environment(SharedRds.rds().environment())
			.environment("PG_HOSTADDR", SharedRds.rds().address())
			.environment("SOONG_METRICS_EMF", "true")
			.timeout(Duration.ofSeconds(30))
			.start();
	}

	@AfterAll
	static void stop() {
		function.close();
	}

	@Test
	void functionWritesOneLineOfMetricsPerInvocation() throws Exception {
		int before = lines().size();
		assertThat(function.invoke("\"SELECT 1\"").payload()).isEqualTo("\"1\"");
		SharedRds.rds().killConnections();
		assertThat(function.invoke("\"SELECT 's3cret'\"").payload()).isEqualTo("\"s3cret\"");
		assertThat(function.invoke("\"SELECT nothing\"").isError()).isTrue();
		List<JsonNode> lines = lines().subList(before, lines().size())
			.stream()
			.map(EmbeddedMetricFormat::check)
			.toList();
		assertThat(lines).hasSize(3).allSatisfy((line) -> {
			assertThat(line.path("FunctionName").asString()).isEqualTo("gizmo");
			assertThat(line.path("RequestId").asString()).hasSize(36);
		});
		assertThat(lines).first().satisfies((line) -> assertThat(line.path("Statements").asInt()).isEqualTo(1));
		assertThat(lines.get(1).path("Reconnects").asInt()).isEqualTo(1);
		assertThat(lines.get(1).path("ReconnectReason").asString()).isEqualTo("probe");
		assertThat(lines.get(1).path("ConnectTime").asDouble()).isPositive();
		assertThat(lines.get(2).path("ConnectionsReused").asInt()).isEqualTo(1);
		assertThat(lines.get(2).path("StatementErrors").asInt()).isEqualTo(1);
		assertThat(lines().toString()).doesNotContain("s3cret");
	}

	private static List<String> lines() {
		return function.logs().stream().filter((line) -> line.startsWith("{\"_aws\"")).toList();
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Function<String, String> query(JdbcTemplate jdbcTemplate) {
			return (sql) -> String.valueOf(jdbcTemplate.queryForObject(sql, String.class));
		}

	}

}
