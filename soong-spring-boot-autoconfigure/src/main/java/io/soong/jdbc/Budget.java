package io.soong.jdbc;

import java.time.Duration;

/**
 * How much of a time span is left. Measured by the monotonic clock, as nothing that a
 * budget limits outlives a freeze.
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
	 * Returns what is left, but never more than the limit, nor less than 1 (as 0 means
	 * without limit to a socket).
	 */
	int millisAtMost(Duration limit) {
		Duration left = left();
		return (int) Math.max(1, Math.min(Integer.MAX_VALUE, ((left.compareTo(limit) < 0) ? left : limit).toMillis()));
	}

	/**
	 * Returns a budget of what is left, but never of more than the limit.
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
