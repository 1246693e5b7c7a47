package io.soong.lambda;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

import org.jspecify.annotations.Nullable;

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
		boolean encoded = body != null
				&& (isTrue(event.get("isBase64Encoded")) || isTrue(event.get("is_base64_encoded")));
		this.content = (encoded) ? decode(String.valueOf(body)) : body;
	}

	private static boolean isTrue(@Nullable Object value) {
		return Boolean.parseBoolean(String.valueOf(value));
	}

	/**
	 * Decodes base64. Bytes stay bytes, unless they are text in a named character set
	 * that JSON is not read in.
	 */
	private Object decode(String body) {
		byte[] bytes;
		try {
			bytes = Base64.getDecoder().decode(body);
		}
		catch (IllegalArgumentException ex) {
			throw new UnreadableEventException("The body is said to be encoded as base64, but is not");
		}
		Charset charset = charset();
		return (charset != null && charset != StandardCharsets.UTF_8) ? text(bytes, charset) : bytes;
	}

	private boolean isEmpty() {
		return this.content == null || EventJson.isBlank(this.content);
	}

	/**
	 * Returns the body in the form that the function takes.
	 * @throws UnreadableEventException if it cannot be converted
	 */
	Object bind(Type type, EventJson json) {
		if (type == String.class) {
			return text(json);
		}
		if (isEmpty() || this.content == null) {
			throw new UnreadableEventException("The request has no body, but the function takes one");
		}
		return json.bind(SUBJECT, this.content, type);
	}

	/**
	 * Returns the elements if the body is an array.
	 * @return the elements, or {@code null} if it is none
	 */
	@Nullable ArrayElements elements(EventJson json) {
		Object content = this.content;
		if (content == null || !startsAsArray(content)) {
			return null;
		}
		Object read = (content instanceof List<?>) ? content : json.read(SUBJECT, content);
		return (read instanceof List<?> values) ? new ArrayElements(SUBJECT, content, values, json) : null;
	}

	private static boolean startsAsArray(Object content) {
		if (content instanceof byte[] bytes) {
			for (byte each : bytes) {
				if (each == '[') {
					return true;
				}
				// Anything else that JSON may have before it, a byte order mark too
				if (each > ' ') {
					return false;
				}
			}
			return false;
		}
		return content instanceof List<?> || (content instanceof String text && text.stripLeading().startsWith("["));
	}

	private String text(EventJson json) {
		if (this.content == null) {
			return "";
		}
		return (this.content instanceof String text) ? text
				: text(EventJson.bytes(this.content), StandardCharsets.UTF_8);
	}

	private static String text(byte[] bytes, Charset charset) {
		try {
			return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
		}
		catch (CharacterCodingException ex) {
			throw new UnreadableEventException("The body is not text in " + charset
					+ ", but the function takes a String. One that takes the whole event gets it as base64");
		}
	}

	/**
	 * Returns the character set that the request names, or {@code null}.
	 */
	private @Nullable Charset charset() {
		String contentType = this.event.header("content-type");
		try {
			return (contentType != null) ? MimeType.valueOf(contentType).getCharset() : null;
		}
		catch (InvalidMimeTypeException ex) {
			return null;
		}
	}

}
