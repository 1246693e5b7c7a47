package io.soong.lambda;

import java.lang.reflect.Type;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;

import org.springframework.cloud.function.json.JacksonMapper;
import org.springframework.cloud.function.json.JsonMapper;
import org.springframework.core.ResolvableType;

/**
 * Reads and writes the JSON of events and answers with the application's JSON library. A
 * number that passes through keeps all its digits. Thread-safe.
 *
 * @param mapper the JSON library
 * @param trees reads maps, lists and values
 */
record EventJson(JsonMapper mapper, ObjectReader trees) {

	/**
	 * Uses a JSON library.
	 * @param mapper the application's
	 * @param acceptFloatAsInt whether a number with a fraction is read for an integer,
	 * which Jackson would truncate
	 */
	static EventJson of(JsonMapper mapper, boolean acceptFloatAsInt) {
		if (!(mapper instanceof JacksonMapper jackson)) {
			return new EventJson(mapper, trees(Plain.MAPPER));
		}
		ObjectMapper exact = (acceptFloatAsInt) ? jackson.getObjectMapper()
				: jackson.getObjectMapper().rebuild().disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT).build();
		return new EventJson(new JacksonMapper(exact), trees(exact));
	}

	private static ObjectReader trees(ObjectMapper mapper) {
		return mapper.readerFor(Object.class).with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
	}

	/**
	 * Returns whether text, or bytes, hold nothing but blanks.
	 */
	static boolean isBlank(Object content) {
		if (content instanceof byte[] bytes) {
			for (byte each : bytes) {
				if (" \t\r\n".indexOf(each) < 0) {
					return false;
				}
			}
			return true;
		}
		return content instanceof String text && text.isBlank();
	}

	/**
	 * Reads JSON as maps, lists and values.
	 * @param subject the input, as the start of a sentence: "The event"
	 * @throws UnreadableEventException if it is not JSON
	 */
	@Nullable Object read(String subject, Object content) {
		try {
			return (content instanceof byte[] bytes) ? this.trees.readValue(bytes)
					: this.trees.readValue(content.toString());
		}
		catch (RuntimeException ex) {
			throw UnreadableEventException.of(subject, ex);
		}
	}

	/**
	 * Reads a value.
	 * @param content a String or bytes; anything else is a value as {@code read} returns
	 * it
	 * @throws UnreadableEventException if it does not bind, or is null
	 */
	Object bind(String subject, Object content, Type type) {
		Object bound;
		try {
			bound = this.mapper.fromJson((content instanceof String) ? content : bytes(content), type);
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
	 * Reads all elements of an array.
	 * @throws UnreadableEventException if one does not bind, or is null
	 */
	List<Object> bindElements(String subject, Object content, Type type) {
		Type list = ResolvableType.forClassWithGenerics(List.class, ResolvableType.forType(type)).getType();
		List<?> bound = (List<?>) bind(subject, content, list);
		int missing = bound.indexOf(null);
		if (missing >= 0) {
			throw new UnreadableEventException(subject + " does not fit the function: '[" + missing
					+ "]' is null, but the function takes a value");
		}
		return List.copyOf(bound);
	}

	/**
	 * Writes what {@code read} returned, also where the application leaves out nulls.
	 * Bytes are JSON already.
	 */
	static byte[] bytes(@Nullable Object value) {
		return (value instanceof byte[] bytes) ? bytes : Plain.MAPPER.writeValueAsBytes(value);
	}

	/** Loaded for arrays and messages only. */
	private static final class Plain {

		private static final ObjectMapper MAPPER = new ObjectMapper();

	}

}
