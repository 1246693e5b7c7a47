package io.soong.jdbc;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

/**
 * A connection as the {@link ConnectionPool} sees it.
 */
interface PoolEntry extends Watchdog.Watched {

	/**
	 * Returns whether the connection is not known to be dead.
	 */
	boolean isUsable();

	boolean isBusy();

	/**
	 * Returns whether another loan would become part of a transaction: auto-commit is
	 * off, or SQL began one. Called only by the borrower.
	 */
	boolean hasOpenTransaction() throws SQLException;

	/**
	 * Returns the invocation that used the session last. Its settings and temporary
	 * tables may still exist.
	 */
	@Nullable Invocation usedBy();

}
