package io.soong.sql;

import java.sql.SQLException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Removes the values from the server's errors about data: SQLState classes 22 (data
 * exception) and 23 (integrity constraint violation), exceptions raised by functions, and
 * rows refused by the check of a view. Their text and detail may quote bound or stored
 * values. SQLState, schema, table, column, constraint and type remain, also in the
 * {@link ServerErrorMessage}.
 */
final class DataErrors {

	// The server's function that runs RAISE
	private static final String RAISE = "exec_stmt_raise";

	/** In the style of the server's language. */
	private static final Pattern QUOTED = Pattern.compile("[\"\u00bb\u00ab\u201e](.+?)[\"\u00ab\u00bb\u201c]",
			Pattern.DOTALL);

	private DataErrors() {
	}

	static boolean mayHoldValues(SQLException ex) {
		return isAboutData(ex) || isInCopy(ex) || isRaised(server(ex));
	}

	/**
	 * Whether an error of class 42 quotes something that is not in the SQL: a value that
	 * the server took for a name or for a query of text search. Such an error has no
	 * position in the SQL. That of a query which a function has built may hold values,
	 * too.
	 */
	static boolean quotesOther(ServerErrorMessage server, String sql) {
		if (!String.valueOf(server.getSQLState()).startsWith("42") || server.getPosition() > 0
				|| SqlState.of(server.getSQLState()) == SqlState.INSUFFICIENT_PRIVILEGE) {
			return false;
		}
		if (server.getInternalQuery() != null) {
			return String.valueOf(server.getWhere()).contains("EXECUTE");
		}
		Matcher quoted = QUOTED.matcher(String.valueOf(server.getMessage()));
		String text = sql.toLowerCase(Locale.ROOT);
		while (quoted.find()) {
			String name = quoted.group(1).toLowerCase(Locale.ROOT);
			if (!Pattern.compile("(?<!\\w)" + Pattern.quote(name) + "(?!\\w)").matcher(text).find()) {
				return true;
			}
		}
		return false;
	}

	// A function may raise any SQLState with its own text
	private static boolean isRaised(@Nullable ServerErrorMessage server) {
		return server != null && RAISE.equals(server.getRoutine());
	}

	/** The server's message; null for an error of the driver. */
	static @Nullable ServerErrorMessage server(SQLException ex) {
		return (ex instanceof PSQLException original) ? original.getServerErrorMessage() : null;
	}

	/**
	 * Whether an error is about the data, so that it concerns one of the given values.
	 */
	static boolean isAboutData(SQLException ex) {
		return switch (SqlState.of(ex)) {
			// Class P0 is of functions: what they raise, and the parameters of a query in
			// them
			case WITH_CHECK_OPTION_VIOLATION -> true;
			default -> SqlState.isOfClass(ex, "22", "23", "P0");
		};
	}

	// The context of an error during COPY quotes the line
	private static boolean isInCopy(SQLException ex) {
		ServerErrorMessage server = server(ex);
		return server != null && server.getWhere() != null && server.getWhere().startsWith("COPY ");
	}

	/** The error without values, replacing one that may contain them. */
	static SQLException withoutValues(SQLException ex) {
		if (!mayHoldValues(ex)) {
			return ex;
		}
		ServerErrorMessage server = server(ex);
		String state = ex.getSQLState();
		// The original is not the cause, because causes are printed
		SQLException result = (server != null) ? new PSQLException(withoutValues(server, state))
				: new SQLException(message(state, null), state);
		result.setStackTrace(ex.getStackTrace());
		return result;
	}

	/** The server's message without values. */
	static ServerErrorMessage withoutValues(ServerErrorMessage server, @Nullable String state) {
		return new Protocol().field('S', server.getSeverity())
			.field('C', state)
			.field('M', message(state, server))
			.names(server)
			.message();
	}

	/** The complete message of the server, with another hint. */
	static ServerErrorMessage withHint(ServerErrorMessage server, @Nullable String hint) {
		return new Protocol().field('S', server.getSeverity())
			.field('C', server.getSQLState())
			.field('M', server.getMessage())
			.field('D', server.getDetail())
			.field('H', hint)
			.field('P', (server.getPosition() > 0) ? String.valueOf(server.getPosition()) : null)
			.field('W', Protocol.context(server.getWhere()))
			.field('F', server.getFile())
			.field('L', (server.getLine() > 0) ? String.valueOf(server.getLine()) : null)
			.field('R', server.getRoutine())
			.names(server)
			.message();
	}

	private static String message(@Nullable String state, @Nullable ServerErrorMessage server) {
		StringBuilder message = new StringBuilder(reason(isRaised(server) ? SqlState.RAISE_EXCEPTION.code() : state))
			.append(" (SQLState ")
			.append(state);
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
		return switch (SqlState.of(state)) {
			case STRING_DATA_RIGHT_TRUNCATION -> "text is too long for its column";
			case NUMERIC_VALUE_OUT_OF_RANGE -> "a number is out of range";
			case INVALID_DATETIME_FORMAT, DATETIME_FIELD_OVERFLOW -> "a date or time is not valid";
			case DIVISION_BY_ZERO -> "division by zero";
			case CHARACTER_NOT_IN_REPERTOIRE -> "text has a character that the encoding lacks, such as NUL";
			case INVALID_TEXT_REPRESENTATION -> "text is not valid for its type";
			case UNTRANSLATABLE_CHARACTER -> "text has a character that cannot be converted";
			case NOT_NULL_VIOLATION -> "a column that must not be NULL got NULL or no value";
			case FOREIGN_KEY_VIOLATION -> "a foreign key is violated";
			case UNIQUE_VIOLATION -> "a unique constraint is violated";
			case CHECK_VIOLATION -> "a check constraint is violated";
			case EXCLUSION_VIOLATION -> "an exclusion constraint is violated";
			case WITH_CHECK_OPTION_VIOLATION -> "the check of a view is violated";
			case ASSERT_FAILURE -> "an assertion in a function of the database failed";
			case RAISE_EXCEPTION -> "a function in the database raised an exception";
			default -> reasonOfClass(String.valueOf(state));
		};
	}

	private static String reasonOfClass(String state) {
		return state.startsWith("23") ? "an integrity constraint is violated"
				: state.startsWith("22") ? "a value is not valid" : state.startsWith("42")
						? "a value is not valid, or names something that does not exist"
						: state.startsWith("P0") ? "a function in the database failed" : "a COPY was interrupted";
	}

	/**
	 * Writes an error in the form in which the server sends it, because the driver's
	 * class can be created from that form only.
	 */
	private static final class Protocol {

		private static final Pattern QUOTED_PARAMETER = Pattern.compile("\\$\\d+ = ");

		private final StringBuilder fields = new StringBuilder();

		private Protocol field(char field, @Nullable String value) {
			if (value != null) {
				this.fields.append(field).append(value).append('\0');
			}
			return this;
		}

		private Protocol names(ServerErrorMessage server) {
			return field('s', server.getSchema()).field('t', server.getTable())
				.field('c', server.getColumn())
				.field('d', server.getDatatype())
				.field('n', server.getConstraint());
		}

		private ServerErrorMessage message() {
			return new ServerErrorMessage(this.fields.toString());
		}

		/**
		 * The context of an error without the lines that may hold values. COPY quotes the
		 * row in the context of any error, and servers with
		 * log_parameter_max_length_on_error quote all parameters, also if the error's own
		 * text is harmless. A value may have several lines, so that everything after it
		 * is left out.
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

	}

}
