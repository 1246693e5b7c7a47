package io.soong.test;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import org.jspecify.annotations.Nullable;

/**
 * The report of a function's exception in the runtime's format:
 * {@code {"errorMessage":"...","errorType":"...","stackTrace":[...]}}.
 *
 * @param type the exception's class, or empty
 * @param message the exception's message, or empty
 * @param json the whole report
 */
record ErrorReport(String type, String message, String json) {

	/** Of AWS' runtime, so that an application needs no JSON library. */
	private static final PojoSerializer<Object> JSON = JacksonFactory.getInstance().getSerializer(Object.class);

	/**
	 * Reads a report.
	 * @param body the report; anything but a JSON object is a report without type and
	 * message
	 */
	static ErrorReport parse(byte[] body) {
		String json = new String(body, StandardCharsets.UTF_8);
		try {
			Map<?, ?> fields = (JSON.fromJson(json) instanceof Map<?, ?> object) ? object : Map.of();
			return new ErrorReport(text(fields.get("errorType")), text(fields.get("errorMessage")), json);
		}
		catch (UncheckedIOException ex) {
			return new ErrorReport("", "", json);
		}
	}

	private static String text(@Nullable Object value) {
		return (value != null) ? value.toString() : "";
	}

}
