package io.soong.jdbc;

import java.sql.SQLException;

/**
 * A connection as its {@link Guard} sees it. What ends a statement may be called by any
 * thread.
 */
interface Guarded {

	/**
	 * Notes what a failure says about the connection.
	 */
	void observe(SQLException failure);

	/**
	 * Asks the server to cancel what runs.
	 * @return whether the server is done with the request, so that it cannot hit what
	 * runs next
	 */
	boolean cancel();

	/**
	 * Makes what runs, and everything after it, fail. Does not block.
	 */
	void cut();

	/**
	 * Returns whether what broke was part of a transaction that cannot be committed any
	 * more. A statement that is not may have taken effect.
	 */
	boolean wasInTransaction();

	/**
	 * Returns whether there is no transaction although a statement has just been run that
	 * was to begin one.
	 */
	boolean isOutOfTransaction();

}
