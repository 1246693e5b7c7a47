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
				return new UnreadableEventException(
						subject + " does not fit the function: " + path(ex.getPath()) + reason(ex));
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
	 * Returns the path of property names, which may come from the caller.
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
			return "";
		}
		String shown = path.toString().replaceAll("[^\\x20-\\x7E]", "?");
		return "'" + ((shown.length() > LONGEST_PATH) ? shown.substring(0, LONGEST_PATH) + "..." : shown) + "' ";
	}

	private static String reason(JacksonException ex) {
		String refusal = refusal(ex);
		if (refusal != null) {
			return "is refused: " + refusal;
		}
		if (ex instanceof UnrecognizedPropertyException) {
			return "is not known";
		}
		Class<?> expected = (ex instanceof MismatchedInputException mismatch) ? mismatch.getTargetType()
				: (ex instanceof InputCoercionException coercion) ? coercion.getTargetType() : null;
		return (expected != null) ? "is not a valid " + expected.getSimpleName() : "is not valid";
	}

	/**
	 * Returns the message with which a constructor refused its arguments. Messages of the
	 * JVM name classes and methods, and are not for callers.
	 */
	private static @Nullable String refusal(JacksonException ex) {
		if (!(ex instanceof ValueInstantiationException)) {
			return null;
		}
		Throwable cause = ex.getCause();
		boolean byCode = cause instanceof IllegalArgumentException
				|| (cause instanceof NullPointerException && !String.valueOf(cause.getMessage()).startsWith("Cannot "));
		return (byCode && cause != null && cause.getMessage() != null) ? cause.getMessage() : "its constructor failed";
	}

	@Override
	public Throwable fillInStackTrace() {
		return this;
	}

}
