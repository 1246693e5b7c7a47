package io.soong.lambda;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import tools.jackson.databind.ObjectMapper;

import org.springframework.cloud.function.json.JacksonMapper;
import org.springframework.cloud.function.json.JsonMapper;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.support.MessageBuilder;

import static org.assertj.core.api.Assertions.assertThat;

class HttpAnswerTests {

	private static final JsonMapper JSON = new JacksonMapper(new ObjectMapper());

	@ParameterizedTest
	@ValueSource(strings = { "authorization", "Authorization", "Proxy-Authorization", "COOKIE", "x-api-key",
			"X-Amz-Security-Token" })
	void secretOfTheRequestIsNotSentBackByAFunctionThatCopiesHeaders(String name) {
		MessageHeaders request = new MessageHeaders(Map.of(name, "tell-nobody", "x-trace", "7"));
		Message<String> answer = MessageBuilder.withPayload("done")
			.setHeader(name, "tell-nobody")
			.setHeader("x-trace", "7")
			.build();
		assertThat(withoutRequestHeaders(answer, request)).doesNotContainKey(name).containsEntry("x-trace", "7");
		Flux<?> published = (Flux<?>) HttpAnswer.withoutRequestHeaders(Flux.just(answer), request);
		assertThat(published.blockFirst()).isInstanceOfSatisfying(Message.class,
				(item) -> assertThat(item.getHeaders()).doesNotContainKey(name).containsEntry("x-trace", "7"));
	}

	@Test
	void headerOfTheSameNameThatTheFunctionSetsIsSent() {
		MessageHeaders request = new MessageHeaders(Map.of("cookie", "old"));
		assertThat(
				withoutRequestHeaders(MessageBuilder.withPayload("done").setHeader("cookie", "new").build(), request))
			.containsEntry("cookie", "new");
	}

	@Test
	void refusalDescribesItsStatusToALoadBalancerOnly() {
		assertThat(refusal("{\"httpMethod\": \"POST\", \"requestContext\": {\"elb\": {}}, \"headers\": {}}"))
			.containsEntry("statusDescription", "400 Bad Request")
			.containsEntry("statusCode", 400);
		assertThat(refusal("{\"httpMethod\": \"POST\", \"requestContext\": {\"stage\": \"prod\"}, \"headers\": {}}"))
			.doesNotContainKey("statusDescription")
			.containsEntry("statusCode", 400);
	}

	private static MessageHeaders withoutRequestHeaders(Message<?> answer, MessageHeaders request) {
		return ((Message<?>) HttpAnswer.withoutRequestHeaders(answer, request)).getHeaders();
	}

	private static Map<String, Object> refusal(String event) {
		byte[] answer = HttpAnswer
			.badRequest(Event.of(event.getBytes(StandardCharsets.UTF_8), EventJson.of(JSON, false)), "no", JSON);
		return JSON.fromJson(answer, Map.class);
	}

}
