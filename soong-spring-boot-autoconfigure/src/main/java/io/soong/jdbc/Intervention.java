package io.soong.jdbc;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What the {@link Watchdog} did to something that ran past the deadline: asked the server
 * to cancel it, or cut the connection. Thread-safe.
 */
final class Intervention {

	private final AtomicReference<Fate> fate = new AtomicReference<>(Fate.OPEN);

	private final CountDownLatch requested = new CountDownLatch(1);

	private final Invocation invocation;

	private final AtomicBoolean reported = new AtomicBoolean();

	private volatile boolean delivered;

	/**
	 * Creates an intervention that has yet to happen.
	 * @param invocation whose deadline it is
	 */
	Intervention(Invocation invocation) {
		this.invocation = invocation;
	}

	Invocation invocation() {
		return this.invocation;
	}

	/**
	 * Asks the server in a thread of its own, as a server that does not answer must not
	 * keep the watchdog from the others.
	 */
	void cancel(PhysicalConnection connection) {
		Thread thread = new Thread(() -> {
			this.delivered = connection.cancel();
			this.requested.countDown();
		}, "soong-cancel");
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * Cuts the connection, unless what ran on it came to its end.
	 */
	void cut(PhysicalConnection connection) {
		if (this.fate.compareAndSet(Fate.OPEN, Fate.CUT)) {
			connection.cut();
		}
	}

	boolean isCut() {
		return this.fate.get() == Fate.CUT;
	}

	/**
	 * Returns {@code true} once, for the one who reports that the cut had no effect.
	 */
	boolean isToBeReported() {
		return this.reported.compareAndSet(false, true);
	}

	/**
	 * Returns whether the connection is safe to use after the server said that it
	 * cancelled something: it has done with the request to, which thus cannot hit what
	 * comes next. Waits for that, but not for long, as the answer overtakes it.
	 */
	boolean isOver(long nanos) {
		try {
			return this.requested.await(nanos, TimeUnit.NANOSECONDS) && this.delivered
					&& this.fate.compareAndSet(Fate.OPEN, Fate.OVER);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private enum Fate {

		OPEN, OVER, CUT

	}

}
