package io.soong.lambda;

import java.util.Map;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;

/**
 * An event as a message. Its {@code toString()} shows neither payload nor headers,
 * because errors and logs contain it, and headers include {@code authorization} and
 * {@code cookie}.
 */
final class EventMessage implements Message<Object> {

	private final Object payload;

	private final MessageHeaders headers;

	EventMessage(Object payload, Map<String, Object> headers) {
		this.payload = payload;
		this.headers = new MessageHeaders(headers);
	}

	@Override
	public Object getPayload() {
		return this.payload;
	}

	@Override
	public MessageHeaders getHeaders() {
		return this.headers;
	}

	@Override
	public String toString() {
		return "an event with the headers " + this.headers.keySet();
	}

}
