package io.soong.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.ServerErrorMessage;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.dao.InvalidDataAccessResourceUsageException;
import org.springframework.dao.PermissionDeniedDataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Translates errors of statements to Spring's exceptions, in the same way for every call:
 * the reason first, then a hint, then the SQL, shortened. Errors about data name the
 * column, parameter or row and omit the values. Thread-safe.
 */
final class StatementErrors {

	private static final String TASK = "Statement failed";

	// The number of a parameter in the context of an error: "unnamed portal parameter $3"
	// in the language of the server, with or without the value. A list of all parameters
	// follows a colon, and does not name the place
	private static final Pattern PARAMETER = Pattern.compile("^(?:[^\"$:\n]|\"[CS]_\\d+\")*\\$(\\d{1,5})(?: = .*)?",
			Pattern.DOTALL);

	// In the context of errors in every language: "JSON data, line 1: ..."
	private static final String JSON = "JSON";

	// Likewise: "PL/pgSQL function f() line 3 at RAISE", "SQL function "f" statement 1"
	private static final String FUNCTION = "SQL";

	private static final int CONTEXT_LENGTH = 100;

	private static final int MAX_CANDIDATES = 4;

	private final JdbcTemplate jdbcTemplate;

	private final ColumnTypes columnTypes;

	private final boolean valuesInErrors;

	StatementErrors(JdbcTemplate jdbcTemplate, ColumnTypes columnTypes, boolean valuesInErrors) {
		this.jdbcTemplate = jdbcTemplate;
		this.columnTypes = columnTypes;
		this.valuesInErrors = valuesInErrors;
	}

	/**
	 * Whether an exception says that nothing was stored, because the columns do not have
	 * the types that values were bound with. Callers use this method instead of the
	 * class, so that a successful start does not load it.
	 */
	static boolean isColumnsChanged(DataAccessException ex) {
		return ex instanceof ColumnsChangedException;
	}

	/**
	 * The exception for an error of a statement.
	 * @param rows says which of the rows an error is about; null for a single row
	 */
	DataAccessException translate(SQLException ex, StatementText text, Connection connection, @Nullable Rows rows) {
		if (ColumnTypes.isChange(ex)) {
			this.columnTypes.observe(ex, tables(text));
			return new ColumnsChangedException();
		}
		DataAccessException duplicate = (rows != null) ? rows.duplicate(ex) : null;
		if (duplicate != null) {
			return duplicate;
		}
		SQLException explained = explain(ex, text, connection, rows);
		this.columnTypes.observe(ex, tables(text));
		DataAccessException translated = this.jdbcTemplate.getExceptionTranslator().translate(TASK, null, explained);
		if (translated instanceof BadSqlGrammarException) {
			return grammar(explained, text);
		}
		return (translated != null) ? translated : new UncategorizedSQLException(TASK, null, explained);
	}

	/** The tables whose columns may decide how a value is bound. */
	static Set<String> tables(StatementText text) {
		Set<String> tables = new HashSet<>();
		for (Object parameter : text.parameters()) {
			if (parameter instanceof ParameterValue.Structured value && value.column() != null) {
				tables.add(value.column().table());
			}
		}
		return tables;
	}

	/** The exception with a hint; the catalogue may be queried at this point. */
	BadSqlGrammarException withHint(BadSqlGrammarException ex) {
		String sql = ex.getSql();
		SQLException error = ex.getSQLException();
		ServerErrorMessage server = (error instanceof ErrorHints.ExplainedException) ? DataErrors.server(error) : null;
		if (error == null || server == null || server.getHint() != null) {
			return ex;
		}
		Optional<String> found = this.jdbcTemplate
			.execute((ConnectionCallback<Optional<String>>) (connection) -> Optional
				.ofNullable(ErrorHints.of(server, sql, connection, this.columnTypes)));
		String hint = found.orElse(null);
		return (hint != null) ? new BadSqlGrammarException(ErrorHints.reason(server, hint), sql,
				ErrorHints.explained(error, server, hint, "", " [" + sql + "]")) : ex;
	}

	private static DataAccessException grammar(SQLException ex, StatementText text) {
		if (SqlState.of(ex) == SqlState.INSUFFICIENT_PRIVILEGE) {
			return new PermissionDeniedDataAccessException(String.valueOf(ex.getMessage()), ex);
		}
		return new BadSqlGrammarException(withoutSql(ex, text), text.shortened(), ex);
	}

	// The exception appends the SQL itself
	private static String withoutSql(SQLException ex, StatementText text) {
		String message = String.valueOf(ex.getMessage());
		String sql = appendix(text);
		return message.endsWith(sql) ? message.substring(0, message.length() - sql.length()) : message;
	}

	private static String appendix(StatementText text) {
		return " [" + text.shortened() + "]";
	}

	private SQLException explain(SQLException ex, StatementText text, Connection connection, @Nullable Rows rows) {
		ServerErrorMessage server = DataErrors.server(ex);
		boolean hidden = !this.valuesInErrors && (DataErrors.mayHoldValues(ex)
				|| (server != null && !text.parameters().isEmpty() && DataErrors.quotesOther(server, text.sql())));
		if (server == null) {
			return hidden ? DataErrors.withoutValues(ex) : ex;
		}
		String place = (rows != null) ? rows.copyPlace(server) : null;
		if (place == null && DataErrors.isAboutData(ex)) {
			place = place(ex, server, text, connection, rows);
		}
		String before = (place != null) ? place + ": " : "";
		if (hidden) {
			ServerErrorMessage harmless = DataErrors.withoutValues(server, ex.getSQLState());
			return new ErrorHints.ExplainedException(ex, harmless, before + harmless.getMessage() + appendix(text));
		}
		String hint = ErrorHints.of(server, text.sql(), connection, this.columnTypes);
		return ErrorHints.explained(ex, server, hint, before, appendix(text));
	}

