package io.soong.jdbc;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Checks lent connections at their deadlines. It has a thread only from the first loan
 * with a deadline until, at a deadline, no loan with a deadline is left. A loan in the
 * hot path costs two volatile reads: the thread waits until the first deadline it knows,
 * whether that is still relevant or not, and later deadlines do not have to wake it.
 * Thread-safe.
 */
final class Watchdog {

	private static final Log logger = LogFactory.getLog(ConnectionLog.NAME);

	/** In nanoseconds. */
	static final long NEVER = Budget.FOR_EVER.toNanos();

	private final Supplier<? extends List<? extends Watched>> watched;

	private final LongSupplier nanoTime;

	private volatile @Nullable Thread thread;

	private volatile long nextLook;

	private boolean hasNextLook;

	Watchdog(Supplier<? extends List<? extends Watched>> watched) {
		this(watched, Budget.NANO_TIME);
	}

	Watchdog(Supplier<? extends List<? extends Watched>> watched, LongSupplier nanoTime) {
		this.watched = watched;
		this.nanoTime = nanoTime;
	}

	/**
	 * Makes sure that the watchdog checks the connections at a time.
	 * @param time by {@link System#nanoTime()}
	 */
	void watch(long time) {
		if (this.thread != null && time - this.nextLook >= 0) {
			return;
		}
		synchronized (this) {
			if (!this.hasNextLook || time - this.nextLook < 0) {
				this.hasNextLook = true;
				this.nextLook = time;
				notifyAll();
			}
			if (this.thread == null) {
				start();
			}
		}
	}

	private void start() {
		// Inherits no thread-locals from the borrowing thread
		Thread thread = new Thread(null, this::run, "soong-watchdog", 0, false);
		thread.setDaemon(true);
		this.thread = thread;
		thread.start();
	}

	private void run() {
		while (sleep()) {
			long now = this.nanoTime.getAsLong();
			for (Watched connection : this.watched.get()) {
				long next = connection.checkDeadline(now);
				if (next < NEVER) {
					watch(now + next);
				}
			}
		}
	}

	/**
	 * Sleeps until the next check is due, or returns {@code false} if nothing is left to
	 * check.
	 */
	private synchronized boolean sleep() {
		try {
			while (this.hasNextLook) {
				long left = this.nextLook - this.nanoTime.getAsLong();
				if (left <= 0) {
					// A guard that is added during the check is seen after it
					this.hasNextLook = false;
					this.nextLook = this.nanoTime.getAsLong() + NEVER;
					return true;
				}
				TimeUnit.NANOSECONDS.timedWait(this, left);
			}
		}
		catch (InterruptedException ex) {
			// Not expected; the next loan starts another thread
			logger.debug("The watchdog was interrupted", ex);
		}
		this.thread = null;
		return false;
	}

	/**
	 * A connection that may have a deadline.
	 */
	interface Watched {

		/**
		 * Checks whether the deadline has come, and acts on it.
		 * @param now the time, by {@link System#nanoTime()}
		 * @return nanoseconds until the next check is due, or {@link Watchdog#NEVER}
		 */
		long checkDeadline(long now);

	}

}
