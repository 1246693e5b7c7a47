package io.soong.lambda;

import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;

import org.springframework.util.StringUtils;

/**
 * An event, or the body of an HTTP request, that cannot be converted to the function's
 * parameter. The message says where and why, and never shows a value. It has no stack
 * trace, because the cause is the input, and callers may send many of them.
 */
final class UnreadableEventException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	private static final int LONGEST_PATH = 120;

	UnreadableEventException(String message) {
		super(message);
	}

	/**
	 * Explains why JSON could not be bound.
	 * @param subject the input, as the start of a sentence: "The event"
	 * @param failure the exception of the JSON library
	 */
	static UnreadableEventException of(String subject, RuntimeException failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof UnreadableEventException ex) {
				return ex;
			}
			if (cause instanceof StreamReadException ex && !(cause instanceof InputCoercionException)) {
				return new UnreadableEventException(subject + " is not valid JSON" + position(ex));
			}
			if (cause instanceof JacksonException ex) {
				String refusal = refusal(ex);
				String reason = (refusal != null)
						? "is refused: " + refusal + ". Correct " + StringUtils.uncapitalize(subject) : mismatch(ex);
				return new UnreadableEventException(
						subject + " does not fit the function: " + path(ex.getPath()) + " " + reason);
			}
		}
		return new UnreadableEventException(subject + " does not fit the function");
	}

	private static String position(JacksonException ex) {
		TokenStreamLocation location = ex.getLocation();
		return (location != null && location.getLineNr() > 0)
				? " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")" : "";
	}

	/**
	 * Returns the path of property names, which may come from the caller. It is empty for
	 * the value as a whole.
	 */
	private static String path(List<JacksonException.Reference> references) {
		StringBuilder path = new StringBuilder();
		for (JacksonException.Reference reference : references) {
			if (reference.getPropertyName() != null) {
				path.append(path.isEmpty() ? "" : ".").append(reference.getPropertyName());
			}
			else {
				path.append('[').append(reference.getIndex()).append(']');
			}
		}
		if (path.isEmpty()) {
			return "the value";
		}
		String shown = path.toString().replaceAll("[^\\x20-\\x7E]", "?");
		return "'" + ((shown.length() > LONGEST_PATH) ? shown.substring(0, LONGEST_PATH) + "..." : shown) + "'";
	}

	private static String mismatch(JacksonException ex) {
		if (ex instanceof UnrecognizedPropertyException) {
			return "is not known";
		}
		Class<?> expected = (ex instanceof MismatchedInputException mismatch) ? mismatch.getTargetType()
				: (ex instanceof InputCoercionException coercion) ? coercion.getTargetType() : null;
		return (expected != null) ? "is not a valid " + expected.getSimpleName() : "is not valid";
	}

	/**
	 * Returns why a constructor refused its arguments, or {@code null} if none did.
	 * Messages of the JVM name classes and methods, and are not for callers.
	 */
	private static @Nullable String refusal(JacksonException ex) {
		if (!(ex instanceof ValueInstantiationException instantiation)) {
			return null;
		}
		Throwable cause = ex.getCause();
		String message = (cause != null) ? cause.getMessage() : null;
		boolean byCode = cause instanceof IllegalArgumentException
				|| (cause instanceof NullPointerException && message != null && !message.startsWith("Cannot "));
		if (byCode && message != null && !message.isBlank()) {
			return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
		}
		return "the constructor of " + instantiation.getType().getRawClass().getSimpleName() + " failed";
	}

	@Override
	public Throwable fillInStackTrace() {
		return this;
	}

}
