package io.soong.sql;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.PermissionDeniedDataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;

/**
 * Puts into the message what is wrong with the SQL. Spring leaves it to the cause, which
 * whoever invoked a Lambda function does not get to see, and takes a missing permission
 * for bad grammar.
 */
final class GrammarErrors {

	private static final String INSUFFICIENT_PRIVILEGE = "42501";

	private GrammarErrors() {
	}

	static DataAccessException withReason(BadSqlGrammarException ex) {
		SQLException cause = ex.getSQLException();
		ServerErrorMessage server = (cause instanceof PSQLException original) ? original.getServerErrorMessage() : null;
		if (cause == null || server == null || server.getMessage() == null) {
			return ex;
		}
		if (INSUFFICIENT_PRIVILEGE.equals(cause.getSQLState())) {
			return new PermissionDeniedDataAccessException(
					server.getMessage() + " (42501); GRANT what the statement needs to the role [" + ex.getSql() + "]",
					cause);
		}
		String hint = hint(server.getHint());
		return new BadSqlGrammarException(server.getMessage() + " (" + cause.getSQLState() + ")" + hint, ex.getSql(),
				cause);
	}

	private static String hint(@Nullable String hint) {
		return (hint != null) ? "; " + hint : "";
	}

}
