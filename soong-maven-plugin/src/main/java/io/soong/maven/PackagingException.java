package io.soong.maven;

/**
 * Says what a project lacks to be packaged, and how to fix it.
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
