package io.soong.sql;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;

import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;

/**
 * Puts into the message why there is no connection. Spring leaves it to the cause, which
 * the caller of a Lambda function does not get to see.
 */
final class ConnectionErrors {

	private static final String STREAM = ": A stream that this thread opened outside a transaction holds the connection "
			+ "until it is closed. Close it first, open it and do the rest within inTransaction(...), or allow more "
			+ "connections (soong.connection.max)";

	private ConnectionErrors() {
	}

	static CannotGetJdbcConnectionException withReason(CannotGetJdbcConnectionException ex, boolean heldByStream) {
		return (ex.getCause() instanceof SQLException cause)
				? new CannotGetJdbcConnectionException(ex.getMessage() + reason(cause, heldByStream), cause) : ex;
	}

	static CannotCreateTransactionException withReason(CannotCreateTransactionException ex, boolean heldByStream) {
		return (ex.getCause() instanceof SQLException cause)
				? new CannotCreateTransactionException(ex.getMessage() + reason(cause, heldByStream), cause) : ex;
	}

	private static String reason(SQLException cause, boolean heldByStream) {
		return (heldByStream && cause instanceof SQLNonTransientConnectionException) ? STREAM
				: ": " + cause.getMessage();
	}

}