	private @Nullable String place(SQLException ex, ServerErrorMessage server, StatementText text,
			Connection connection, @Nullable Rows rows) {
		String where = String.valueOf(server.getWhere());
		// The invalid line of json precedes the parameter
		String context = where.startsWith(JSON) ? afterLine(where) : where;
		Matcher parameter = PARAMETER.matcher(context.substring(0, Math.min(context.length(), CONTEXT_LENGTH)));
		if (parameter.find()) {
			int index = Integer.parseInt(parameter.group(1)) - 1;
			if (index >= 0 && index < text.parameters().size()) {
				return text.places().apply(index).toString();
			}
		}
		// A failure within a function need not concern the given values
		boolean within = context.contains(FUNCTION);
		if (server.getColumn() == null && server.getConstraint() == null && !within) {
			String candidates = candidates(ex, text, connection);
			if (candidates != null) {
				return candidates;
			}
		}
		return (rows != null) ? rows.range() : null;
	}

	private static String afterLine(String text) {
		int end = text.indexOf('\n');
		return (end >= 0) ? text.substring(end + 1) : "";
	}

	// The server says that a value does not fit, but not which: candidates are the values
	// of a possible type, if known only those that do not fit their columns
	private @Nullable String candidates(SQLException ex, StatementText text, Connection connection) {
		List<Integer> candidates = new ArrayList<>();
		List<Integer> misfits = new ArrayList<>();
		for (int i = 0; i < text.parameters().size(); i++) {
			Object value = text.parameters().get(i);
			if (value != null && canBeMeant(SqlState.of(ex), value)) {
				candidates.add(i);
				if (!fits(value, text.places().apply(i), connection)) {
					misfits.add(i);
				}
			}
		}
		List<Integer> left = misfits.isEmpty() ? candidates : misfits;
		if (left.isEmpty() || left.size() > MAX_CANDIDATES) {
			return null;
		}
		return (misfits.isEmpty() ? "perhaps " : "") + String.join(" or ",
				left.stream().map((index) -> text.places().apply(index).toString()).distinct().toList());
	}

	private boolean fits(Object value, ParameterPlace place, Connection connection) {
		if (!(place instanceof ParameterPlace.Assigned assigned)) {
			return true;
		}
		DatabaseType type = this.columnTypes.of(assigned.column(), connection);
		return type == null || type.fits(value);
	}

	private static boolean canBeMeant(SqlState state, Object value) {
		return switch (state) {
			case STRING_DATA_RIGHT_TRUNCATION -> value instanceof String || value instanceof ParameterValue.Text;
			case NUMERIC_VALUE_OUT_OF_RANGE -> value instanceof Number;
			case INVALID_DATETIME_FORMAT, DATETIME_FIELD_OVERFLOW, INVALID_TEXT_REPRESENTATION ->
				value instanceof String;
			default -> false;
		};
	}

	/**
	 * The columns of a table do not have the types that values were bound with. Nothing
	 * was stored.
	 */
	static final class ColumnsChangedException extends InvalidDataAccessResourceUsageException {

		private static final long serialVersionUID = 1L;

		ColumnsChangedException() {
			super("Nothing was stored, because the types of the table's columns have changed since this process read them "
					+ "(another search_path, or a migration). Roll back the transaction and run it again, which reads the "
					+ "types again");
		}

	}

	/**
	 * Says which of many rows an error concerns. An error of COPY names line and column,
	 * next to the value, which is omitted; an error of INSERT names neither.
	 *
	 * @param first the number of the first row of the statement, from 1
	 * @param last the number of its last row
	 */
	record Rows(String table, List<String> columns, List<String> keys, long first, long last) {

		// "COPY gizmos, line 3, column price: ...", in the language of the server
		private static final Pattern COPY_CONTEXT = Pattern
			.compile("^COPY \\S+, \\S+ (\\d{1,18})(?:, \\S+ ([\\w$]+): )?", Pattern.MULTILINE);

		/** The place that COPY names, or null. */
		@Nullable String copyPlace(ServerErrorMessage server) {
			String where = server.getWhere();
			Matcher matcher = (where != null) ? COPY_CONTEXT.matcher(where) : null;
			if (matcher == null || !matcher.find()) {
				return null;
			}
			String place = "row " + (this.first - 1 + Long.parseLong(matcher.group(1)))
					+ " of the rows given for table \"" + this.table + "\"";
			String column = matcher.group(2);
			// Otherwise it may be a part of a value
			return (column != null && this.columns.contains(column)) ? place + ", column \"" + column + "\"" : place;
		}

		String range() {
			return (this.first == this.last)
					? "row " + this.first + " of the rows given for table \"" + this.table + "\""
					: "one of the rows " + this.first + " to " + this.last + " given for table \"" + this.table + "\"";
		}

		/**
		 * The exception for two rows of one upsert with the same key; null for any other
		 * error. Spring would report this SQLState as an error of the SQL.
		 */
		@Nullable DataAccessException duplicate(SQLException ex) {
			ServerErrorMessage server = DataErrors.server(ex);
			if (this.keys.isEmpty() || server == null || SqlState.of(ex) != SqlState.CARDINALITY_VIOLATION
					|| !"ExecOnConflictUpdate".equals(server.getRoutine())) {
				return null;
			}
			return new InvalidDataAccessApiUsageException("Two of the rows " + this.first + " to " + this.last
					+ " given for table \"" + this.table + "\" have the same key " + this.keys
					+ ", and one statement writes a row only once; leave all but the last of them out", ex);
		}

	}

}
