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
 * The handling of one event. It gives connections their deadline and notifies them when
 * it ends. {@code io.soong.lambda.SoongFunctionInvoker} opens and closes one around every
 * event; another kind of handler does the same:
 *
 * <pre class="code">
 * Invocation invocation = Invocation.open(context.getAwsRequestId(),
 *         Duration.ofMillis(context.getRemainingTimeInMillis()));
 * try {
 *     ...
 * }
 * finally {
 *     invocation.close();
 * }
 * </pre>
 *
 * <p>
 * Every connection that its thread borrows from a {@link SoongDataSource} while it is
 * open belongs to it. Running statements are cancelled {@code soong.deadline-margin}
 * before the deadline. A connection that is not returned by the end is rolled back and
 * revoked. The same applies to all other threads, such as those of an executor or a
 * parallel stream, unless the process handles several invocations at once
 * ({@link #openConcurrent(String, Duration)}).
 * <p>
 * The deadline is kept by the monotonic clock, so corrections of the wall clock do not
 * move it. The monotonic clock stands still while the environment is frozen.
 * <p>
 * Opened and closed by the same thread. All other methods are thread-safe.
 */
public final class Invocation implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(ConnectionLog.NAME);

	private static final ThreadLocal<@Nullable Invocation> OF_THREAD = new ThreadLocal<>();

	private static final AtomicReference<@Nullable Invocation> OF_PROCESS = new AtomicReference<>();

	private final String id;

	private final boolean concurrent;

	private final boolean hasDeadline;

	private final boolean rollbackOnly;

	private final LongSupplier nanoTime;

	private final long deadline;

	private final @Nullable Invocation outer;

	private final List<Consumer<Invocation>> onEnd = new CopyOnWriteArrayList<>();

	private volatile @Nullable ConnectionObserver observer;

	private volatile boolean ended;

	private Invocation(String id, @Nullable Duration remaining, @Nullable Invocation outer, boolean concurrent,
			boolean rollbackOnly, LongSupplier nanoTime) {
		this.id = id;
		this.rollbackOnly = rollbackOnly;
		this.concurrent = concurrent;
		this.hasDeadline = remaining != null;
		Duration limit = (remaining != null && remaining.compareTo(Budget.FOR_EVER) < 0) ? remaining : Budget.FOR_EVER;
		this.nanoTime = nanoTime;
		this.deadline = nanoTime.getAsLong() + limit.toNanos();
		this.outer = outer;
	}

	/**
	 * Opens an invocation on this thread, in a process that handles one at a time.
	 * Connections that other threads borrow meanwhile are part of it.
	 * @param id the request id, which names the invocation in messages
	 * @param remaining the time until Lambda ends the function, or {@code null} for no
	 * deadline
	 * @return the invocation, to be closed in a {@code finally} block
	 */
	public static Invocation open(String id, @Nullable Duration remaining) {
		return open(id, remaining, false, Budget.NANO_TIME);
	}

	/**
	 * Opens an invocation on this thread for a sample event, which changes nothing in the
	 * database: everything committed meanwhile is rolled back when it is closed. SQL that
	 * ends a transaction, and independent connections, are refused.
	 * @param id names the invocation in messages
	 * @param remaining the time until it must end
	 * @return the invocation, to be closed in a {@code finally} block
	 */
	public static Invocation openRollbackOnly(String id, Duration remaining) {
		return enter(new Invocation(id, remaining, OF_THREAD.get(), false, true, Budget.NANO_TIME));
	}

	/**
	 * Opens an invocation on this thread, in a process that handles several at once.
	 * Connections that other threads borrow meanwhile are not part of it.
	 * @param id the request id, which names the invocation in messages
	 * @param remaining the time until Lambda ends the function, or {@code null} for no
	 * deadline
	 * @return the invocation, to be closed in a {@code finally} block
	 */
	public static Invocation openConcurrent(String id, @Nullable Duration remaining) {
		return open(id, remaining, true, Budget.NANO_TIME);
	}

	static Invocation open(String id, @Nullable Duration remaining, boolean concurrent, LongSupplier nanoTime) {
		return enter(new Invocation(id, remaining, OF_THREAD.get(), concurrent, false, nanoTime));
	}

	private static Invocation enter(Invocation invocation) {
		OF_THREAD.set(invocation);
		if (!invocation.concurrent) {
			OF_PROCESS.set(invocation);
		}
		return invocation;
	}

	/**
	 * Returns the invocation that this thread works for, if it is known.
	 */
	static @Nullable Invocation current() {
		Invocation invocation = OF_THREAD.get();
		return (invocation != null) ? invocation : OF_PROCESS.get();
	}

	/**
	 * Sets the observer of what is done in the database for this invocation, in every
	 * data source that it uses.
	 * @param observer the observer, which replaces any before it
	 */
	public void observe(ConnectionObserver observer) {
		this.observer = observer;
	}

	@Nullable ConnectionObserver observer() {
		return this.observer;
	}

	boolean hasEnded() {
		return this.ended;
	}

	boolean isConcurrent() {
		return this.concurrent;
	}

	boolean isRollbackOnly() {
		return this.rollbackOnly;
	}

	boolean hasDeadline() {
		return this.hasDeadline;
	}

	/**
	 * Returns the deadline, in terms of {@link System#nanoTime()}.
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
	 * Returns the nanoseconds until the given margin before the deadline; negative when
	 * it has passed.
	 */
	Duration left(Duration margin) {
		return Duration.ofNanos(nanosLeft()).minus(margin);
	}

	/**
	 * Adds a listener that is called once when the invocation ends, however often it is
	 * added.
	 */
	void onEnd(Consumer<Invocation> listener) {
		if (!this.onEnd.contains(listener)) {
			this.onEnd.add(listener);
		}
	}

	/**
	 * Ends the invocation: revokes connections that were not returned. Never throws, and
	 * ends by the deadline.
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
		OF_PROCESS.compareAndSet(this, (this.outer != null && !this.outer.concurrent) ? this.outer : null);
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
