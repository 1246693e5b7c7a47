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
	static String protocol(ServerErrorMessage server, @Nullable String hint) {
		StringBuilder fields = new StringBuilder();
		append(fields, 'S', server.getSeverity());
		append(fields, 'C', server.getSQLState());
		append(fields, 'M', server.getMessage());
		append(fields, 'D', server.getDetail());
		append(fields, 'H', hint);
		append(fields, 'P', (server.getPosition() > 0) ? String.valueOf(server.getPosition()) : null);
		append(fields, 'W', context(server.getWhere()));
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

	// COPY quotes the row in the context of any error, also where the error's own text is
	// harmless
	private static @Nullable String context(@Nullable String where) {
		int copy = (where != null) ? ("\n" + where).indexOf("\nCOPY ") : -1;
		return (where == null || copy < 0) ? where : (copy == 0) ? null : where.substring(0, copy - 1);
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
