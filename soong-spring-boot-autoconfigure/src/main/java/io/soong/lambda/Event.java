package io.soong.lambda;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import com.amazonaws.services.lambda.runtime.Context;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.function.adapter.aws.AWSLambdaUtils;
import org.springframework.cloud.function.json.JsonMapper;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;

/**
 * An event as Lambda delivers it, and the message made of it. Headers that an HTTP caller
 * sends are data: headers that control Spring Cloud Function are left out.
 */
final class Event {

	/** Marks a message as an HTTP request, to Spring Cloud Function too. */
	static final String HTTP = "aws-api-gateway";

	/**
	 * Holds the elements that Spring Cloud Function calls the function for, one by one.
	 */
	static final String ELEMENTS = "payload";

	static final String DEFINITION = "spring.cloud.function.definition";

	/**
	 * Headers with a meaning to Spring Cloud Function or its message converters, in lower
	 * case.
	 */
	/**
	 * The parts of Spring's messages; any other object is a value, whatever its parts.
	 */
	private static final Set<String> MESSAGE = Set.of("payload", "headers");

	private static final Set<String> STEERING = Set.of(HTTP, "aws-event", AWSLambdaUtils.AWS_CONTEXT, ELEMENTS,
			"records", "statuscode", "isbase64encoded", "contenttype", "expected-content-type", "scf-func-name",
			"scf-sink-url", "message-type", "source-type", "target-protocol", "partitionkey", "replychannel",
			"errorchannel", "spring.cloud.stream.sendto.destination", DEFINITION,
			"spring.cloud.function.routing-expression");

	private final byte[] bytes;

	private final @Nullable Object content;

	private final Map<?, ?> envelope;

	private Event(byte[] bytes, @Nullable Object content) {
		this.bytes = bytes;
		this.content = content;
		this.envelope = (content instanceof Map<?, ?> map) ? map : Map.of();
	}

	/**
	 * Returns the event of an envelope that was read already.
	 */
	static Event of(Map<?, ?> envelope) {
		return new Event(new byte[0], envelope);
	}

	/**
	 * Reads an event.
	 * @throws UnreadableEventException if it is not JSON
	 */
	static Event of(byte[] bytes, JsonMapper json) {
		try {
			return new Event(bytes, json.fromJson(bytes, Object.class));
		}
		catch (RuntimeException ex) {
			throw (bytes.length == 0) ? new UnreadableEventException("The event is empty")
					: UnreadableEventException.of("The event", ex);
		}
	}

	/**
	 * Returns whether it is a request from API Gateway (REST or HTTP API), a function URL
	 * or a load balancer, whose response has a status, headers and a body.
	 */
	boolean isHttp() {
		return this.envelope.containsKey("httpMethod")
				|| (this.envelope.containsKey("routeKey") && this.envelope.containsKey("version"));
	}

	boolean isArray() {
		return this.content instanceof Collection<?>;
	}

	boolean isFromLoadBalancer() {
		return this.envelope.get("requestContext") instanceof Map<?, ?> context && context.containsKey("elb");
	}

	/**
	 * Returns whether a load balancer accepts only multi-value headers in the response.
	 */
	boolean hasMultiValueHeadersOnly() {
		return !this.envelope.containsKey("headers") && this.envelope.get("multiValueHeaders") instanceof Map<?, ?>;
	}

	/**
	 * Returns whether the headers come from an HTTP, WebSocket or VPC Lattice caller. In
	 * other events they come from a caller that may invoke the function.
	 */
	private boolean isFromOutside() {
		return isHttp() || this.envelope.containsKey("requestContext") || this.envelope.containsKey("raw_path");
	}

	/**
	 * Returns a header, whose name may be in any case, or {@code null}.
	 */
	@Nullable String header(String name) {
		for (Map.Entry<String, Object> header : headers().entrySet()) {
			if (name.equalsIgnoreCase(header.getKey())) {
				return String.valueOf(header.getValue());
			}
		}
		return null;
	}

	@Nullable Object get(String field) {
		return this.envelope.get(field);
	}

	/**
	 * Returns the message to call the function with.
	 * @param context Lambda's, if there is one
	 * @param eachElement whether the function is called for each element of a body that
	 * is an array
	 * @param chosenByHeader whether a header may name the function
	 */
	Message<?> message(@Nullable Context context, JsonMapper json, boolean eachElement, boolean chosenByHeader) {
		Map<String, Object> headers = headers();
		if (isFromOutside()) {
			headers.keySet()
				.removeIf((name) -> isSteering(name)
						&& !(chosenByHeader && isHttp() && DEFINITION.equalsIgnoreCase(name)));
		}
		if (isHttp()) {
			headers.put(HTTP, true);
			List<Object> elements = (eachElement) ? new HttpBody(this).elements(json) : null;
			if (elements != null) {
				headers.put(ELEMENTS, new BodyElements(elements));
			}
		}
		if (context != null) {
			headers.put(AWSLambdaUtils.AWS_CONTEXT, context);
		}
		Object payload = (!isHttp() && MESSAGE.containsAll(this.envelope.keySet())) ? this.envelope.get("payload")
				: null;
		return new EventMessage((payload != null) ? payload : this.bytes, headers);
	}

	static boolean isSteering(String header) {
		String name = header.toLowerCase(Locale.ROOT);
		return STEERING.contains(name) || name.startsWith("lambda");
	}

	private Map<String, Object> headers() {
		Map<String, Object> headers = new HashMap<>();
		Object given = this.envelope.get("headers");
		if (hasMultiValueHeadersOnly()) {
			given = this.envelope.get("multiValueHeaders");
		}
		if (given instanceof Map<?, ?> map) {
			map.forEach((name, value) -> {
				if (value != null) {
					headers.put(String.valueOf(name), (value instanceof Collection<?> values && isFromOutside())
							? values.stream().map(String::valueOf).collect(Collectors.joining(",")) : value);
				}
			});
		}
		return headers;
	}

	/** Without its content. */
	@Override
	public String toString() {
		return "event of " + this.bytes.length + " bytes" + ((this.content == null) ? ", null" : "");
	}

	/**
	 * An event as a message. Its {@code toString()} shows neither payload nor headers,
	 * because errors and logs contain it, and headers include {@code authorization} and
	 * {@code cookie}.
	 */
	private static final class EventMessage extends GenericMessage<Object> {

		private static final long serialVersionUID = 1L;

		EventMessage(Object payload, Map<String, Object> headers) {
			super(payload, headers);
		}

		@Override
		public String toString() {
			return "an event with the headers " + getHeaders().keySet();
		}

	}

}
