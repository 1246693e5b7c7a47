package io.soong.sql;

import java.sql.SQLException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.InvalidDataAccessApiUsageException;

/**
 * Says which of many rows an error is about. COPY's errors name line and column, next to
 * the value, which is left where it is; those of an INSERT name neither.
 *
 * @param table the table
 * @param columns the columns written
 * @param keys the key columns of an upsert
 * @param first the number of the first row of the statement, from 1
 * @param last the number of its last row
 */
record RowErrors(String table, List<String> columns, List<String> keys, long first, long last) {

	// "COPY gizmos, line 3, column price: ...", in the language of the server
	private static final Pattern COPY_CONTEXT = Pattern.compile("^COPY \\S+, \\S+ (\\d{1,18})(?:, \\S+ ([\\w$]+): )?",
			Pattern.MULTILINE);

	/** The place that COPY names, or null. */
	@Nullable String copyPlace(ServerErrorMessage server) {
		String where = server.getWhere();
		Matcher matcher = (where != null) ? COPY_CONTEXT.matcher(where) : null;
		if (matcher == null || !matcher.find()) {
			return null;
		}
		String place = "row " + (this.first - 1 + Long.parseLong(matcher.group(1))) + " of the rows given for table \""
				+ this.table + "\"";
		String column = matcher.group(2);
		// Only what was a column before is one, and no part of a value
		return (column != null && this.columns.contains(column)) ? place + ", column \"" + column + "\"" : place;
	}

	/** The rows that an error may be about. */
	String range() {
		return (this.first == this.last) ? "row " + this.first + " of the rows given for table \"" + this.table + "\""
				: "one of the rows " + this.first + " to " + this.last + " given for table \"" + this.table + "\"";
	}

	/**
	 * The exception for two rows of one upsert that are one by their key; null for any
	 * other error. No error of the SQL, for which Spring takes this state.
	 */
	@Nullable DataAccessException duplicate(SQLException ex) {
		ServerErrorMessage server = (ex instanceof PSQLException original) ? original.getServerErrorMessage() : null;
		if (this.keys.isEmpty() || server == null || !"21000".equals(ex.getSQLState())
				|| !"ExecOnConflictUpdate".equals(server.getRoutine())) {
			return null;
		}
		return new InvalidDataAccessApiUsageException("Two of the rows " + this.first + " to " + this.last
				+ " given for table \"" + this.table + "\" are one row by their key " + this.keys
				+ ", and one statement writes a row only once; leave all but the last of them out", ex);
	}

}
