package io.soong.sql;

import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

import org.springframework.dao.InvalidDataAccessApiUsageException;

/**
 * Says which of the rows given an error is about. COPY's errors name line and column,
 * next to the value, which is left where it is; those of an INSERT name neither.
 *
 * @param table the table
 * @param columns the columns written
 * @param keys the key columns of an upsert
 * @param valuesInErrors whether the server's own text may be shown
 */
record RowErrors(String table, List<String> columns, List<String> keys, boolean valuesInErrors) {

	// "COPY gizmos, line 3, column price: ...", in the language of the server
	private static final Pattern COPY_CONTEXT = Pattern.compile("^COPY \\S+, \\S+ (\\d{1,18})(?:, \\S+ ([\\w$]+): )?",
			Pattern.MULTILINE);

	/**
	 * The error of a statement that wrote some of the rows.
	 * @param ex the error
	 * @param first the number of its first row, from 1
	 * @param last the number of its last row
	 */
	SQLException of(SQLException ex, long first, long last) {
		ServerErrorMessage server = (ex instanceof PSQLException original) ? original.getServerErrorMessage() : null;
		String place = (server != null) ? place(server, first) : null;
		if (isDuplicate(ex, server)) {
			// No error of the SQL, for which Spring takes this state
			throw new InvalidDataAccessApiUsageException("Two of the rows " + first + " to " + last
					+ " given for table \"" + this.table + "\" are one row by their key " + this.keys
					+ ", and one statement writes a row only once; leave all but the last of them out", ex);
		}
		if (place == null && DataErrors.mayHoldValues(ex)) {
			place = (first == last) ? "row " + first + " of the rows given for table \"" + this.table + "\""
					: "one of the rows " + first + " to " + last + " given for table \"" + this.table + "\"";
		}
		SQLException shown = this.valuesInErrors ? ex : DataErrors.withoutValues(ex);
		return (place != null) ? new SQLException(place + ": " + shown.getMessage(), ex.getSQLState(), shown) : shown;
	}

	private @Nullable String place(ServerErrorMessage server, long first) {
		String where = server.getWhere();
		Matcher matcher = (where != null) ? COPY_CONTEXT.matcher(where) : null;
		if (matcher == null || !matcher.find()) {
			return null;
		}
		String place = "row " + (first - 1 + Long.parseLong(matcher.group(1))) + " of the rows given for table \""
				+ this.table + "\"";
		String column = matcher.group(2);
		// Only what was a column before is one, and no part of a value
		return (column != null && this.columns.contains(column)) ? place + ", column \"" + column + "\"" : place;
	}

	private boolean isDuplicate(SQLException ex, @Nullable ServerErrorMessage server) {
		return !this.keys.isEmpty() && "21000".equals(ex.getSQLState()) && server != null
				&& "ExecOnConflictUpdate".equals(server.getRoutine());
	}

}
