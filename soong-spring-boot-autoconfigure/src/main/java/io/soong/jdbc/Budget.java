package io.soong.jdbc;

import java.time.Duration;

/**
 * The rest of a time span. Measured by the monotonic clock, because nothing that a budget
 * limits outlives a freeze.
 */
final class Budget {

	private final long start = System.nanoTime();

	private final Duration total;

	Budget(Duration total) {
		this.total = total;
	}

	Duration spent() {
		return Duration.ofNanos(System.nanoTime() - this.start);
	}

	Duration left() {
		Duration left = this.total.minus(spent());
		return left.isNegative() ? Duration.ZERO : left;
	}

	/**
	 * Returns the time left, at most the limit and at least 1 (a socket timeout of 0
	 * means no limit).
	 */
	int millisAtMost(Duration limit) {
		Duration left = left();
		return (int) Math.max(1, Math.min(Integer.MAX_VALUE, ((left.compareTo(limit) < 0) ? left : limit).toMillis()));
	}

	/**
	 * Returns a budget of the time left, at most the limit.
	 */
	Budget atMost(Duration limit) {
		Duration left = left();
		return new Budget((left.compareTo(limit) < 0) ? left : limit);
	}

	/**
	 * Returns {@link #millisAtMost(Duration)} in whole seconds, rounded up, for the
	 * driver.
	 */
	int secondsAtMost(Duration limit) {
		return (millisAtMost(limit) + 999) / 1000;
	}

}
