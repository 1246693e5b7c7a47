package io.soong.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

import io.soong.jdbc.ConnectionObserver.Deadline;
import io.soong.jdbc.ConnectionObserver.Operation;
import io.soong.jdbc.RoundTrip.LastRollback;
import io.soong.jdbc.RoundTrip.Overrun;
import io.soong.jdbc.RoundTrip.Running;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyOperation;

/**
 * Enforces an invocation's deadline on a connection. Every round trip to the server
 * passes through it: a statement, a batch, a fetch, COPY or a commit. A round trip is
 * refused if the deadline leaves no time for it, and cancelled or cut if it runs past the
 * deadline. Every failure is reported to the connection, and slow statements are logged.
 * <p>
 * Used by the thread that has the connection, and {@linkplain #checkDeadline(long)
 * checked} by the {@link Watchdog}. The two share one atomic reference, the
 * {@link RoundTrip} in progress. Without an invocation a round trip costs one read of a
 * field.
 */
final class DeadlineGuard implements Watchdog.Watched {

	private static final Log logger = LogFactory.getLog(ConnectionLog.NAME);

	private final CancellableConnection connection;

	private final LongSupplier nanoTime;

	private final long margin;

	private final @Nullable Duration slow;

	private final boolean cancels;

	private final ReentrantLock turn = new ReentrantLock();

	private final AtomicReference<@Nullable RoundTrip> underWay = new AtomicReference<>();

	private volatile @Nullable Invocation invocation;

	private volatile @Nullable CopyOperation copy;

	private volatile @Nullable Object last;

	private volatile boolean warned;

	private volatile @Nullable LongConsumer watchdog;

	private volatile @Nullable Observers observers;

	private Duration copied = Duration.ZERO;

	DeadlineGuard(CancellableConnection connection, ConnectionSettings settings) {
		this(connection, settings, Budget.NANO_TIME);
	}

	DeadlineGuard(CancellableConnection connection, ConnectionSettings settings, LongSupplier nanoTime) {
		this.connection = connection;
		this.nanoTime = nanoTime;
		this.margin = settings.deadlineMargin().toNanos();
		this.slow = settings.slowQueryThreshold();
		// An RDS Proxy does not support cancel requests
		this.cancels = !settings.endpoint().isProxy();
	}

	/**
	 * Applies the deadline of an invocation, or none, from now on.
	 * @param watchdog receives each time at which a {@link #checkDeadline(long) look} is
	 * due
	 */
	void setInvocation(@Nullable Invocation invocation, LongConsumer watchdog) {
		this.last = null;
		this.watchdog = watchdog;
		this.invocation = invocation;
		if (invocation != null && invocation.hasDeadline()) {
			watchdog.accept(invocation.deadline() - this.margin);
		}
	}

	void observeBy(Observers observers) {
		this.observers = observers;
	}

	/**
	 * Returns whether the server waits only for the rest of a COPY.
	 */
	boolean isCopying() {
		CopyOperation copy = this.copy;
		return copy != null && copy.isActive();
	}

	boolean isBusy() {
		return this.underWay.get() != null;
	}

	/**
	 * Returns the SQL that was sent last, as a log may hold it, or {@code null} if none
	 * was sent.
	 */
	@Nullable String lastSql() {
		Object last = this.last;
		return (last != null) ? SentSql.logged(last, null) : null;
	}

	/**
	 * Does a round trip.
	 * @param subject the driver's queries, or the SQL
	 * @param target the driver's object
	 * @param method the method to call
	 * @param args its arguments
	 * @return the result
	 * @throws Throwable the driver's exception, or the reason why nothing was sent
	 */
	@Nullable Object run(Object subject, Object target, Method method, @Nullable Object @Nullable [] args) throws Throwable {
		CopyOperation copy = this.copy;
		if (copy != null && copy != target) {
			if (copy.isActive()) {
				throw new SQLException("A COPY is under way on this connection; end or cancel it first",
						SqlStates.OBJECT_IN_USE);
			}
			this.copy = null;
		}
		Invocation invocation = this.invocation;
		if (invocation == null) {
			return run(null, subject, target, method, args);
		}
		// The driver would make a second thread wait as well, but the watchdog would not
		// see that thread
		this.turn.lock();
		try {
			return run(invocation, subject, target, method, args);
		}
		finally {
			this.turn.unlock();
		}
	}

