package io.soong.jdbc;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Decides whether to attempt to connect again, and after which pause.
 */
@FunctionalInterface
interface RetryPolicy {

	/**
	 * Returns how long to wait before the next attempt.
	 * @param failure the failure of the last attempt
	 * @param attempts the attempts so far
	 * @return the pause, which may exceed the time left, or {@code null} if another
	 * attempt would fail as well
	 */
	@Nullable Duration pauseAfter(SoongConnectionException failure, Attempts attempts);

	/**
	 * The attempts to open one connection.
	 *
	 * @param made the number of attempts
	 * @param loggedInBefore whether the same credentials provider has logged in before
	 * @param lastPause the pause before the last attempt, zero if that was the first
	 * @param spent the time since the first attempt began
	 * @param left the time left for further attempts
	 */
	record Attempts(int made, boolean loggedInBefore, Duration lastPause, Duration spent, Duration left) {

	}

}
