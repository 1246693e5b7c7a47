package io.soong.lambda;

import java.util.Map;

import org.springframework.messaging.support.GenericMessage;

/**
 * An event as a message. Its {@code toString()} shows neither payload nor headers,
 * because errors and logs contain it, and headers include {@code authorization} and
 * {@code cookie}.
 */
final class EventMessage extends GenericMessage<Object> {

	private static final long serialVersionUID = 1L;

	EventMessage(Object payload, Map<String, Object> headers) {
		super(payload, headers);
	}

	@Override
	public String toString() {
		return "an event with the headers " + getHeaders().keySet();
	}

}
