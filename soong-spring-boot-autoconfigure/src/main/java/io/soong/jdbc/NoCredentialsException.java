package io.soong.jdbc;

import java.sql.SQLException;
import java.sql.SQLTransientException;

/**
 * A provider of credentials failed. The provider's own exception is the cause.
 */
final class NoCredentialsException extends SQLException {

	private static final long serialVersionUID = 1L;

	private final boolean isTransient;

	NoCredentialsException(Exception failure) {
		super(reason(failure), SqlStates.CANNOT_CONNECT, failure);
		this.isTransient = failure instanceof SQLTransientException;
	}

	boolean isTransient() {
		return this.isTransient;
	}

	/**
	 * The message of an SQLException is meant for people. Other exceptions are reported
	 * with their type.
	 */
	private static String reason(Exception failure) {
		String text = ServerText.withoutFullStop(failure.getMessage());
		return (failure instanceof SQLException) ? text
				: "the provider failed with " + failure.getClass().getName() + ": " + text;
	}

}
