package io.soong.lambda;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

import io.soong.SharedRds;
import io.soong.test.LambdaRuntime;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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
			.environment("SOONG_INVOCATION_LOG", "true")
			.environment("LOGGING_STRUCTURED_FORMAT_CONSOLE", "ecs")
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
		List<JsonNode> lines = since(before, 3, InvocationReportsIntegrationTests::lines).stream()
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

	@Test
	void functionLogsOneEventPerInvocationWithTheRequestId() throws Exception {
		int before = events().size();
		int linesBefore = lines().size();
		assertThat(function.invoke("\"SELECT name FROM gizmo_names WHERE name = 's3cret'\"").isError()).isTrue();
		assertThat(function.invoke("\"SELECT version()\"").isError()).isFalse();
		List<JsonNode> events = since(before, 2, InvocationReportsIntegrationTests::events);
		List<JsonNode> metrics = since(linesBefore, 2, InvocationReportsIntegrationTests::lines).stream()
			.map(JsonMapper.shared()::readTree)
			.toList();
		for (int i = 0; i < 2; i++) {
			assertThat(events.get(i).path("AWSRequestId").asString())
				.isEqualTo(metrics.get(i).path("RequestId").asString());
		}
		assertThat(events.get(0).path("message").asString()).contains(" errors=1 ").contains("slowest=\"");
		assertThat(events.get(1).path("message").asString()).startsWith("connection=reused statements=1 ")
			.contains("slowest=\"SELECT version()\"");
		assertThat(events.toString()).doesNotContain("s3cret");
	}

	/** What the function writes is read in the background. */
	private static <T> List<T> since(int before, int count, Supplier<List<T>> lines) {
		Awaitility.await().until(() -> lines.get().size() >= before + count);
		List<T> all = lines.get();
		assertThat(all).hasSize(before + count);
		return all.subList(before, all.size());
	}

	private static List<JsonNode> events() {
		return function.logs()
			.stream()
			.filter((line) -> line.startsWith("{") && line.contains("\"io.soong.lambda.InvocationLog\""))
			.map(JsonMapper.shared()::readTree)
			.toList();
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
