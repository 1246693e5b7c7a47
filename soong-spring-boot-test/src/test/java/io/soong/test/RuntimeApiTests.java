package io.soong.test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest.Builder;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RuntimeApi}; its use by a runtime is tested in
 * {@link LambdaRuntimeIntegrationTests}.
 */
class RuntimeApiTests {

	private final HttpClient client = HttpClient.newHttpClient();

	private RuntimeApi api;

	@BeforeEach
	void start() throws IOException {
		this.api = new RuntimeApi(Duration.ofSeconds(3), "arn", () -> Map.of("AWS_ACCESS_KEY_ID", "ASIA",
				"AWS_SECRET_ACCESS_KEY", "secret/with+signs", "AWS_SESSION_TOKEN", "session"));
	}

	@AfterEach
	void stop() {
		this.api.close();
	}

	@Test
	void restoreNextIsAnsweredOnlyWhenRestored() throws Exception {
		CompletableFuture<HttpResponse<String>> next = this.client.sendAsync(request(url("restore/next")).build(),
				BodyHandlers.ofString());
		this.api.checkpointed().get(60, TimeUnit.SECONDS);
		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> next.get(100, TimeUnit.MILLISECONDS));
		assertThat(this.api.initialized()).isNotDone();
		this.api.restore();
		assertThat(next.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
	}

	@Test
	void closeEndsTheThreadThatWaitsForARestore() throws Exception {
		this.client.sendAsync(request(url("restore/next")).build(), BodyHandlers.ofString());
		this.api.checkpointed().get(60, TimeUnit.SECONDS);
		Thread waiting = Thread.getAllStackTraces()
			.entrySet()
			.stream()
			.filter((thread) -> Stream.of(thread.getValue())
				.anyMatch((frame) -> frame.getClassName().equals(RuntimeApi.class.getName())))
			.map(Map.Entry::getKey)
			.findAny()
			.orElseThrow();
		this.api.close();
		waiting.join(60_000);
		assertThat(waiting.isAlive()).isFalse();
	}

	@Test
	void credentialsRequireTheToken() throws Exception {
		Map<String, String> environment = this.api.credentialsEnvironment();
		Builder request = request(environment.getOrDefault("AWS_CONTAINER_CREDENTIALS_FULL_URI", ""));
		assertThat(this.client.send(request.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(403);
		request.header("Authorization", environment.getOrDefault("AWS_CONTAINER_AUTHORIZATION_TOKEN", ""));
		assertThat(this.client.send(request.build(), BodyHandlers.ofString()).body())
			.startsWith("{\"AccessKeyId\":\"ASIA\",\"SecretAccessKey\":\"secret/with+signs\",\"Token\":\"session\","
					+ "\"Expiration\":\"2");
	}

	@Test
	void eventIsDeliveredOnceAndItsAnswerIsTakenOnce() throws Exception {
		PendingEvent event = new PendingEvent("{\"name\":\"Flüx\"}");
		this.api.submit(event);
		HttpResponse<String> next = send("invocation/next");
		assertThat(next.body()).isEqualTo("{\"name\":\"Flüx\"}");
		assertThat(next.headers().firstValue("Lambda-Runtime-Aws-Request-Id")).hasValue(event.id());
		assertThat(next.headers().firstValue("Lambda-Runtime-Invoked-Function-Arn")).hasValue("arn");
		assertThat(event.delivered()).isDone();
		String answer = "invocation/" + event.id() + "/response";
		assertThat(post(answer, "{\"id\":1}").statusCode()).isEqualTo(202);
		assertThat(event.answer().get(60, TimeUnit.SECONDS).payload()).isEqualTo("{\"id\":1}");
		assertThat(post(answer, "{\"id\":2}").statusCode()).isEqualTo(400);
	}

	@Test
	void emptyEventIsDeliveredAndAnswered() throws Exception {
		PendingEvent event = new PendingEvent("");
		this.api.submit(event);
		assertThat(send("invocation/next").body()).isEmpty();
		assertThat(post("invocation/" + event.id() + "/response", "").statusCode()).isEqualTo(202);
		assertThat(event.answer().get(60, TimeUnit.SECONDS).payload()).isEmpty();
	}

	@Test
	void errorReportFailsTheEvent() throws Exception {
		PendingEvent event = new PendingEvent("{}");
		this.api.submit(event);
		send("invocation/next");
		assertThat(post("invocation/" + event.id() + "/error", "{\"errorType\":\"a.B\",\"errorMessage\":\"c\"}")
			.statusCode()).isEqualTo(202);
		Answer answer = event.answer().get(60, TimeUnit.SECONDS);
		assertThat(answer.errorType()).isEqualTo("a.B");
		assertThat(answer.errorMessage()).isEqualTo("c");
	}

	@Test
	void unknownPathIsNotFound() throws Exception {
		assertThat(send("nothing").statusCode()).isEqualTo(404);
	}

	private HttpResponse<String> send(String path) throws Exception {
		return this.client.send(request(url(path)).build(), BodyHandlers.ofString());
	}

	private HttpResponse<String> post(String path, String body) throws Exception {
		return this.client.send(request(url(path)).POST(BodyPublishers.ofString(body)).build(),
				BodyHandlers.ofString());
	}

	private String url(String path) {
		return "http://" + this.api.address() + "/2018-06-01/runtime/" + path;
	}

	private static Builder request(String uri) {
		return HttpRequest.newBuilder(URI.create(uri));
	}

}
