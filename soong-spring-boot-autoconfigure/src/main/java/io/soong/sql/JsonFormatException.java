package io.soong.sql;

/**
 * Json cannot be read or written. Its message never holds what stands in the json; its
 * cause, the library's own exception, may.
 */
final class JsonFormatException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	JsonFormatException(String message, Throwable cause) {
		super(message, cause);
	}

}
