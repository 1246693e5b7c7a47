package io.soong.lambda;

import java.io.InputStream;
import java.lang.reflect.Type;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.cloud.function.context.config.MessageConverterHelper;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.SmartMessageConverter;

/**
 * Converts an event, or the body of an HTTP event, to a function's parameter, or says why
 * it cannot be converted. After a failure, Spring Cloud Function's own converters try the
 * next one until one binds the envelope, which leaves every component of a record empty.
 * Parameters that take the whole event are left to those converters. Thread-safe.
 *
 * @param json reads JSON
 * @param readsEvents whether to read events other than HTTP requests, too
 */
record EventConverter(EventJson json, boolean readsEvents) implements SmartMessageConverter, MessageConverterHelper {

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
		Object payload = message.getPayload();
		boolean http = Boolean.TRUE.equals(headers.get(Event.HTTP));
		if ((http) ? FunctionSignature.isEnvelope(targetClass) : !isReadable(targetClass)) {
			return null;
		}
		ArrayElements elements = ArrayElements.in(headers);
		Object element = (elements != null) ? elements.bind(payload, type) : null;
		if (element != null) {
			return element;
		}
		if (http) {
			return new HttpBody(Event.of(EventJson.bytes(payload), this.json)).bind(type, this.json);
		}
		return this.json.bind(Event.SUBJECT, EventJson.bytes(payload), type);
	}

	/**
	 * Any event is JSON, whatever a header of it says.
	 */
	private boolean isReadable(@Nullable Class<?> targetClass) {
		return this.readsEvents && targetClass != String.class
				&& (targetClass == Map.class || !FunctionSignature.isEnvelope(targetClass));
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
