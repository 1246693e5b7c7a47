package io.soong.lambda;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.ObjectMapper;

import org.springframework.cloud.function.json.JacksonMapper;
import org.springframework.messaging.MessageHeaders;

import static org.assertj.core.api.Assertions.assertThat;

class EventTests {

	private static final EventJson JSON = EventJson.of(new JacksonMapper(new ObjectMapper()), false);

	private static final String HEADERS = """
			"headers": {"accept": "text/plain", "Lambda-Runtime-Aws-Request-Id": "666", "lambdafoo": "x", \
			"AWS-API-Gateway": "true", "payload": "[666]", "spring.cloud.function.definition": "drop"}""";

	/** An API, a load balancer, a WebSocket, VPC Lattice in both versions. */
	@ParameterizedTest
	@ValueSource(strings = { "\"version\": \"2.0\", \"routeKey\": \"$default\"",
			"\"httpMethod\": \"GET\", \"requestContext\": {\"elb\": {}}",
			"\"requestContext\": {\"connectionId\": \"AbC=\"}", "\"raw_path\": \"/gizmos\", \"method\": \"GET\"",
			"\"version\": \"2.0\", \"path\": \"/gizmos\", \"requestContext\": {\"serviceArn\": \"arn\"}" })
	void headersOfACallerThatWouldSteerAreLeftOut(String envelope) {
		MessageHeaders headers = headers("{" + envelope + ", " + HEADERS + "}");
		assertThat(headers).containsEntry("accept", "text/plain")
			.doesNotContainKeys("Lambda-Runtime-Aws-Request-Id", "lambdafoo", "AWS-API-Gateway", "payload",
					"spring.cloud.function.definition");
	}

	@Test
	void headersOfADirectEventAreAllKept() {
		assertThat(headers("{" + HEADERS + "}")).containsEntry("lambdafoo", "x")
			.containsEntry("spring.cloud.function.definition", "drop");
	}

	@Test
	void headersOfVpcLatticeWithSeveralValuesAreJoined() {
		assertThat(headers("""
				{"version": "2.0", "requestContext": {}, "headers": {"accept": ["text/plain", "text/html"]}}"""))
			.containsEntry("accept", "text/plain,text/html");
		assertThat(headers("""
				{"headers": {"numbers": [1, 2]}}""").get("numbers")).asString().isEqualTo("[1, 2]");
	}

	@Test
	void severalValuesOfALoadBalancersHeaderAreReadWhereThereAreNoOthers() {
		assertThat(headers("""
				{"httpMethod": "GET", "requestContext": {"elb": {}}, "multiValueHeaders": {"accept": ["a", "b"]}}"""))
			.containsEntry("accept", "a,b");
		assertThat(headers("""
				{"httpMethod": "GET", "headers": {"accept": "b"}, "multiValueHeaders": {"accept": ["a", "b"]}}"""))
			.containsEntry("accept", "b");
	}

	private static MessageHeaders headers(String event) {
		return Event.of(event.getBytes(StandardCharsets.UTF_8), JSON).message(null, null, false).getHeaders();
	}

}
