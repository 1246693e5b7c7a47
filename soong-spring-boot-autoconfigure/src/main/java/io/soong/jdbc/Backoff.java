package io.soong.jdbc;

import java.time.Duration;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

/**
 * Retries what may pass by itself, after pauses that grow from 100 ms to 3 s and of which
 * a random part is waited ("full jitter"), so that hundreds of functions that lost their
 * connections at one moment do not come back at one moment. A refused token is tried once
 * more: RDS' own check of it fails now and then, and throttles.
 *
 * @see <a href=
 * "https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">Exponential
 * backoff and jitter</a>
 */
final class Backoff implements RetryPolicy {

	private static final long FIRST_MILLIS = 100;

	private static final long LONGEST_MILLIS = 3000;

	private static final long TOKEN_SHORTEST_MILLIS = 250;

	private static final long TOKEN_LONGEST_MILLIS = 1500;

	private final RandomGenerator random;

	/**
	 * Creates a policy.
	 * @param random must differ between clones of a snapshot, as a generator that takes
	 * its seed from the system each time
	 */
	Backoff(RandomGenerator random) {
		this.random = random;
	}

	@Override
	public @Nullable Duration pauseAfter(SoongConnectionException failure, int attempts) {
		if ("28000".equals(failure.getSQLState())) {
			return (attempts == 1)
					? Duration.ofMillis(this.random.nextLong(TOKEN_SHORTEST_MILLIS, TOKEN_LONGEST_MILLIS + 1)) : null;
		}
		if (!failure.isTransient()) {
			return null;
		}
		long longest = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(attempts - 1, 10));
		return Duration.ofMillis(this.random.nextLong(longest + 1));
	}

}
