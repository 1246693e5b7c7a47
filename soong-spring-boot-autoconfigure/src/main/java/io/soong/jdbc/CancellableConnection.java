package io.soong.jdbc;

import java.sql.SQLException;

/**
 * The connection as its {@link DeadlineGuard} sees it. Any thread may call the methods
 * that end a statement.
 */
interface CancellableConnection {

	void observe(SQLException failure);

	/**
	 * Asks the server to cancel the running statement.
	 * @return whether the server has processed the request, so that it cannot hit the
	 * next statement
	 */
	boolean cancel();

	/**
	 * Makes the running call, and every later one, fail. Does not block.
	 */
	void cut();

	/**
	 * Returns whether the failed statement was part of a transaction that cannot be
	 * committed any more. Outside such a transaction, a statement may have taken effect.
	 */
	boolean wasInTransaction();

	/**
	 * Returns whether there is no transaction although the last statement should have
	 * begun one.
	 */
	boolean isOutOfTransaction();

}
