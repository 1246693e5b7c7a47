package io.soong.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

import io.soong.jdbc.ConnectionObserver.Connect;
import io.soong.jdbc.ConnectionObserver.Kind;
import io.soong.jdbc.ConnectionObserver.Reason;
import io.soong.jdbc.ConnectionObserver.Step;
import io.soong.jdbc.ConnectionObserver.StepTime;
import org.jspecify.annotations.Nullable;

/**
 * What an observer is told about the opening of a connection: the occasion, and the time
 * that each step of each attempt took. Used by one thread.
 */
final class ConnectReport {

	private final Kind kind;

	private final @Nullable Reason reason;

	private final ConnectionObserver observer;

	private final LongSupplier nanoTime;

	private final List<StepTime> ended = new ArrayList<>(5);

	private @Nullable Step step;

	private long since;

	ConnectReport(Kind kind, @Nullable Reason reason, ConnectionObserver observer, LongSupplier nanoTime) {
		this.kind = kind;
		this.reason = reason;
		this.observer = observer;
		this.nanoTime = nanoTime;
	}

	/**
	 * Returns the report on a connection that is to be lent, or {@code null} if nobody
	 * observes it.
	 * @param reason why the connection before it ended, if there was one
	 */
	static @Nullable ConnectReport lending(@Nullable Reason reason, @Nullable ConnectionObserver observer) {
		return of((reason == null) ? Kind.COLD : (reason == Reason.RESTORE) ? Kind.RESTORE : Kind.RECONNECT, reason,
				observer);
	}

	/**
	 * Returns the report on a connection of the caller's own, or {@code null} if nobody
	 * observes it.
	 */
	static @Nullable ConnectReport own(@Nullable ConnectionObserver observer) {
		return of(Kind.OWN, null, observer);
	}

	private static @Nullable ConnectReport of(Kind kind, @Nullable Reason reason,
			@Nullable ConnectionObserver observer) {
		return (observer != null) ? new ConnectReport(kind, reason, observer, Budget.NANO_TIME) : null;
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

	void end(boolean completed) {
		Step step = this.step;
		if (step != null) {
			this.step = null;
			this.ended.add(new StepTime(step, Duration.ofNanos(this.nanoTime.getAsLong() - this.since), completed));
		}
	}

	void send(Duration taken, @Nullable String sqlState) {
		this.observer.connected(new Connect(this.kind, this.reason, this.ended, taken, sqlState));
	}

}
