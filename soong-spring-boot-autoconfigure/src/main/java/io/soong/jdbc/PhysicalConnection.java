package io.soong.jdbc;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.soong.jdbc.ConnectionObserver.Reason;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.TransactionState;
import org.postgresql.jdbc.PgConnection;

/**
 * An open connection to the server, and what is known of its health. It ages by wall
 * clock, because the monotonic clock stands still while the environment is frozen. Used
 * by one thread at a time, except the methods that end it.
 */
final class PhysicalConnection implements CancellableConnection, PoolEntry {

	private static final Log logger = LogFactory.getLog(ConnectionLog.NAME);

	private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(1);

	private final GuardedConnection connection;

	private final ConnectionAttempt attempt;

	private final DialledSocket socket;

	private final DeadlineGuard guard;

	private final ConnectionSettings settings;

	private final Clock clock;

	private final boolean readOnly;

	private final Instant openedAt;

	private Instant lastUsed;

	private volatile boolean dead;

	private final AtomicReference<@Nullable Reason> endedBy = new AtomicReference<>();

	private volatile Consumer<Reason> onEnd = (reason) -> {
	};

	private boolean statementsStale;

	private boolean writeRefused;

	private boolean probing;

	private boolean used;

	private @Nullable Invocation usedBy;

	private volatile @Nullable RollbackOnlyTransaction rollbackOnly;

	PhysicalConnection(GuardedConnection connection, ConnectionAttempt attempt, ConnectionSettings settings,
			Clock clock) throws SQLException {
		this.connection = connection;
		this.readOnly = connection.isReadOnly();
		this.attempt = attempt;
		this.socket = attempt.established();
		this.settings = settings;
		this.guard = new DeadlineGuard(this, settings);
		connection.guardWith(this.guard);
		this.clock = clock;
		this.openedAt = clock.instant();
		this.lastUsed = this.openedAt;
	}

	PgConnection driverConnection() {
		return this.connection;
	}

	DeadlineGuard guard() {
		return this.guard;
	}

	/**
	 * Sets what is told, once, why this connection ends.
	 */
	void onEnd(Consumer<Reason> onEnd) {
		this.onEnd = onEnd;
	}

	/**
	 * Notes why the connection ends. The first reason counts; what breaks a probe is not
	 * told apart.
	 */
	private void endBy(Reason reason) {
		Reason noted = this.probing ? Reason.PROBE : reason;
		if (this.endedBy.compareAndSet(null, noted)) {
			this.onEnd.accept(noted);
		}
	}

	@Override
	public @Nullable Invocation usedBy() {
		return this.usedBy;
	}

	void setUsedBy(@Nullable Invocation invocation) {
		this.usedBy = invocation;
	}

	/**
	 * Has everything done from now on rolled back by {@link #endRollbackOnly()}. To call
	 * it again has no effect.
	 */
	void beginRollbackOnly() throws SQLException {
		if (this.rollbackOnly == null) {
			this.rollbackOnly = RollbackOnlyTransaction.begin(this.connection);
		}
	}

	@Nullable RollbackOnlyTransaction rollbackOnly() {
		return this.rollbackOnly;
	}

	/**
	 * Rolls back, if this was begun. If the connection breaks, the server rolls back.
	 */
	void endRollbackOnly() {
		RollbackOnlyTransaction rollbackOnly = this.rollbackOnly;
		this.rollbackOnly = null;
		this.usedBy = null;
		try {
			if (rollbackOnly != null) {
				rollbackOnly.end();
			}
		}
		catch (SQLException ex) {
			logger.debug("A rollback-only transaction could not be ended", ex);
			abort();
		}
	}

	@Override
	public void observe(SQLException failure) {
		if (SqlStates.isSchemaChange(failure)) {
			this.statementsStale = true;
		}
		if (SqlStates.isDeadConnection(failure)) {
			declareDead(SqlStates.isEndOfSession(failure) ? Reason.SESSION_ENDED : Reason.CONNECTION_LOST);
		}
		else if (SqlStates.isReadOnlyServer(failure) && !this.settings.endpoint().isReader()
				&& !isReadOnlyByRequest()) {
			if (wasInTransaction() && this.rollbackOnly == null) {
				this.writeRefused = true;
			}
			else {
				declareDead(Reason.READ_ONLY);
			}
		}
	}

	/**
	 * Marks the connection as to be replaced when it is returned, or before it is lent
	 * again.
	 */
	private void declareDead(Reason reason) {
		this.dead = true;
		endBy(reason);
	}

	/**
	 * Makes the server and the driver discard prepared statements if one failed because
	 * its table has changed. They keep the types of their parameters, and would fail
	 * forever. Behind an RDS Proxy no statements are prepared. Not to be called in a
	 * transaction.
	 */
	void dropStaleStatements() throws SQLException {
		if (this.statementsStale && this.rollbackOnly == null) {
			this.statementsStale = false;
			if (this.settings.endpoint().isProxy()) {
				return;
			}
			try (Statement statement = this.connection.createStatement()) {
				statement.execute("DEALLOCATE ALL");
			}
		}
	}

	/**
	 * Asks the server whether it only reads, if it refused a write in a transaction: that
	 * may have been begun as one that only reads, by SQL. Not to be called in a
	 * transaction.
	 */
	void checkRefusedWrite() throws SQLException {
		if (this.writeRefused) {
			this.writeRefused = false;
			try (Statement statement = this.connection.createStatement();
					ResultSet resultSet = statement.executeQuery("SHOW transaction_read_only")) {
				if (!resultSet.next() || resultSet.getBoolean(1)) {
					declareDead(Reason.READ_ONLY);
				}
			}
		}
	}

	private boolean isReadOnlyByRequest() {
		try {
			return this.connection.isReadOnly();
		}
		catch (SQLException ex) {
			return false;
		}
	}

