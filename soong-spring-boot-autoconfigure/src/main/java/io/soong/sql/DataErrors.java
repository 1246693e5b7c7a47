package io.soong.sql;

import java.sql.SQLException;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Takes the values out of the server's errors about data: SQLState classes 22 (data
 * exception) and 23 (integrity constraint violation), and P0001 (raised by a function),
 * whose text and detail may quote what was bound or stored. What remains is SQLState,
 * schema, table, column, constraint and type, also as {@link ServerErrorMessage}.
 */
final class DataErrors {

	private DataErrors() {
	}

	static boolean mayHoldValues(SQLException ex) {
		String state = ex.getSQLState();
		return state != null && (state.startsWith("22") || state.startsWith("23") || state.equals("P0001"));
	}

	/** The error without values, in place of one that may hold them. */
	static SQLException withoutValues(SQLException ex) {
		if (!mayHoldValues(ex)) {
			return ex;
		}
		ServerErrorMessage server = (ex instanceof PSQLException original) ? original.getServerErrorMessage() : null;
		String state = ex.getSQLState();
		// The original is no cause of it, because it is printed with its causes
		SQLException result = (server != null) ? new PSQLException(new ServerErrorMessage(protocol(server, state)))
				: new SQLException(message(state, null), state);
		result.setStackTrace(ex.getStackTrace());
		return result;
	}

	// The form in which the server itself sends its errors, the only one that the
	// driver's class is made from
	private static String protocol(ServerErrorMessage server, String state) {
		StringBuilder fields = new StringBuilder();
		append(fields, 'S', server.getSeverity());
		append(fields, 'C', state);
		append(fields, 'M', message(state, server));
		append(fields, 's', server.getSchema());
		append(fields, 't', server.getTable());
		append(fields, 'c', server.getColumn());
		append(fields, 'd', server.getDatatype());
		append(fields, 'n', server.getConstraint());
		return fields.toString();
	}

	private static void append(StringBuilder fields, char field, @Nullable String value) {
		if (value != null) {
			fields.append(field).append(value).append('\0');
		}
	}

	private static String message(@Nullable String state, @Nullable ServerErrorMessage server) {
		StringBuilder message = new StringBuilder(reason(state)).append(" (SQLState ").append(state);
		if (server != null) {
			append(message, "table", server.getTable());
			append(message, "column", server.getColumn());
			append(message, "constraint", server.getConstraint());
			append(message, "type", server.getDatatype());
		}
		return message.append("); the server's own text may hold values and is left out").toString();
	}

	private static void append(StringBuilder message, String kind, @Nullable String name) {
		if (name != null) {
			message.append(", ").append(kind).append(" \"").append(name).append('"');
		}
	}

	private static String reason(@Nullable String state) {
		return switch ((state != null) ? state : "") {
			case "22001" -> "text is too long for its column";
			case "22003" -> "a number is out of range";
			case "22007", "22008" -> "a date or time is not valid";
			case "22012" -> "division by zero";
			case "22021" -> "text has a character that the encoding lacks, such as NUL";
			case "22P02" -> "text is not valid for its type";
			case "22P05" -> "text has a character that cannot be converted";
			case "23502" -> "a column without default must not be NULL";
			case "23503" -> "a foreign key is violated";
			case "23505" -> "a unique constraint is violated";
			case "23514" -> "a check constraint is violated";
			case "23P01" -> "an exclusion constraint is violated";
			case "P0001" -> "a function in the database raised an exception";
			default -> (state != null && state.startsWith("23")) ? "an integrity constraint is violated"
					: "a value is not valid";
		};
	}

}
