package io.soong.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.jdbc.core.PreparedStatementCreator;
import org.springframework.jdbc.core.SqlProvider;

/**
 * Writes a few rows by one INSERT.
 */
final class RowsInsert implements PreparedStatementCreator, PreparedStatementCallback<Integer>, SqlProvider {

	private final SqlText text;

	// Stands before the statement, if it is not empty
	private final String check;

	private final StatementRunner runner;

	private final RowErrors errors;

	private final long first;

	private final long last;

	/**
	 * Prepares the INSERT.
	 * @param text the statement
	 * @param check what stands before it: see {@link ColumnTypes#check}
	 * @param runner knows the types of columns
	 * @param errors says what went wrong
	 * @param first the number of its first row, from 1
	 * @param last the number of its last row
	 */
	RowsInsert(SqlText text, String check, StatementRunner runner, RowErrors errors, long first, long last) {
		this.text = text;
		this.check = check;
		this.runner = runner;
		this.errors = errors;
		this.first = first;
		this.last = last;
	}

	@Override
	public PreparedStatement createPreparedStatement(Connection connection) throws SQLException {
		return connection.prepareStatement(this.check + this.text.sql());
	}

	@Override
	public Integer doInPreparedStatement(PreparedStatement statement) throws SQLException {
		try {
			Binder.bind(statement, this.text.parameters());
			if (this.check.isEmpty()) {
				return statement.executeUpdate();
			}
			statement.execute();
			statement.getMoreResults();
			return statement.getUpdateCount();
		}
		catch (SQLException ex) {
			this.runner.throwIfColumnsChanged(ex);
			throw this.errors.of(ex, this.first, this.last);
		}
	}

	/** The beginning, for messages: the rest of it is question marks. */
	@Override
	public String getSql() {
		String sql = this.text.sql();
		return sql.substring(0, sql.indexOf(") VALUES (") + 9) + "...";
	}

}
