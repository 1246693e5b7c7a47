package io.soong.jdbc;

import java.sql.SQLNonTransientConnectionException;

/**
 * A token was not sent, because the server is not verified.
 */
final class UnverifiedServerException extends SQLNonTransientConnectionException {

	private static final long serialVersionUID = 1L;

	UnverifiedServerException() {
		super("an IAM token is sent to a fully verified server only", SqlStates.CANNOT_CONNECT);
	}

}
