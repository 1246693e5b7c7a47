package io.soong.jdbc;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * A monotonic clock that a test sets. It starts shortly before its numbers overflow, as
 * {@link System#nanoTime()} may.
 */
final class SimulatedTime implements LongSupplier {

	private static final long START = Long.MAX_VALUE - 1000;

	private final AtomicLong now = new AtomicLong(START);

	private final AtomicReference<@Nullable Runnable> onRead = new AtomicReference<>();

	/**
	 * Sets the time.
	 * @param sinceStart the time since this was created
	 * @return the time, in nanoseconds
	 */
	long set(Duration sinceStart) {
		this.now.set(START + sinceStart.toNanos());
		return this.now.get();
	}

	/**
	 * Runs something once, just before the time is read the next time.
	 */
	void beforeNextRead(Runnable action) {
		this.onRead.set(action);
	}

	@Override
	public long getAsLong() {
		Runnable action = this.onRead.getAndSet(null);
		if (action != null) {
			action.run();
		}
		return this.now.get();
	}

}