	private @Nullable Object run(@Nullable Invocation invocation, Object subject, Object target, Method method,
			@Nullable Object @Nullable [] args) throws Throwable {
		if (invocation != null && invocation.isConcurrent() && !this.warned && SentSql.isSessionSetting(subject)) {
			this.warned = true;
			logger.warn("A setting of the session lasts only until this connection is returned. Several invocations "
					+ "run at once: the next statement may use another connection, and another invocation may use "
					+ "this one. Use set_config(name, value, true) in the transaction that needs it. Statement: "
					+ SentSql.logged(subject, null));
		}
		if (invocation != null && invocation.isRollbackOnly() && SentSql.isEscaping(subject)) {
			throw new SQLFeatureNotSupportedException("A sample event must not end a transaction by SQL, because "
					+ "its changes must be rolled back: " + SentSql.logged(subject, null));
		}
		Observers observers = this.observers;
		ConnectionObserver observer = (observers != null) ? observers.of(invocation) : null;
		boolean timed = this.slow != null || observer != null;
		long start = timed ? this.nanoTime.getAsLong() : 0;
		RoundTrip begun = (invocation != null) ? begin(invocation, subject) : null;
		this.last = subject;
		Object result = null;
		Throwable failure = null;
		try {
			result = method.invoke(target, args);
		}
		catch (InvocationTargetException ex) {
			failure = ex.getTargetException();
			if (!(failure instanceof SQLException)) {
				// It may have ended between two messages; the rest of the answer would be
				// taken for that of the next statement
				this.connection.cut();
			}
		}
		Overrun overrun = (begun != null) ? end(begun, failure) : null;
		Duration taken = timed ? Duration.ofNanos(this.nanoTime.getAsLong() - start) : Duration.ZERO;
		if (this.slow != null) {
			logIfSlow(subject, sqlState(failure), taken, this.slow);
		}
		if (failure instanceof SQLException ex) {
			if (String.valueOf(ex.getSQLState()).startsWith("42")) {
				// A value may stand in place of a name
				this.last = SentSql.operation(subject);
			}
			failure = explain(ex, subject, invocation, overrun);
			this.connection.observe((SQLException) failure);
		}
		if (observer != null && (invocation == null || begun != null)) {
			CopyOperation copied = (target instanceof CopyOperation same) ? same : begunCopy(result);
			report(observer, subject, copied, taken, failure, overrun);
		}
		if (failure != null) {
			throw failure;
		}
		CopyOperation begunCopy = begunCopy(result);
		if (begunCopy != null) {
			this.copy = begunCopy;
		}
		return result;
	}

	private static @Nullable CopyOperation begunCopy(@Nullable Object result) {
		return (result instanceof CopyOperation copy) ? copy : null;
	}

	/**
	 * Reports to an observer what was run; a COPY, when it is over. The driver's probe is
	 * no operation.
	 */
	private void report(ConnectionObserver observer, Object subject, @Nullable CopyOperation copied, Duration taken,
			@Nullable Throwable failure, @Nullable Overrun overrun) {
		Duration whole = taken;
		if (copied != null) {
			whole = (copied == this.copy) ? this.copied.plus(taken) : taken;
			this.copied = whole;
			if (failure == null && copied.isActive()) {
				return;
			}
			this.copied = Duration.ZERO;
		}
		String name = SentSql.operation(subject);
		if (!name.isEmpty()) {
			observer.executed(new Operation(name, SentSql.sql(subject), whole, sqlState(failure),
					(overrun != null) ? effect(failure) : Deadline.KEPT));
		}
	}

	private static @Nullable String sqlState(@Nullable Throwable failure) {
		String state = (failure instanceof SQLException ex) ? ex.getSQLState() : null;
		return (failure == null || state != null) ? state : SqlStates.INTERNAL_ERROR;
	}

	private static Deadline effect(@Nullable Throwable failure) {
		if (SqlStates.isCancelled(failure) || (failure != null && SqlStates.isCancelled(failure.getCause()))) {
			return Deadline.CANCELLED;
		}
		return (failure instanceof SQLException ex && SqlStates.isDeadConnection(ex)) ? Deadline.CUT : Deadline.KEPT;
	}

	/**
	 * Publishes the round trip to the watchdog before it reads the time. If the watchdog
	 * missed it, this thread finds that it is too late.
	 * @return the round trip, or {@code null} within one that has begun already
	 */
	private @Nullable RoundTrip begin(Invocation invocation, Object subject) throws SQLException {
		Running running = new Running(invocation, Thread.currentThread());
		if (!this.underWay.compareAndSet(null, running)) {
			return null;
		}
		long left = invocation.nanosLeft() - this.margin;
		if (left > 0) {
			return running;
		}
		boolean rollback = SentSql.isRollback(subject);
		LastRollback last = new LastRollback(invocation, running.thread());
		LongConsumer watchdog = this.watchdog;
		if (rollback && left + this.margin / 2 > 0 && watchdog != null && this.underWay.compareAndSet(running, last)) {
			watchdog.accept(invocation.deadline() - this.margin / 2);
			return last;
		}
		end(running, null);
		if (rollback) {
			// Closing the connection has the same effect, and needs no answer
			this.connection.cut();
		}
		throw DeadlineErrors.tooLate(invocation, Duration.ofNanos(this.margin));
	}

