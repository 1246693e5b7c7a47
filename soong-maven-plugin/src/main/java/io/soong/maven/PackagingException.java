package io.soong.maven;

/**
 * A project cannot be packaged. The message says what is missing and how to fix it.
 */
final class PackagingException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	PackagingException(String message) {
		super(message);
	}

	PackagingException(String message, Throwable cause) {
		super(message, cause);
	}

}
