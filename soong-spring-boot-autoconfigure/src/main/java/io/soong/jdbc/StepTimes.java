package io.soong.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

import io.soong.jdbc.ConnectionObserver.Step;
import io.soong.jdbc.ConnectionObserver.StepTime;
import org.jspecify.annotations.Nullable;

/**
 * Times the steps of the attempts to connect. Used by one thread.
 */
final class StepTimes {

	private final List<StepTime> ended = new ArrayList<>(5);

	private final LongSupplier nanoTime;

	private @Nullable Step step;

	private long since;

	StepTimes(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/**
	 * Begins a step, which completes the one before it.
	 */
	void begin(Step next) {
		end(true);
		this.step = next;
		this.since = this.nanoTime.getAsLong();
	}

	/**
	 * Replaces the step in progress by the actual one: without encryption, the login
	 * follows directly after the server is reached.
	 */
	void correct(Step actual) {
		if (this.step != null) {
			this.step = actual;
		}
	}

	/**
	 * Ends the step in progress, if there is one.
	 */
	void end(boolean completed) {
		Step step = this.step;
		if (step != null) {
			this.step = null;
			this.ended.add(new StepTime(step, Duration.ofNanos(this.nanoTime.getAsLong() - this.since), completed));
		}
	}

	List<StepTime> ended() {
		return this.ended;
	}

}