	/**
	 * Ends the round trip.
	 * @return what the watchdog did if it ran past the deadline
	 */
	private @Nullable Overrun end(RoundTrip begun, @Nullable Throwable failure) {
		if (this.underWay.compareAndSet(begun, null) || !(this.underWay.get() instanceof Overrun overrun)) {
			return null;
		}
		long untilCut = overrun.invocation().nanosLeft() - this.margin / 2;
		if (!SqlStates.isCancelled(failure) || !overrun.isOver(untilCut)) {
			// The cancel request may still arrive, and must not hit the next borrower
			this.connection.cut();
		}
		this.underWay.set(null);
		return overrun;
	}

	/**
	 * Cancels or cuts a round trip past the deadline. After a cancel request the server
	 * has half the margin to answer.
	 */
	@Override
	public long checkDeadline(long now) {
		Invocation invocation = this.invocation;
		if (invocation == null || !invocation.hasDeadline()) {
			return Watchdog.NEVER;
		}
		long left = invocation.deadline() - this.margin - now;
		if (left > 0) {
			return left;
		}
		RoundTrip seen = this.underWay.get();
		if (seen == null || seen.invocation() != invocation) {
			return Watchdog.NEVER;
		}
		long untilCut = this.cancels ? left + this.margin / 2 : 0;
		if (untilCut > 0 && !(seen instanceof Running)) {
			return untilCut;
		}
		Overrun overrun = (seen instanceof Overrun known) ? known : new Overrun(seen);
		if (overrun != seen && !this.underWay.compareAndSet(seen, overrun)) {
			return Watchdog.NEVER;
		}
		if (untilCut > 0) {
			overrun.cancel(this.connection);
			return untilCut;
		}
		return overrun.cut(this.connection) ? lookAfterCut(overrun, now) : Watchdog.NEVER;
	}

	/**
	 * Reports, shortly before Lambda ends the function, that the thread did not return
	 * although its connection was cut. Only Lambda can end it then.
	 */
	private long lookAfterCut(Overrun overrun, long now) {
		long untilReport = overrun.invocation().deadline() - this.margin / 4 - now;
		if (untilReport > 0) {
			return untilReport;
		}
		if (this.underWay.get() == overrun && overrun.isToBeReported()) {
			Throwable place = new Throwable("It is here");
			place.setStackTrace(overrun.thread().getStackTrace());
			logger.error("The deadline of " + overrun.invocation() + " cut the connection, but thread '"
					+ overrun.thread().getName() + "' has not returned from the driver, and Lambda is about to end "
					+ "the function. Statement: " + lastSql(), place);
		}
		return Watchdog.NEVER;
	}

	private SQLException explain(SQLException failure, Object subject, @Nullable Invocation invocation,
			@Nullable Overrun overrun) throws SQLException {
		if (SqlStates.isCancelled(failure) && this.connection.isOutOfTransaction() && !SentSql.isCommit(subject)
				&& !SentSql.isRollback(subject)) {
			return DeadlineErrors.beginCancelled(failure);
		}
		if (invocation != null && overrun != null && SqlStates.isCancelled(failure)) {
			return DeadlineErrors.cancelled(invocation, Duration.ofNanos(this.margin), failure);
		}
		if (!SqlStates.isDeadConnection(failure)) {
			return failure;
		}
		Invocation cutBy = (overrun != null) ? invocation : null;
		boolean commit = SentSql.isEnding(subject);
		boolean lost = !this.connection.wasInTransaction() && !SentSql.isRead(subject)
				&& !SqlStates.isEndOfSession(failure);
		if (commit || lost) {
			return DeadlineErrors.outcomeUnknown(commit, cutBy, failure);
		}
		return (cutBy != null) ? DeadlineErrors.cut(cutBy, Duration.ofNanos(this.margin), failure) : failure;
	}

	private void logIfSlow(Object subject, @Nullable String sqlState, Duration taken, Duration slow) {
		if (taken.compareTo(slow) > 0) {
			Invocation invocation = this.invocation;
			logger.warn("Slow: " + taken.toMillis() + " ms (soong.slow-query-threshold=" + slow.toMillis() + "ms"
					+ ((invocation != null) ? ", " + invocation : "") + "): " + SentSql.logged(subject, sqlState));
		}
	}

}
