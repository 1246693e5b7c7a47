package io.soong.lambda;

import java.io.InputStream;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.cloud.function.context.config.MessageConverterHelper;
import org.springframework.cloud.function.json.JsonMapper;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.SmartMessageConverter;

/**
 * Converts an event, or the body of an HTTP event, to a function's parameter, or says why
 * it cannot be converted. After a failure, Spring Cloud Function's own converters try the
 * next one until one binds the envelope, which leaves every component of a record empty.
 * Parameters that take the whole event are left to those converters. Thread-safe.
 *
 * @param json the JSON library
 * @param readsEvents whether to read events other than HTTP requests, too
 */
record EventConverter(JsonMapper json, boolean readsEvents) implements SmartMessageConverter, MessageConverterHelper {

	/**
	 * Returns whether a parameter of this type always receives the whole event.
	 */
	static boolean takesEnvelope(@Nullable Class<?> type) {
		return type == null || type.isAssignableFrom(Map.class) || type == byte[].class || type == Void.class
				|| InputStream.class.isAssignableFrom(type) || Message.class.isAssignableFrom(type)
				|| type.getName().startsWith("com.amazonaws.services.lambda.runtime.events.");
	}

	@Override
	public @Nullable Object fromMessage(Message<?> message, Class<?> targetClass) {
		return read(message, targetClass, targetClass);
	}

	@Override
	public @Nullable Object fromMessage(Message<?> message, Class<?> targetClass, @Nullable Object conversionHint) {
		return read(message, targetClass, (conversionHint instanceof Type type) ? type : targetClass);
	}

	private @Nullable Object read(Message<?> message, Class<?> targetClass, Type type) {
		MessageHeaders headers = message.getHeaders();
		if (!Boolean.TRUE.equals(headers.get(Event.HTTP))) {
			return isReadable(headers, targetClass) ? bind("The event", message.getPayload(), type) : null;
		}
		if (takesEnvelope(targetClass)) {
			return null;
		}
		if (headers.get(Event.ELEMENTS) instanceof BodyElements elements && !(message.getPayload() instanceof byte[])) {
			elements.check((element) -> bind(HttpBody.SUBJECT, element, type), type);
			return bind(HttpBody.SUBJECT, message.getPayload(), type);
		}
		Map<?, ?> envelope = this.json.fromJson(message.getPayload(), Map.class);
		return new HttpBody(Event.of(envelope)).bind(type, this.json);
	}

	private boolean isReadable(MessageHeaders headers, @Nullable Class<?> targetClass) {
		Object contentType = headers.get(MessageHeaders.CONTENT_TYPE);
		return this.readsEvents && (contentType == null || String.valueOf(contentType).startsWith("application/json"))
				&& targetClass != String.class && (targetClass == Map.class || !takesEnvelope(targetClass));
	}

	private Object bind(String subject, Object value, Type type) {
		if (value instanceof byte[] bytes && new String(bytes, StandardCharsets.UTF_8).isBlank()) {
			throw new UnreadableEventException(subject + " is empty, but the function takes a value");
		}
		return bind(subject, (value instanceof byte[]) ? value : this.json.toJson(value), type, this.json);
	}

	/**
	 * Reads JSON.
	 * @throws UnreadableEventException if it does not bind
	 */
	static Object bind(String subject, Object content, Type type, JsonMapper json) {
		Object bound;
		try {
			bound = json.fromJson(content, type);
		}
		catch (RuntimeException ex) {
			throw UnreadableEventException.of(subject, ex);
		}
		if (bound == null) {
			throw new UnreadableEventException(subject + " is null, but the function takes a value");
		}
		return bound;
	}

	/**
	 * Ends the conversion, which would otherwise try the next converter.
	 */
	@Override
	public boolean shouldFailIfCantConvert(Message<?> message, @Nullable Throwable failure) {
		if (failure instanceof UnreadableEventException ex) {
			throw ex;
		}
		return false;
	}

	@Override
	public @Nullable Message<?> toMessage(Object payload, @Nullable MessageHeaders headers) {
		return null;
	}

	@Override
	public @Nullable Message<?> toMessage(Object payload, @Nullable MessageHeaders headers,
			@Nullable Object conversionHint) {
		return null;
	}

	@Override
	public String toString() {
		return "SoongFunctionInvoker";
	}

}
