package io.soong.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyOperation;

/**
 * Stands between the driver and the server: whatever makes a round trip passes here,
 * whichever way it was called for, be it a statement, a batch, a fetch, COPY or a commit.
 * It lets nothing begin that the invocation's deadline leaves no time for, has what runs
 * past it cut short, shows every failure to the connection, and knows what was slow.
 * <p>
 * Used by the thread that has the connection, and {@linkplain #look(long) looked at} by
 * the {@link Watchdog}. Between the two there is one atomic reference: empty; while
 * something runs, the invocation it runs for, so that the watchdog never mistakes it for
 * another; or the {@link Intervention}. Without an invocation it costs one read of a
 * field.
 */
final class Guard {

	private static final Log logger = LogFactory.getLog(ConnectionLog.NAME);

	private final PhysicalConnection connection;

	private final long margin;

	private final @Nullable Duration slow;

	private final boolean cancels;

	private final ReentrantLock turn = new ReentrantLock();

	private final AtomicReference<@Nullable Object> state = new AtomicReference<>();

	private volatile @Nullable Invocation invocation;

	private volatile @Nullable CopyOperation copy;

	private volatile @Nullable Object last;

	private volatile @Nullable Thread runner;

	private volatile boolean warned;

	private Watchdog watchdog = Watchdog.NONE;

	Guard(PhysicalConnection connection, ConnectionSettings settings) {
		this.connection = connection;
		this.margin = settings.deadlineMargin().toNanos();
		this.slow = settings.slowQueryThreshold();
		// An RDS Proxy takes no requests to cancel
		this.cancels = !settings.endpoint().isProxy();
	}

	/**
	 * Guards what runs from now on by the deadline of an invocation, or by none.
	 */
	void keep(@Nullable Invocation invocation, Watchdog watchdog) {
		this.last = null;
		this.watchdog = watchdog;
		this.invocation = invocation;
		if (invocation != null && invocation.hasDeadline()) {
			watchdog.watch(invocation.deadline() - this.margin);
		}
	}

	/**
	 * Returns whether the server waits for the rest of a COPY, and nothing else.
	 */
	boolean isCopying() {
		CopyOperation copy = this.copy;
		return copy != null && copy.isActive();
	}

	boolean isBusy() {
		return this.state.get() != null;
	}

	/**
	 * Returns the SQL that was sent last, or {@code null} if there was none yet.
	 */
	@Nullable String lastSql() {
		Object last = this.last;
		return (last != null) ? SqlOf.subject(last) : null;
	}

	/**
	 * Does a round trip.
	 * @param subject what it is about: the driver's queries, or SQL
	 * @param target what the driver would have called
	 * @param method how
	 * @param args with what
	 * @return what the driver returned
	 * @throws Throwable what the driver threw, or why nothing was sent
	 */
	@Nullable Object run(Object subject, Object target, Method method, @Nullable Object @Nullable [] args) throws Throwable {
		CopyOperation copy = this.copy;
		if (copy != null && copy != target) {
			if (copy.isActive()) {
				throw new SQLException("A COPY is under way on this connection; end or cancel it first", "55006");
			}
			this.copy = null;
		}
		Invocation invocation = this.invocation;
		if (invocation == null) {
			return run(null, subject, target, method, args);
		}
		// The driver would let a second thread wait as well, but out of the watchdog's
		// sight
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
		if (invocation != null && !invocation.isAlone() && !this.warned && SqlOf.isSessionSetting(subject)) {
			this.warned = true;
			logger.warn("A setting of the session lasts only until this connection is given back: several invocations "
					+ "run at once, so that the next statement may get another connection, and another invocation "
					+ "this one. Use set_config(name, value, true) in the transaction that needs it. Statement: "
					+ SqlOf.subject(subject));
		}
		long begun = (this.slow != null) ? System.nanoTime() : 0;
		Object mark = (invocation != null) ? begin(invocation, subject) : null;
		this.last = subject;
		Object result = null;
		Throwable failure = null;
		try {
			result = method.invoke(target, args);
		}
		catch (InvocationTargetException ex) {
			failure = ex.getTargetException();
		}
		Intervention intervention = (mark != null && invocation != null) ? end(mark, invocation, failure) : null;
		if (this.slow != null) {
			logIfSlow(subject, Duration.ofNanos(System.nanoTime() - begun), this.slow);
		}
		if (failure instanceof SQLException ex) {
			this.connection.observe(ex);
			throw explain(ex, subject, invocation, intervention);
		}
		if (failure != null) {
			throw failure;
		}
		if (result instanceof CopyOperation begunCopy) {
			this.copy = begunCopy;
		}
		return result;
	}

	/**
	 * Marks that something runs, and only then looks at the time: what the watchdog does
	 * not see sees that it is too late.
	 * @return the mark, or {@code null} within something that is marked already
	 */
	private @Nullable Object begin(Invocation invocation, Object subject) throws SQLException {
		this.runner = Thread.currentThread();
		if (!this.state.compareAndSet(null, invocation)) {
			return null;
		}
		long now = System.nanoTime();
		long left = invocation.deadline() - this.margin - now;
		if (left > 0) {
			return invocation;
		}
		boolean rollback = SqlOf.isRollback(subject);
		long untilCut = left + this.margin / 2;
		Ending ending = new Ending(invocation);
		if (rollback && untilCut > 0 && this.state.compareAndSet(invocation, ending)) {
			this.watchdog.watch(now + untilCut);
			return ending;
		}
		end(invocation, invocation, null);
		if (rollback) {
			// To close the connection has the same effect, and needs no answer
			this.connection.cut();
		}
		throw DeadlineErrors.tooLate(invocation, Duration.ofNanos(this.margin));
	}

