package io.soong.jdbc;

import java.time.Duration;
import java.util.List;

import io.soong.jdbc.ConnectionObserver.Connect;
import io.soong.jdbc.ConnectionObserver.Kind;
import io.soong.jdbc.ConnectionObserver.Reason;
import io.soong.jdbc.ConnectionObserver.StepTime;
import org.jspecify.annotations.Nullable;

/**
 * The occasion on which a connection is opened, and its observer.
 *
 * @param kind the kind of occasion
 * @param reason why the connection before it ended, if there was one
 * @param observer receives the report
 */
record Occasion(Kind kind, @Nullable Reason reason, ConnectionObserver observer) {

	/**
	 * Returns the occasion of a connection that is to be lent.
	 */
	static Occasion lending(@Nullable Reason reason, ConnectionObserver observer) {
		Kind kind = (reason == null) ? Kind.COLD : (reason == Reason.RESTORE) ? Kind.RESTORE : Kind.RECONNECT;
		return new Occasion(kind, reason, observer);
	}

	/**
	 * Returns the occasion of a connection of the caller's own.
	 */
	static Occasion own(ConnectionObserver observer) {
		return new Occasion(Kind.OWN, null, observer);
	}

	void report(List<StepTime> steps, Duration taken, @Nullable String sqlState) {
		this.observer.connected(new Connect(this.kind, this.reason, steps, taken, sqlState));
	}

}
