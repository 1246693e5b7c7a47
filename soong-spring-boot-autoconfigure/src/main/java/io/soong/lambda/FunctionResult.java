package io.soong.lambda;

import java.io.ByteArrayOutputStream;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

import org.springframework.cloud.function.adapter.aws.AWSLambdaUtils;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;

/**
 * What a function returned, as JSON. Spring Cloud Function's own reading of results
 * writes a whole number among several as base64, and decimals by way of {@code double}.
 * Text that is JSON counts as JSON, as it does there.
 *
 * @param json writes JSON
 * @param output the function's output type, or {@code null} for a consumer
 */
record FunctionResult(EventJson json, @Nullable Type output) {

	/**
	 * Returns the answer to an event.
	 * @param request the event
	 * @param result the function's result, or {@code null} if there is none
	 */
	byte[] answer(Message<?> request, @Nullable Object result) {
		return AWSLambdaUtils.generateOutput(request, (result != null) ? message(result) : null, this.json.mapper(),
				this.output);
	}

	/**
	 * Returns the answer to an array, which is an array with the result for each element.
	 * The headers are those of the last result.
	 * @param request the event
	 * @param results the function's results
	 */
	byte[] answerToAll(Message<?> request, List<@Nullable Object> results) {
		List<byte[]> parts = new ArrayList<>();
		Message<?> last = null;
		for (Object result : results) {
			Message<?> message = message(result);
			parts.add((message != null) ? json(message.getPayload()) : EventJson.bytes(null));
			last = (message != null) ? message : last;
		}
		return answer(request, withHeaders(array(parts), last));
	}

	/**
	 * Waits for the items if the result is a publisher.
	 * @return the result as a message, or {@code null} if there is none
	 */
	@Nullable Message<?> message(@Nullable Object result) {
		if (!(result instanceof Publisher<?> publisher)) {
			return (Message<?>) result;
		}
		List<byte[]> parts = new ArrayList<>();
		Message<?> last = null;
		Object single = null;
		for (Object item : Flux.from(publisher).toIterable()) {
			last = (item instanceof Message<?> message) ? message : last;
			single = (item instanceof Message<?> message) ? message.getPayload() : item;
			parts.add(json(single));
		}
		if (single instanceof byte[] bytes && parts.size() == 1) {
			return withHeaders(bytes, last);
		}
		return parts.isEmpty() ? null : withHeaders((parts.size() == 1) ? parts.get(0) : array(parts), last);
	}

	private byte[] json(Object value) {
		if (value instanceof byte[] bytes) {
			return isJson(bytes) ? bytes : EventJson.bytes(Base64.getEncoder().encodeToString(bytes));
		}
		byte[] written = this.json.mapper().toJson(value);
		return (written != null) ? written : this.json.mapper().toString(value).getBytes(StandardCharsets.UTF_8);
	}

	private boolean isJson(byte[] bytes) {
		try {
			this.json.read("The result", bytes);
			return true;
		}
		catch (UnreadableEventException ex) {
			return false;
		}
	}

	private static byte[] array(List<byte[]> parts) {
		ByteArrayOutputStream array = new ByteArrayOutputStream();
		array.write('[');
		for (int i = 0; i < parts.size(); i++) {
			if (i > 0) {
				array.write(',');
			}
			array.writeBytes(parts.get(i));
		}
		array.write(']');
		return array.toByteArray();
	}

	private static Message<byte[]> withHeaders(byte[] payload, @Nullable Message<?> message) {
		MessageBuilder<byte[]> builder = MessageBuilder.withPayload(payload);
		return ((message != null) ? builder.copyHeaders(message.getHeaders()) : builder).build();
	}

}
