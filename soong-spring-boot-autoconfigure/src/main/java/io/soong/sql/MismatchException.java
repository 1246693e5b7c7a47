package io.soong.sql;

import org.jspecify.annotations.Nullable;

/**
 * A value does not fit the Java type that was asked for. Its message is the second half
 * of a sentence and never holds the value; who catches it knows the column.
 */
final class MismatchException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	MismatchException(String message) {
		this(message, null);
	}

	/**
	 * With a cause, which may hold values.
	 */
	MismatchException(String message, @Nullable Throwable cause) {
		super(message, cause, false, false);
	}

}
