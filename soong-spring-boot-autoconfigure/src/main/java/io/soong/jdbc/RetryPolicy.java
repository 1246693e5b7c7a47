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
	 * @param attempts how many there were
	 * @return the pause, or {@code null} if another attempt would fail as well
	 */
	@Nullable Duration pauseAfter(SoongConnectionException failure, int attempts);

}
