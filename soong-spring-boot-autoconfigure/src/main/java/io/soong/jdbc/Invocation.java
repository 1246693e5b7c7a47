package io.soong.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The handling of one event, from which connections learn by when they must be done and
 * when it is over. {@code io.soong.lambda.SoongFunctionInvoker} opens and closes one
 * around every event; a handler of another kind does the same:
 *
 * <pre class="code">
 * Invocation invocation = Invocation.open(context.getAwsRequestId(),
 *         Duration.ofMillis(context.getRemainingTimeInMillis()), true);
 * try {
 *     ...
 * }
 * finally {
 *     invocation.close();
 * }
 * </pre>
 *
 * <p>
 * While it is open, whatever its thread borrows from a {@link SoongDataSource} belongs to
 * it: what runs on the connection is cut short {@code soong.deadline-margin} before the
 * deadline, and what was not given back by the end is rolled back and taken back. Where
 * invocations come one at a time, this goes for all other threads as well, such as those
 * of an executor or a parallel stream; where a process handles several at once, only for
 * the thread that opened it.
 * <p>
 * The deadline is kept by the monotonic clock, so that no correction of the wall clock
 * moves it. While the environment is frozen it stands still, as does all that it limits.
 * <p>
 * Opened and closed by the same thread. Everything else is thread-safe.
 */
public final class Invocation implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(ConnectionLog.NAME);

	/** Stands for no deadline, and is still good for sums and differences. */
	private static final Duration FOR_EVER = Duration.ofDays(36_500);

	static final LongSupplier NANO_TIME = System::nanoTime;

	private static final ThreadLocal<@Nullable Invocation> OF_THREAD = new ThreadLocal<>();

	private static final AtomicReference<@Nullable Invocation> OF_PROCESS = new AtomicReference<>();

	private final String id;

	private final boolean alone;

	private final boolean hasDeadline;

	private final LongSupplier nanoTime;

	private final long deadline;

	private final @Nullable Invocation outer;

	private final List<Consumer<Invocation>> onEnd = new CopyOnWriteArrayList<>();

	private volatile boolean ended;

	private Invocation(String id, Duration remaining, @Nullable Invocation outer, boolean alone,
			LongSupplier nanoTime) {
		this.id = id;
		this.alone = alone;
		this.hasDeadline = remaining.toMillis() > 0;
		Duration limit = (this.hasDeadline && remaining.compareTo(FOR_EVER) < 0) ? remaining : FOR_EVER;
		this.nanoTime = nanoTime;
		this.deadline = nanoTime.getAsLong() + limit.toNanos();
		this.outer = outer;
	}

	/**
	 * Opens an invocation on this thread.
	 * @param id names it in messages: the request id
	 * @param remaining the time until the function is ended from outside; zero or less,
	 * as stand-ins for Lambda's {@code Context} say, for no deadline
	 * @param alone whether no other invocation is handled at the same time, so that what
	 * other threads borrow meanwhile is part of this one
	 * @return the invocation, to be closed whatever happens
	 */
	public static Invocation open(String id, Duration remaining, boolean alone) {
		return open(id, remaining, alone, NANO_TIME);
	}

	static Invocation open(String id, Duration remaining, boolean alone, LongSupplier nanoTime) {
		Invocation invocation = new Invocation(id, remaining, OF_THREAD.get(), alone, nanoTime);
		OF_THREAD.set(invocation);
		if (alone) {
			OF_PROCESS.set(invocation);
		}
		return invocation;
	}

	/**
	 * Returns the invocation that this thread works for, if that is known.
	 */
	static @Nullable Invocation current() {
		Invocation invocation = OF_THREAD.get();
		return (invocation != null) ? invocation : OF_PROCESS.get();
	}

	boolean hasEnded() {
		return this.ended;
	}

	/**
	 * Returns whether no other invocation is handled at the same time.
	 */
	boolean isAlone() {
		return this.alone;
	}

	boolean hasDeadline() {
		return this.hasDeadline;
	}

	/**
	 * Returns when the deadline is, by {@link System#nanoTime()}.
	 */
	long deadline() {
		return this.deadline;
	}

	/**
	 * Returns the nanoseconds until the deadline; negative when it has passed.
	 */
	long nanosLeft() {
		return this.deadline - this.nanoTime.getAsLong();
	}

	/**
	 * Returns the time until so long before the deadline; negative when it has passed.
	 */
	Duration left(Duration margin) {
		return Duration.ofNanos(nanosLeft()).minus(margin);
	}

	/**
	 * Has somebody told when the invocation ends. Only once, however often asked for.
	 */
	void onEnd(Consumer<Invocation> listener) {
		if (!this.onEnd.contains(listener)) {
			this.onEnd.add(listener);
		}
	}

	/**
	 * Ends the invocation: takes back what was borrowed for it and not given back. Never
	 * throws, and takes no longer than the deadline allows.
	 */
	@Override
	public void close() {
		if (this.ended) {
			return;
		}
		this.ended = true;
		if (this.outer != null) {
			OF_THREAD.set(this.outer);
		}
		else {
			OF_THREAD.remove();
		}
		OF_PROCESS.compareAndSet(this, null);
		for (Consumer<Invocation> listener : this.onEnd) {
			try {
				listener.accept(this);
			}
			catch (RuntimeException ex) {
				logger.warn("What " + this + " left behind could not be cleaned up", ex);
			}
		}
	}

	@Override
	public String toString() {
		return "invocation " + this.id;
	}

}
