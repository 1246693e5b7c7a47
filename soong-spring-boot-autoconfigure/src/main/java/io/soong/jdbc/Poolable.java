package io.soong.jdbc;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * A connection as {@link ConnectionPool} sees it.
 */
interface Poolable extends Watchdog.Watched {

	/**
	 * Returns whether the connection is not known to be dead.
	 */
	boolean isUsable();

	/**
	 * Returns whether a thread waits for an answer of the server.
	 */
	boolean isBusy();

	/**
	 * Returns whether another loan would become part of a transaction: auto-commit is
	 * off, or one was begun in SQL. Called by the borrower alone.
	 */
	boolean hasOpenTransaction() throws SQLException;

	/**
	 * Returns the invocation that used the session last, and may have left settings and
	 * temporary tables in it.
	 */
	@Nullable Invocation usedBy();

}
