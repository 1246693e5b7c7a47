package io.soong.jdbc;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Says whether, and after which pause, another attempt to connect is worth it.
 */
@FunctionalInterface
interface RetryPolicy {

	/**
	 * Returns how long to wait before the next attempt.
	 * @param failure what the last attempt failed with
	 * @param attempts what is known of the attempts so far
	 * @return the pause, which may be longer than the time that is left, or {@code null}
	 * if another attempt would fail as well
	 */
	@Nullable Duration pauseAfter(SoongConnectionException failure, Attempts attempts);

	/**
	 * The attempts to open one connection.
	 *
	 * @param made how many were made
	 * @param loggedInBefore whether the same credentials provider has logged in before
	 * @param lastPause the pause before the last attempt, zero if that was the first
	 * @param spent the time since the first attempt began
	 * @param left the time that is left for further attempts
	 */
	record Attempts(int made, boolean loggedInBefore, Duration lastPause, Duration spent, Duration left) {

	}

}
