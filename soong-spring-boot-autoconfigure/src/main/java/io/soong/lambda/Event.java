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
import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;

/**
 * An event as Lambda delivers it, and the message made of it. Headers that an HTTP caller
 * sends are data: headers that control Spring Cloud Function are left out.
 */
final class Event {

	static final String SUBJECT = "The event";

	/** Marks a message as an HTTP request, to Spring Cloud Function too. */
	static final String HTTP = "aws-api-gateway";

	static final String DEFINITION = "spring.cloud.function.definition";

	/**
	 * The parts of Spring's messages; any other object is a value, whatever its parts.
	 */
	private static final Set<String> MESSAGE = Set.of("payload", "headers");

	/**
	 * Headers with a meaning to Spring Cloud Function or its message converters, in lower
	 * case.
	 */
	private static final Set<String> STEERING = Set.of(HTTP, "aws-event", AWSLambdaUtils.AWS_CONTEXT,
			ArrayElements.HEADER, "records", "statuscode", "isbase64encoded", "contenttype", "expected-content-type",
			"scf-func-name", "scf-sink-url", "message-type", "source-type", "target-protocol", "partitionkey",
			"replychannel", "errorchannel", "spring.cloud.stream.sendto.destination", DEFINITION,
			"spring.cloud.function.routing-expression");

	private final byte[] bytes;

	private final @Nullable Object content;

	private final Map<?, ?> envelope;

	private final boolean http;

	private Event(byte[] bytes, @Nullable Object content, Map<?, ?> envelope, boolean http) {
		this.bytes = bytes;
		this.content = content;
		this.envelope = envelope;
		this.http = http;
	}

	/**
	 * Reads an event.
	 * @throws UnreadableEventException if it is not JSON
	 */
	static Event of(byte[] bytes, EventJson json) {
		if (EventJson.isBlank(bytes)) {
			throw new UnreadableEventException("The event is empty");
		}
		Object content = json.read(SUBJECT, bytes);
		Map<?, ?> envelope = (content instanceof Map<?, ?> map) ? map : Map.of();
		if (isApi(envelope)) {
			return new Event(bytes, content, envelope, true);
		}
		Object payload = (MESSAGE.containsAll(envelope.keySet())) ? envelope.get("payload") : null;
		return (payload != null) ? new Event(EventJson.bytes(payload), payload, envelope, false)
				: new Event(bytes, content, envelope, false);
	}

	private static boolean isApi(Map<?, ?> envelope) {
		return envelope.containsKey("httpMethod")
				|| (envelope.containsKey("routeKey") && envelope.containsKey("version"));
	}

	/**
	 * Returns the event as a function gets it that takes the body of HTTP requests, not
	 * the envelope. Spring Cloud Function does not know requests from VPC Lattice, so
	 * that a function of the envelope writes the whole response to them.
	 */
	Event forBody() {
		return isFromLattice() ? new Event(this.bytes, this.content, this.envelope, true) : this;
	}

	/**
	 * Returns whether it is a request from API Gateway (REST or HTTP API), a function
	 * URL, a load balancer or VPC Lattice, whose response has a status, headers and a
	 * body.
	 */
	boolean isHttp() {
		return this.http;
	}

	boolean isArray() {
		return this.content instanceof Collection<?>;
	}

	/**
	 * Returns the elements if the event, or the body of the HTTP request, is an array.
	 * @return the elements, or {@code null} if it is none
	 */
	@Nullable ArrayElements elements(EventJson json) {
		if (this.http) {
			return new HttpBody(this).elements(json);
		}
		return (this.content instanceof List<?> values) ? new ArrayElements(SUBJECT, this.bytes, values, json) : null;
	}

	/**
	 * Returns whether it is a request from VPC Lattice, in either version of its format.
	 */
	private boolean isFromLattice() {
		return this.envelope.containsKey("method") && (this.envelope.containsKey("raw_path")
				|| (this.envelope.get("requestContext") instanceof Map<?, ?> context
						&& context.containsKey("serviceNetworkArn")));
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
	 * @param elements the value of the header by which Spring Cloud Function finds the
	 * elements of an array, if it is one
	 * @param chosenByHeader whether a header may name the function
	 */
	Message<byte[]> message(@Nullable Context context, @Nullable Object elements, boolean chosenByHeader) {
		return message(this.bytes, context, elements, chosenByHeader);
	}

	/**
	 * Returns the message to call the function with for one element of an array.
	 */
	Message<byte[]> message(byte[] payload, @Nullable Context context, @Nullable Object elements,
			boolean chosenByHeader) {
		Map<String, Object> headers = headers();
		if (isFromOutside()) {
			headers.keySet()
				.removeIf((name) -> isSteering(name)
						&& !(chosenByHeader && isHttp() && DEFINITION.equalsIgnoreCase(name)));
		}
		if (isHttp()) {
			headers.put(HTTP, true);
		}
		if (elements != null) {
			headers.put(ArrayElements.HEADER, elements);
		}
		if (context != null) {
			headers.put(AWSLambdaUtils.AWS_CONTEXT, context);
		}
		return new EventMessage(payload, headers);
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
	private static final class EventMessage extends GenericMessage<byte[]> {

		private static final long serialVersionUID = 1L;

		EventMessage(byte[] payload, Map<String, Object> headers) {
			super(payload, headers);
		}

		@Override
		public String toString() {
			return "an event with the headers " + getHeaders().keySet();
		}

	}

}