	@Override
	public boolean isUsable() {
		try {
			return !this.dead && !this.connection.isClosed();
		}
		catch (SQLException ex) {
			return false;
		}
	}

	@Override
	public boolean isBusy() {
		return this.guard.isBusy();
	}

	@Override
	public boolean hasOpenTransaction() throws SQLException {
		RollbackOnlyTransaction rollbackOnly = this.rollbackOnly;
		return isUsable() && ((rollbackOnly != null) ? !rollbackOnly.isAutoCommit()
				: !this.connection.getAutoCommit() || isInTransaction());
	}

	@Override
	public long checkDeadline(long now) {
		return this.guard.checkDeadline(now);
	}

	boolean isInTransaction() {
		return this.connection.getTransactionState() != TransactionState.IDLE;
	}

	@Override
	public boolean wasInTransaction() {
		return this.connection.wasInTransaction();
	}

	@Override
	public boolean isOutOfTransaction() {
		return this.connection.isOutOfTransaction();
	}

	void discardSession() throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute("DISCARD ALL");
		}
		this.usedBy = null;
	}

	/**
	 * Ends the transaction, whether it was begun by switching auto-commit off or by SQL.
	 */
	void rollBack() throws SQLException {
		RollbackOnlyTransaction rollbackOnly = this.rollbackOnly;
		if (rollbackOnly != null) {
			rollbackOnly.rollBack();
			rollbackOnly.setAutoCommit(true);
		}
		else if (!this.connection.getAutoCommit()) {
			this.connection.rollback();
		}
		else if (isInTransaction()) {
			try (Statement statement = this.connection.createStatement()) {
				statement.execute("ROLLBACK");
			}
		}
	}

	/**
	 * Returns whether no state is left from a borrower that used the driver's own
	 * connection directly. Asks the driver, not the server.
	 */
	boolean isClean() {
		if (this.rollbackOnly != null) {
			return !this.guard.isCopying();
		}
		try {
			return !this.guard.isCopying() && this.connection.getAutoCommit() && !isInTransaction()
					&& this.connection.isReadOnly() == this.readOnly;
		}
		catch (SQLException ex) {
			return false;
		}
	}

	boolean isUnused() {
		return !this.used;
	}

	void markUsed() {
		this.used = true;
		this.lastUsed = this.clock.instant();
	}

	/**
	 * Returns whether an idle connection may be lent. Asks the server only if there is a
	 * reason to doubt: the connection was idle for long, the clock was set back, or the
	 * server sent an unsolicited message, which usually means that it ended the session.
	 * A connection that another thread changed while it was idle, through the driver's
	 * own connection, is not lent.
	 * @param borrower the invocation it is to be lent for; it is not replaced for its age
	 * before the invocation that uses it has ended
	 */
	boolean isFitForLoan(@Nullable Invocation borrower) {
		Reason unfit = unfit(this.clock.instant(), borrower != null && borrower == this.usedBy);
		if (unfit != null) {
			endBy(unfit);
		}
		return unfit == null;
	}

	private @Nullable Reason unfit(Instant now, boolean again) {
		if (!isUsable()) {
			return Reason.CONNECTION_LOST;
		}
		if (!isClean()) {
			return Reason.RESET;
		}
		if (!again && isWornOut(now)) {
			return Reason.MAX_LIFETIME;
		}
		return (isDoubtful(now) && !answersProbe()) ? Reason.PROBE : null;
	}

	private boolean isWornOut(Instant now) {
		Duration maxLifetime = this.settings.maxLifetime();
		return !maxLifetime.isZero() && now.isAfter(this.openedAt.plus(maxLifetime));
	}

	private boolean isDoubtful(Instant now) {
		return now.isBefore(this.lastUsed) || !now.isBefore(this.lastUsed.plus(this.settings.validateAfter()))
				|| hasUnaskedAnswer();
	}

	private boolean hasUnaskedAnswer() {
		try {
			return this.socket.getInputStream().available() > 0;
		}
		catch (IOException ex) {
			return true;
		}
	}

	/**
	 * If a connection does not answer, the driver closes it, which with TLS reads once
	 * more and would wait as long again.
	 */
	private boolean answersProbe() {
		this.socket.limit(new Budget(PROBE_TIMEOUT));
		this.probing = true;
		try {
			return this.connection.isValid((int) PROBE_TIMEOUT.toSeconds());
		}
		catch (SQLException ex) {
			return false;
		}
		finally {
			this.probing = false;
			this.socket.unlimit();
		}
	}

	@Override
	public boolean cancel() {
		try {
			this.connection.cancelQuery();
			return this.attempt.isCancelDelivered();
		}
		catch (SQLException ex) {
			logger.debug("Could not ask the server to cancel", ex);
			return false;
		}
	}

	/**
	 * For the deadline.
	 */
	@Override
	public void cut() {
		cut(Reason.DEADLINE);
	}

	private void cut(Reason reason) {
		declareDead(reason);
		this.attempt.abortCancel();
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			logger.debug("The connection was closed already", ex);
		}
	}

	void close() {
		endBy(Reason.SCOPE);
		try {
			this.connection.close();
		}
		catch (SQLException ex) {
			logger.debug("Could not end the session; the socket is closed", ex);
			abort();
		}
	}

	/**
	 * Closes the socket without ending the session, because the server may be
	 * unreachable.
	 */
	void abort() {
		abort(Reason.ABORT);
	}

	void abort(Reason reason) {
		cut(reason);
		try {
			this.connection.close();
		}
		catch (SQLException ex) {
			logger.debug("The connection was closed already", ex);
		}
	}

	@Override
	public String toString() {
		return this.settings.endpoint() + " (backend " + this.connection.getBackendPID() + ")";
	}

}
