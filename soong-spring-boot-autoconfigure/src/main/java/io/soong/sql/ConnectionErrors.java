package io.soong.sql;

import java.sql.SQLException;

import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;

/**
 * Puts into the message why there is no connection. Spring leaves it to the cause, which
 * whoever invoked a Lambda function does not get to see.
 */
final class ConnectionErrors {

	private ConnectionErrors() {
	}

	static CannotGetJdbcConnectionException withReason(CannotGetJdbcConnectionException ex) {
		return (ex.getCause() instanceof SQLException cause)
				? new CannotGetJdbcConnectionException(ex.getMessage() + ": " + cause.getMessage(), cause) : ex;
	}

	static CannotCreateTransactionException withReason(CannotCreateTransactionException ex) {
		return (ex.getCause() instanceof SQLException cause)
				? new CannotCreateTransactionException(ex.getMessage() + ": " + cause.getMessage(), cause) : ex;
	}

}
