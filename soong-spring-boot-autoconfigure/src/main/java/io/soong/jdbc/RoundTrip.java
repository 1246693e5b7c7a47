package io.soong.jdbc;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A round trip to the server for an invocation, in one of the states that the deadline
 * can put it in.
 */
sealed interface RoundTrip {

	Invocation invocation();

	Thread thread();

	/**
	 * Began in time; the deadline has not come.
	 */
	record Running(Invocation invocation, Thread thread) implements RoundTrip {

	}

	/**
	 * A rollback that began within the deadline's margin. It may take half of the margin.
	 */
	record LastRollback(Invocation invocation, Thread thread) implements RoundTrip {

	}

	/**
	 * Ran past the deadline: the {@link Watchdog} sent a cancel request, or cut the
	 * connection. Thread-safe.
	 */
	final class Overrun implements RoundTrip {

		private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.OPEN);

		private final CountDownLatch requested = new CountDownLatch(1);

		private final Invocation invocation;

		private final Thread thread;

		private volatile boolean delivered;

		Overrun(RoundTrip roundTrip) {
			this.invocation = roundTrip.invocation();
			this.thread = roundTrip.thread();
		}

		@Override
		public Invocation invocation() {
			return this.invocation;
		}

		@Override
		public Thread thread() {
			return this.thread;
		}

		/**
		 * Sends the cancel request in a thread of its own, because a server that does not
		 * answer must not keep the watchdog from other connections.
		 */
		void cancel(CancellableConnection connection) {
			Thread thread = new Thread(() -> {
				this.delivered = connection.cancel();
				this.requested.countDown();
			}, "soong-cancel");
			thread.setDaemon(true);
			thread.start();
		}

		/**
		 * Cuts the connection, unless the round trip has ended normally.
		 * @return whether the connection is cut
		 */
		boolean cut(CancellableConnection connection) {
			if (this.stage.compareAndSet(Stage.OPEN, Stage.CUT)) {
				connection.cut();
			}
			return this.stage.get() != Stage.OVER;
		}

		/**
		 * Returns {@code true} once, for the caller that reports that the cut had no
		 * effect.
		 */
		boolean isToBeReported() {
			return this.stage.compareAndSet(Stage.CUT, Stage.REPORTED);
		}

		/**
		 * Returns whether the connection is safe to use after the server reported a
		 * cancelled statement. It is safe once the server has processed the cancel
		 * request, which can then no longer hit the next statement. Waits for that,
		 * because the report may arrive first.
		 * @param nanos how long to wait at most
		 */
		boolean isOver(long nanos) {
			try {
				return this.requested.await(nanos, TimeUnit.NANOSECONDS) && this.delivered
						&& this.stage.compareAndSet(Stage.OPEN, Stage.OVER);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return false;
			}
		}

		private enum Stage {

			OPEN, OVER, CUT, REPORTED

		}

	}

}
