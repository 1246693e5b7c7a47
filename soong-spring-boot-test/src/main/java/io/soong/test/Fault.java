package io.soong.test;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fault that happens at a {@link Moment}, once or several times. Created by
 * {@link RdsLookalike#when(Moment)}. Thread-safe.
 */
public final class Fault {

	private static final Logger logger = LoggerFactory.getLogger(Fault.class);

	private static final long AWAIT_SECONDS = 60;

	private final Moment moment;

	private final Consumer<Session> action;

	private final Duration delay;

	private final AtomicInteger left;

	private final AtomicInteger happened = new AtomicInteger();

	private final CountDownLatch firstTime = new CountDownLatch(1);

	private Fault(Moment moment, int times, Consumer<Session> action, Duration delay) {
		this.moment = moment;
		this.left = new AtomicInteger(times);
		this.action = action;
		this.delay = delay;
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

	/**
	 * Counts one occurrence if the fault is armed.
	 * @return whether the fault happens
	 */
	boolean countOccurrence() {
		return this.left.getAndUpdate((left) -> Math.max(0, left - 1)) > 0;
	}

	boolean isUsedUp() {
		return this.left.get() == 0;
	}

	/**
	 * Makes the fault happen.
	 * @param session the session at whose moment it happens
	 */
	void perform(Session session) throws IOException {
		this.action.accept(session);
		this.happened.incrementAndGet();
		this.firstTime.countDown();
		session.pause(this.delay);
	}

	/**
	 * The session of a client, as far as faults affect it.
	 */
	interface Session {

		/**
		 * Resets the client's connection.
		 */
		void cut();

		/**
		 * Ends the server's session.
		 */
		void kill();

		/**
		 * Holds back every byte until faults are cleared.
		 */
		void stall();

		/**
		 * Discards every byte from now on.
		 */
		void discard();

		/**
		 * Continues later.
		 */
		void pause(Duration delay) throws IOException;

		/**
		 * Answers the login with a fatal error.
		 */
		void refuse(Message error);

	}

	/**
	 * Builds a fault for a moment. Each method that names a kind of fault arms another
	 * one. Of several faults for the same moment the oldest happens. Not thread-safe.
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
			return arm(Session::cut);
		}

		/**
		 * Ends the server's session as an administrator or a failover would; the client
		 * receives 57P01.
		 * @return the fault
		 * @throws IllegalArgumentException if there is no session at the moment, as
		 * before the login
		 */
		public Fault kill() {
			if (this.moment.kind().compareTo(Moment.Kind.CANCEL_REQUEST) <= 0) {
				throw new IllegalArgumentException("There is no session to be killed at: " + this.moment);
			}
			return arm(Session::kill);
		}

		/**
		 * Holds back every byte of the connection, in both directions, until
		 * {@link RdsLookalike#clearFaults()}, which releases them.
		 * @return the fault
		 */
		public Fault stall() {
			return arm(Session::stall);
		}

		/**
		 * Discards every byte of the connection from now on. The client gets no answer,
		 * no end and no reset. The server does not notice when the client disconnects:
		 * its session and its locks remain until {@link RdsLookalike#clearFaults()}.
		 * @return the fault
		 */
		public Fault blackHole() {
			return arm(Session::discard);
		}

		/**
		 * Continues after a delay.
		 * @param duration the delay
		 * @return the fault
		 */
		public Fault delay(Duration duration) {
			return arm((session) -> {
			}, duration);
		}

		/**
		 * Answers a login of any user with a fatal error before it is processed: 53300
		 * for too many connections, 57P03 for a server that is starting.
		 * @param sqlState such as {@code 53300}
		 * @param message such as {@code sorry, too many clients already}
		 * @return the fault
		 * @throws IllegalArgumentException if the moment is not a login
		 */
		public Fault refuse(String sqlState, String message) {
			if (this.moment.kind() != Moment.Kind.LOGIN) {
				throw new IllegalArgumentException("Only a login is refused, not: " + this.moment);
			}
			Message error = Message.error(sqlState, message);
			return arm((session) -> session.refuse(error));
		}

		/**
		 * Runs a task, and then continues. The task may restart the server, move a name,
		 * or freeze a function. An exception cuts the connection and is logged.
		 * @param task the task, run on the thread that serves the connection
		 * @return the fault
		 */
		public Fault run(Runnable task) {
			return arm((session) -> {
				try {
					task.run();
				}
				catch (RuntimeException ex) {
					logger.error("The task that a fault runs has failed; the connection is reset", ex);
					session.cut();
				}
			});
		}

		private Fault arm(Consumer<Session> action) {
			return arm(action, Duration.ZERO);
		}

		private Fault arm(Consumer<Session> action, Duration delay) {
			Fault fault = new Fault(this.moment, this.times, action, delay);
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
