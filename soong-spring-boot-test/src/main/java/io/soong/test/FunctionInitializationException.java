package io.soong.test;

/**
 * A function could not be initialized or restored. The message contains the error's type
 * and message, and the last output of the function, without stack frames.
 */
public final class FunctionInitializationException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/** The class of the exception. */
	private final String errorType;

	/** The message of the exception. */
	private final String errorMessage;

	FunctionInitializationException(String what, String errorType, String errorMessage, String log) {
		super("The function was not " + what + ": " + errorType + ": " + errorMessage
				+ (log.isEmpty() ? "" : "\nIts last output:\n" + log));
		this.errorType = errorType;
		this.errorMessage = errorMessage;
	}

	/**
	 * The class of the exception, or {@link Answer#EXITED} or {@link Answer#TIMED_OUT}.
	 * @return the type
	 */
	public String errorType() {
		return this.errorType;
	}

	/**
	 * The message of the exception.
	 * @return the message
	 */
	public String errorMessage() {
		return this.errorMessage;
	}

}
