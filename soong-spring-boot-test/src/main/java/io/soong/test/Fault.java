package io.soong.test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * A fault that happens at a {@link Moment}, once or several times. Created by
 * {@link RdsLookalike#when(Moment)}. Thread-safe.
 */
public final class Fault {

	private static final long AWAIT_SECONDS = 60;

	private final Moment moment;

	private final Action action;

	private final AtomicInteger left;

	private final AtomicInteger happened = new AtomicInteger();

	private final CountDownLatch firstTime = new CountDownLatch(1);

	private Fault(Moment moment, int times, Action action) {
		this.moment = moment;
		this.left = new AtomicInteger(times);
		this.action = action;
	}

	/**
	 * How often this fault has happened.
	 * @return the number
	 */
	public int happened() {
		return this.happened.get();
	}

	/**
	 * Waits until this fault has happened at least once.
	 * @throws IllegalStateException if it does not happen within a minute
	 */
	public void await() {
		try {
			if (!this.firstTime.await(AWAIT_SECONDS, TimeUnit.SECONDS)) {
				throw new IllegalStateException(
						"The fault did not happen within " + AWAIT_SECONDS + " s. Its moment: " + this.moment);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while waiting for " + this.moment, ex);
		}
	}

	/**
	 * Disarms this fault. Its effects remain; {@link RdsLookalike#clearFaults()} ends a
	 * stall.
	 */
	public void disarm() {
		this.left.set(0);
	}

	Moment moment() {
		return this.moment;
	}

	Action action() {
		return this.action;
	}

	/**
	 * Counts one occurrence if the fault is armed.
	 * @return whether the fault happens
	 */
	boolean countOccurrence() {
		return this.left.getAndUpdate((left) -> Math.max(0, left - 1)) > 0;
	}

	void done() {
		this.happened.incrementAndGet();
		this.firstTime.countDown();
	}

	boolean isUsedUp() {
		return this.left.get() == 0;
	}

	/**
	 * The kind of fault.
	 */
	sealed interface Action {

		/**
		 * Reset the client's connection.
		 */
		record Cut() implements Action {
		}

		/**
		 * End the server's session.
		 */
		record Kill() implements Action {
		}

		/**
		 * Hold back every byte until faults are cleared.
		 */
		record Stall() implements Action {
		}

		/**
		 * Discard every byte from now on.
		 */
		record BlackHole() implements Action {
		}

		/**
		 * Continue later.
		 */
		record Delay(Duration duration) implements Action {
		}

		/**
		 * Answer with a fatal error.
		 */
		record Refuse(Message error) implements Action {
		}

		/**
		 * Run a task first.
		 */
		record Run(Runnable task) implements Action {
		}

	}

	/**
	 * Builds a fault for a moment. Each method that names a kind of fault arms another
	 * one. Of several faults for the same moment the oldest happens.
	 */
	public static final class When {

		private final Moment moment;

		private final Plan plan;

		private int times = 1;

		When(Moment moment, Plan plan) {
			this.moment = moment;
			this.plan = plan;
		}

		/**
		 * Sets how often the fault happens; once by default.
		 * @param times how many times
		 * @return this
		 */
		public When times(int times) {
			this.times = times;
			return this;
		}

		/**
		 * Makes it happen each time, until faults are cleared.
		 * @return this
		 */
		public When always() {
			return times(Integer.MAX_VALUE);
		}

		/**
		 * Resets the client's connection, as a broken network would. The server only
		 * notices that the client has disconnected.
		 * @return the fault
		 */
		public Fault cut() {
			return arm(new Action.Cut());
		}

		/**
		 * Ends the server's session as an administrator or a failover would; the client
		 * receives 57P01.
		 * @return the fault
		 */
		public Fault kill() {
			if (this.moment.kind().compareTo(Moment.Kind.CANCEL_REQUEST) <= 0) {
				throw new IllegalArgumentException("There is no session to be killed at: " + this.moment);
			}
			return arm(new Action.Kill());
		}

		/**
		 * Holds back every byte of the connection, in both directions, until
		 * {@link RdsLookalike#clearFaults()}, which releases them.
		 * @return the fault
		 */
		public Fault stall() {
			return arm(new Action.Stall());
		}

		/**
		 * Discards every byte of the connection from now on. The client gets no answer,
		 * no end and no reset. The server does not notice when the client disconnects:
		 * its session and its locks remain until {@link RdsLookalike#clearFaults()}.
		 * @return the fault
		 */
		public Fault blackHole() {
			return arm(new Action.BlackHole());
		}

		/**
		 * Continues after a delay.
		 * @param duration the delay
		 * @return the fault
		 */
		public Fault delay(Duration duration) {
			return arm(new Action.Delay(duration));
		}

		/**
		 * Answers a login of any user with a fatal error before it is processed: 53300
		 * for too many connections, 57P03 for a server that is starting.
		 * @param sqlState such as {@code 53300}
		 * @param message such as {@code sorry, too many clients already}
		 * @return the fault
		 */
		public Fault refuse(String sqlState, String message) {
			if (this.moment.kind() != Moment.Kind.LOGIN) {
				throw new IllegalArgumentException("Only a login is refused, not: " + this.moment);
			}
			return arm(new Action.Refuse(Message.error(sqlState, message)));
		}

		/**
		 * Runs a task, and then continues. The task may restart the server, move a name,
		 * or freeze a function. An exception cuts the connection and is logged.
		 * @param task the task, run on the thread that serves the connection
		 * @return the fault
		 */
		public Fault run(Runnable task) {
			return arm(new Action.Run(task));
		}

		private Fault arm(Action action) {
			Fault fault = new Fault(this.moment, this.times, action);
			this.plan.add(fault);
			return fault;
		}

	}

	/**
	 * The armed faults, in the order in which they were armed. Thread-safe.
	 */
	static final class Plan {

		private final List<Fault> faults = new CopyOnWriteArrayList<>();

		void add(Fault fault) {
			this.faults.add(fault);
		}

		void clear() {
			this.faults.forEach(Fault::disarm);
			this.faults.clear();
		}

		boolean isEmpty() {
			return this.faults.isEmpty();
		}

		/**
		 * Returns the fault that happens now, and counts its occurrence.
		 */
		@Nullable Fault at(Moment.Kind kind, String what, int count) {
			for (Fault fault : this.faults) {
				if (fault.moment().is(kind, what, count) && fault.countOccurrence()) {
					if (fault.isUsedUp()) {
						this.faults.remove(fault);
					}
					return fault;
				}
			}
			return null;
		}

		@Nullable Fault at(Moment.Kind kind) {
			return at(kind, "", 0);
		}

	}

}
