package io.soong.sql;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.ServerErrorMessage;

/**
 * Writes an error in the form in which the server itself sends it, the only one that the
 * driver's class is made from.
 */
final class ServerErrors {

	private static final Pattern QUOTED_PARAMETER = Pattern.compile("\\$\\d+ = ");

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

	/**
	 * The context of an error as far as it holds no values. COPY quotes the row in the
	 * context of any error, and servers with log_parameter_max_length_on_error quote all
	 * parameters, also where the error's own text is harmless. A value may have several
	 * lines, so that all behind it is left out.
	 */
	private static @Nullable String context(@Nullable String where) {
		if (where == null) {
			return null;
		}
		StringBuilder harmless = new StringBuilder();
		for (String line : where.split("\n", -1)) {
			if (line.startsWith("COPY ") || QUOTED_PARAMETER.matcher(line).find()) {
				break;
			}
			harmless.append(harmless.isEmpty() ? "" : "\n").append(line);
		}
		return harmless.isEmpty() ? null : harmless.toString();
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
