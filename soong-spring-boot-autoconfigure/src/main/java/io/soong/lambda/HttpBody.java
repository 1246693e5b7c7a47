package io.soong.lambda;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;

import org.springframework.cloud.function.json.JsonMapper;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.util.MimeType;

/**
 * The body of an HTTP request, taken from the envelope of API Gateway, a function URL or
 * a load balancer, and decoded from base64.
 */
final class HttpBody {

	static final String SUBJECT = "The body";

	/** A String, bytes, or, in events written by hand, JSON itself. */
	private final @Nullable Object content;

	private final Event event;

	HttpBody(Event event) {
		this.event = event;
		Object body = event.get("body");
		boolean encoded = body != null && Boolean.parseBoolean(String.valueOf(event.get("isBase64Encoded")));
		this.content = (encoded) ? decode(String.valueOf(body)) : body;
	}

	private static byte[] decode(String body) {
		try {
			return Base64.getDecoder().decode(body);
		}
		catch (IllegalArgumentException ex) {
			throw new UnreadableEventException("The body is said to be encoded as base64, but is not");
		}
	}

	private boolean isEmpty() {
		return this.content == null || (this.content instanceof String text && text.isBlank())
				|| (this.content instanceof byte[] bytes && bytes.length == 0);
	}

	/**
	 * Returns the body in the form that the function takes.
	 * @throws UnreadableEventException if it cannot be converted
	 */
	Object bind(Type type, JsonMapper json) {
		if (type == String.class) {
			return text(json);
		}
		if (isEmpty() || this.content == null) {
			throw new UnreadableEventException("The request has no body, but the function takes one");
		}
		return EventConverter.bind(SUBJECT, this.content, type, json);
	}

	/**
	 * Returns the elements if the body is an array. Spring Cloud Function calls a
	 * function with a single-element parameter for each of them.
	 * @return the elements, or {@code null} if it is none
	 */
	@Nullable List<Object> elements(JsonMapper json) {
		Object content = this.content;
		if (content == null || !(content instanceof List<?> || JsonMapper.isJsonStringRepresentsCollection(content))) {
			return null;
		}
		List<?> list = (content instanceof List<?> given) ? given : Exact.list(content);
		if (list.contains(null)) {
			throw new UnreadableEventException("The body is an array with null in it, but the function takes a value");
		}
		return List.copyOf(list);
	}

	private String text(JsonMapper json) {
		if (this.content == null) {
			return "";
		}
		if (this.content instanceof String text) {
			return text;
		}
		byte[] bytes = (this.content instanceof byte[] decoded) ? decoded : json.toJson(this.content);
		Charset charset = charset();
		try {
			return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
		}
		catch (CharacterCodingException ex) {
			throw new UnreadableEventException("The body is not text in " + charset
					+ ", but the function takes a String. One that takes the whole event gets it as base64");
		}
	}

	/**
	 * Returns the request's character set, or UTF-8.
	 */
	private Charset charset() {
		String contentType = this.event.header("content-type");
		try {
			Charset charset = (contentType != null) ? MimeType.valueOf(contentType).getCharset() : null;
			return (charset != null) ? charset : StandardCharsets.UTF_8;
		}
		catch (InvalidMimeTypeException ex) {
			return StandardCharsets.UTF_8;
		}
	}

	/**
	 * Reads decimals with all their digits, which are written again for each element.
	 */
	private static final class Exact {

		private static final ObjectReader LISTS = tools.jackson.databind.json.JsonMapper.builder()
			.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
			.build()
			.readerFor(List.class);

		static List<?> list(Object content) {
			try {
				return (content instanceof byte[] bytes) ? LISTS.readValue(bytes) : LISTS.readValue(content.toString());
			}
			catch (JacksonException ex) {
				throw UnreadableEventException.of(SUBJECT, ex);
			}
		}

	}

}