	/**
	 * Ends what runs.
	 * @return what the watchdog did about it, if anything
	 */
	private @Nullable Intervention end(Object mark, Invocation invocation, @Nullable Throwable failure) {
		if (this.state.compareAndSet(mark, null)) {
			return null;
		}
		Intervention intervention = (Intervention) this.state.get();
		if (intervention != null) {
			long untilCut = invocation.deadline() - this.margin / 2 - System.nanoTime();
			if (!DeadlineErrors.isCancelled(failure) || !intervention.isOver(untilCut)) {
				// What was asked for may still come, and must not hit whoever is next
				this.connection.cut();
			}
			this.state.set(null);
		}
		return intervention;
	}

	/**
	 * Cuts short what has run past the deadline. Called by the {@link Watchdog}.
	 * @param now the time, by {@link System#nanoTime()}
	 * @return nanoseconds until another look is due, or {@link Watchdog#NEVER}
	 */
	long look(long now) {
		Invocation invocation = this.invocation;
		if (invocation == null || !invocation.hasDeadline()) {
			return Watchdog.NEVER;
		}
		long left = invocation.deadline() - this.margin - now;
		if (left > 0) {
			return left;
		}
		long untilCut = this.cancels ? left + this.margin / 2 : 0;
		Object running = this.state.get();
		if (running instanceof Intervention begun && begun.invocation() == invocation) {
			if (untilCut > 0) {
				return untilCut;
			}
			begun.cut(this.connection);
			return lookAfterCut(begun, now);
		}
		else if (running == invocation || (running instanceof Ending last && last.invocation() == invocation)) {
			if (untilCut > 0 && running != invocation) {
				return untilCut;
			}
			Intervention intervention = new Intervention(invocation);
			if (!this.state.compareAndSet(running, intervention)) {
				return Watchdog.NEVER;
			}
			if (untilCut > 0) {
				intervention.cancel(this.connection);
				return untilCut;
			}
			intervention.cut(this.connection);
			return lookAfterCut(intervention, now);
		}
		return Watchdog.NEVER;
	}

	/**
	 * Reports, shortly before the function is ended from outside, that the thread did not
	 * return although its connection was cut. Nothing else can end it.
	 */
	private long lookAfterCut(Intervention intervention, long now) {
		Invocation invocation = intervention.invocation();
		long untilReport = invocation.deadline() - this.margin / 4 - now;
		if (!intervention.isCut()) {
			return Watchdog.NEVER;
		}
		if (untilReport > 0) {
			return untilReport;
		}
		Thread runner = this.runner;
		if (runner != null && this.state.get() == intervention && intervention.isToBeReported()) {
			Throwable place = new Throwable("It is here");
			place.setStackTrace(runner.getStackTrace());
			logger.error("The deadline of " + invocation + " cut the connection, but thread '" + runner.getName()
					+ "' has not returned from the driver, and Lambda is about to end the function. Statement: "
					+ lastSql(), place);
		}
		return Watchdog.NEVER;
	}

	private SQLException explain(SQLException failure, Object subject, @Nullable Invocation invocation,
			@Nullable Intervention intervention) {
		boolean commit = SqlOf.isCommit(subject);
		if (DeadlineErrors.isCancelled(failure) && this.connection.isOutOfTransaction() && !commit
				&& !SqlOf.isRollback(subject)) {
			return DeadlineErrors.beginCancelled(failure);
		}
		if (invocation != null && intervention != null && DeadlineErrors.isCancelled(failure)) {
			return DeadlineErrors.cancelled(invocation, Duration.ofNanos(this.margin), failure);
		}
		if (!BrokenConnection.isShownBy(failure)) {
			return failure;
		}
		Invocation cutBy = (intervention != null) ? invocation : null;
		boolean lost = !this.connection.wasInTransaction() && !SqlOf.isRead(subject)
				&& !BrokenConnection.isFarewell(failure);
		if (commit || lost) {
			return DeadlineErrors.outcomeUnknown(commit, cutBy, failure);
		}
		return (cutBy != null) ? DeadlineErrors.cut(cutBy, Duration.ofNanos(this.margin), failure) : failure;
	}

	private void logIfSlow(Object subject, Duration taken, Duration slow) {
		if (taken.compareTo(slow) > 0) {
			Invocation invocation = this.invocation;
			logger.warn("Slow: " + taken.toMillis() + " ms (soong.slow-query-threshold=" + slow.toMillis() + "ms"
					+ ((invocation != null) ? ", " + invocation : "") + "): " + SqlOf.subject(subject));
		}
	}

	/**
	 * A rollback within the deadline's margin, of which it may take half.
	 */
	private record Ending(Invocation invocation) {

	}

}
