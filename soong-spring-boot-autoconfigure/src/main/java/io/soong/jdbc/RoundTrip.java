package io.soong.jdbc;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A round trip to the server that is under way for an invocation, by what its deadline
 * has done to it.
 */
sealed interface RoundTrip {

	Invocation invocation();

	/**
	 * Returns the thread that waits for the server's answer.
	 */
	Thread thread();

	/**
	 * Began in time, and the deadline has done nothing to it.
	 */
	record Running(Invocation invocation, Thread thread) implements RoundTrip {

	}

	/**
	 * A rollback that began within the deadline's margin, half of which it may take.
	 */
	record LastRollback(Invocation invocation, Thread thread) implements RoundTrip {

	}

	/**
	 * Ran past the deadline: the {@link Watchdog} asked the server to cancel it, or cut
	 * the connection. Thread-safe.
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
		 * Asks the server in a thread of its own, as a server that does not answer must
		 * not keep the watchdog from other connections.
		 */
		void cancel(Guarded connection) {
			Thread thread = new Thread(() -> {
				this.delivered = connection.cancel();
				this.requested.countDown();
			}, "soong-cancel");
			thread.setDaemon(true);
			thread.start();
		}

		/**
		 * Cuts the connection, unless the round trip has ended in order.
		 * @return whether the connection is cut
		 */
		boolean cut(Guarded connection) {
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
		 * Returns whether the connection is safe to use after the server said that it
		 * cancelled something: the server is done with the request to cancel, which thus
		 * cannot hit what runs next. Waits for that, as the answer may overtake it.
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
