package io.soong.sql;

import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * An error of the server in words that say what it is about: its place among what was
 * given, the reason, a hint, and the SQL last.
 */
final class ExplainedException extends PSQLException {

	private static final long serialVersionUID = 1L;

	private final String message;

	ExplainedException(ServerErrorMessage server, String message) {
		super(server);
		this.message = message;
	}

	@Override
	public String getMessage() {
		return this.message;
	}

}
