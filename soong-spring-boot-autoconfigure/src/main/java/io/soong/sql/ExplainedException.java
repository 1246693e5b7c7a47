package io.soong.sql;

import java.sql.Connection;
import java.sql.SQLException;

import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.jspecify.annotations.Nullable;

/**
 * An error of the server with an explanation: the place of the value, the reason, a hint,
 * and the SQL last.
 */
final class ExplainedException extends PSQLException {

	private static final long serialVersionUID = 1L;

	private final String message;

	ExplainedException(ServerErrorMessage server, String message) {
		super(server);
		this.message = message;
	}

	/**
	 * The error of the catalogue query for a call on a table. It names the table and
	 * omits the SQL, which the caller did not write.
	 */
	static SQLException ofLookUp(SQLException ex, String table, Connection connection, ErrorHints.KnownNames known) {
		ServerErrorMessage server = (ex instanceof PSQLException original) ? original.getServerErrorMessage() : null;
		if (server == null) {
			return ex;
		}
		String hint = ErrorHints.of(server, "", connection, known);
		String message = "The columns of table \"" + table + "\" cannot be read: " + server.getMessage() + " ("
				+ server.getSQLState() + ")" + ((hint != null) ? "; " + hint : "");
		SQLException result = new ExplainedException(new ServerErrorMessage(DataErrors.Protocol.protocol(server, hint)),
				message);
		result.setStackTrace(ex.getStackTrace());
		return result;
	}

	@Override
	public String getMessage() {
		return this.message;
	}

}
