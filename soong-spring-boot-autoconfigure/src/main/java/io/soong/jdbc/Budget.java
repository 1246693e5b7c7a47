package io.soong.jdbc;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The rest of a time span. Measured by the monotonic clock, because nothing that a budget
 * limits outlives a freeze.
 */
final class Budget {

	/** The system's monotonic clock. */
	static final LongSupplier NANO_TIME = System::nanoTime;

	/** No limit; small enough to be added to a point in time. */
	static final Duration FOR_EVER = Duration.ofDays(36_500);

	private final Duration total;

	private final LongSupplier nanoTime;

	private final long start;

	Budget(Duration total) {
		this(total, NANO_TIME);
	}

	Budget(Duration total, LongSupplier nanoTime) {
		this.total = total;
		this.nanoTime = nanoTime;
		this.start = nanoTime.getAsLong();
	}

	Duration spent() {
		return Duration.ofNanos(this.nanoTime.getAsLong() - this.start);
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
		return new Budget((left.compareTo(limit) < 0) ? left : limit, this.nanoTime);
	}

	/**
	 * Returns {@link #millisAtMost(Duration)} in whole seconds, rounded up, for the
	 * driver.
	 */
	int secondsAtMost(Duration limit) {
		return (millisAtMost(limit) + 999) / 1000;
	}

}
