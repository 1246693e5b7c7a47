package io.soong.test;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The result of an invocation. Immutable.
 *
 * @param payload the function's answer, or the report of its error, as JSON
 * @param errorType {@code null} without an error; otherwise the class of the exception,
 * or {@code Sandbox.Timedout} or {@code Runtime.ExitError}, as Lambda names them
 * @param errorMessage {@code null} without an error; otherwise the message of the
 * exception, or the end of the process and its last output
 * @param duration the time from the delivery of the event to the runtime until the answer
 */
public record Answer(String payload, @Nullable String errorType, @Nullable String errorMessage, Duration duration) {

	/**
	 * The type of an invocation that ran into the function's time-out.
	 */
	public static final String TIMED_OUT = "Sandbox.Timedout";

	/**
	 * The type of an invocation during which the function's process ended.
	 */
	public static final String EXITED = "Runtime.ExitError";

	/**
	 * Returns whether the function failed or timed out.
	 * @return whether there is an error
	 */
	public boolean isError() {
		return this.errorType != null;
	}

}
