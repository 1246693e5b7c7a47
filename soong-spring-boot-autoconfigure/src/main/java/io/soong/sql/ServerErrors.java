package io.soong.sql;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.ServerErrorMessage;

/**
 * Writes an error in the form in which the server itself sends it, the only one that the
 * driver's class is made from.
 */
final class ServerErrors {

	private ServerErrors() {
	}

	/** All of the error, and a hint. */
	static String protocol(ServerErrorMessage server, String hint) {
		StringBuilder fields = new StringBuilder();
		append(fields, 'S', server.getSeverity());
		append(fields, 'C', server.getSQLState());
		append(fields, 'M', server.getMessage());
		append(fields, 'D', server.getDetail());
		append(fields, 'H', hint);
		append(fields, 'P', (server.getPosition() > 0) ? String.valueOf(server.getPosition()) : null);
		append(fields, 'W', server.getWhere());
		append(fields, 'F', server.getFile());
		append(fields, 'L', (server.getLine() > 0) ? String.valueOf(server.getLine()) : null);
		append(fields, 'R', server.getRoutine());
		appendNames(fields, server);
		return fields.toString();
	}

	/** An error of other text, about the same things. */
	static String protocol(ServerErrorMessage server, @Nullable String state, String message) {
		StringBuilder fields = new StringBuilder();
		append(fields, 'S', server.getSeverity());
		append(fields, 'C', state);
		append(fields, 'M', message);
		appendNames(fields, server);
		return fields.toString();
	}

	private static void appendNames(StringBuilder fields, ServerErrorMessage server) {
		append(fields, 's', server.getSchema());
		append(fields, 't', server.getTable());
		append(fields, 'c', server.getColumn());
		append(fields, 'd', server.getDatatype());
		append(fields, 'n', server.getConstraint());
	}

	private static void append(StringBuilder fields, char field, @Nullable String value) {
		if (value != null) {
			fields.append(field).append(value).append('\0');
		}
	}

}
