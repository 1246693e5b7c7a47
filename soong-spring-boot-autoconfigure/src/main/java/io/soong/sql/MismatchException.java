package io.soong.sql;

import org.jspecify.annotations.Nullable;

/**
 * A value does not fit the requested Java type. The message is the second half of a
 * sentence and never contains the value; the code that catches it adds the column.
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
