package io.soong.jdbc;

import java.time.Duration;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

/**
 * Retries failures that may pass.
 * <p>
 * When the server limits logins ({@code 53300}, and {@code 28000}, which RDS also returns
 * above about 200 logins a second), the pauses are decorrelated: the next pause is random
 * between 0.5 s and three times the last, at most 5 s. In simulations this policy used
 * all of the server's capacity with the fewest attempts. Other failures are retried after
 * random pauses below a limit that grows from 100 ms to 3 s ("full jitter").
 * <p>
 * A refused token is retried until the time is up if the credentials provider has logged
 * in before, otherwise for about 10 s, because it may be refused for good. Thread-safe.
 *
 * @see <a href=
 * "https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">Exponential
 * backoff and jitter</a>
 */
final class Backoff {

	private static final long FIRST_MILLIS = 100;

	private static final long LONGEST_MILLIS = 3000;

	private static final long DECORRELATED_SHORTEST_MILLIS = 500;

	private static final long DECORRELATED_LONGEST_MILLIS = 5000;

	/** Reserved for the last attempt, so that the time does not end in a pause. */
	private static final Duration LAST_ATTEMPT = Duration.ofMillis(500);

	/** How long to retry a token that may be refused for good. */
	private static final Duration FIRST_LOGIN = Duration.ofSeconds(10);

	private final RandomGenerator random;

	/**
	 * Creates a policy.
	 * @param random must differ between clones of a snapshot, as a generator that takes
	 * its seed from the system each time
	 */
	Backoff(RandomGenerator random) {
		this.random = random;
	}

	/**
	 * Returns how long to wait before the next attempt.
	 * @param failure the failure of the last attempt
	 * @param attempts the attempts so far
	 * @return the pause, which may exceed the time left, or {@code null} if another
	 * attempt would fail as well
	 */
	@Nullable Duration pauseAfter(SoongConnectionException failure, Attempts attempts) {
		if (!failure.isTransient()) {
			return null;
		}
		return switch (String.valueOf(failure.getSQLState())) {
			case SqlStates.TOO_MANY_CONNECTIONS -> decorrelated(attempts.lastPause(), attempts.left());
			case SqlStates.INVALID_AUTHORIZATION ->
				(TemporaryRefusal.isRefusedToken(failure) && !attempts.loggedInBefore()) ? untilRefused(attempts)
						: decorrelated(attempts.lastPause(), attempts.left());
			default -> jittered(attempts.made());
		};
	}

	private @Nullable Duration untilRefused(Attempts attempts) {
		Duration left = FIRST_LOGIN.minus(attempts.spent());
		Duration pause = decorrelated(attempts.lastPause(), left);
		return (pause.compareTo(left) < 0) ? pause : null;
	}

	/**
	 * Returns a pause that leaves time for a last attempt, if possible.
	 */
	private Duration decorrelated(Duration lastPause, Duration left) {
		long longest = Math.max(DECORRELATED_SHORTEST_MILLIS, lastPause.toMillis()) * 3;
		longest = Math.min(Math.min(longest, DECORRELATED_LONGEST_MILLIS), left.minus(LAST_ATTEMPT).toMillis());
		return Duration.ofMillis(this.random.nextLong(DECORRELATED_SHORTEST_MILLIS,
				Math.max(DECORRELATED_SHORTEST_MILLIS, longest) + 1));
	}

	private Duration jittered(int attempts) {
		long longest = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(attempts - 1, 10));
		return Duration.ofMillis(this.random.nextLong(longest + 1));
	}

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
