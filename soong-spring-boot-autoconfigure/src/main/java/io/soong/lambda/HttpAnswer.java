package io.soong.lambda;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

import org.springframework.cloud.function.adapter.aws.AWSLambdaUtils;
import org.springframework.cloud.function.json.JsonMapper;
import org.springframework.http.HttpStatus;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.support.MessageBuilder;

/**
 * The answer to an HTTP request.
 */
final class HttpAnswer {

	/** Never sent back, even if a function copies all headers. */
	private static final Set<String> SECRET = Set.of("authorization", "proxy-authorization", "cookie", "x-api-key",
			"x-amz-security-token");

	private HttpAnswer() {
	}

	/**
	 * Removes the request's headers from a function's result. Spring Cloud Function
	 * copies them for some types of functions.
	 */
	static Object withoutRequestHeaders(Object result, MessageHeaders request) {
		if (result instanceof Publisher<?> publisher) {
			return Flux.from(publisher).map((item) -> withoutRequestHeaders(item, request));
		}
		return (result instanceof Message<?> message) ? withoutRequestHeaders(message, request) : result;
	}

	private static Message<?> withoutRequestHeaders(Message<?> answer, MessageHeaders request) {
		// This header exists in the request only
		boolean copied = answer.getHeaders().containsKey(Event.HTTP);
		Map<String, Object> headers = new HashMap<>(answer.getHeaders());
		headers.entrySet().removeIf((header) -> {
			String name = header.getKey();
			boolean same = header.getValue().equals(request.get(name));
			return (same && (copied || SECRET.contains(name.toLowerCase(Locale.ROOT)))) || name.equals(Event.HTTP)
					|| name.equals(ArrayElements.HEADER) || name.equals(AWSLambdaUtils.AWS_CONTEXT);
		});
		return MessageBuilder.withPayload(answer.getPayload()).copyHeaders(headers).build();
	}

	/**
	 * Answers with status 400 and a reason.
	 */
	static byte[] badRequest(Event event, String reason, JsonMapper json) {
		Map<String, Object> answer = new LinkedHashMap<>();
		answer.put("isBase64Encoded", false);
		answer.put("statusCode", HttpStatus.BAD_REQUEST.value());
		if (event.isFromLoadBalancer()) {
			answer.put("statusDescription", "400 Bad Request");
		}
		answer.put("headers", Map.of("content-type", "application/json"));
		answer.put("body", json.toString(Map.of("message", reason)));
		return forCaller(event, json.toJson(answer), json);
	}

	/**
	 * Adds the headers in the form that a load balancer expects when multi-value headers
	 * are enabled.
	 */
	static byte[] forCaller(Event event, byte[] answer, JsonMapper json) {
		if (!event.isHttp() || !event.hasMultiValueHeadersOnly()) {
			return answer;
		}
		Object read = json.fromJson(answer, Object.class);
		if (!(read instanceof Map<?, ?> map) || map.containsKey("multiValueHeaders")
				|| !(map.get("headers") instanceof Map<?, ?> headers)) {
			return answer;
		}
		Map<Object, Object> several = new LinkedHashMap<>();
		headers.forEach((name, value) -> several.put(name, List.of(value)));
		Map<Object, Object> repeated = new LinkedHashMap<>(map);
		repeated.put("multiValueHeaders", several);
		return json.toJson(repeated);
	}

}
