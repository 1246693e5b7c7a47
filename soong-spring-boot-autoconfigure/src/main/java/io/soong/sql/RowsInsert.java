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

	private final StatementErrors errors;

	private final RowErrors rows;

	/**
	 * Prepares the INSERT.
	 * @param text the statement
	 * @param check what stands before it: see {@link ColumnTypes#check}
	 * @param errors translates errors
	 * @param rows says which of the rows an error is about
	 */
	RowsInsert(SqlText text, String check, StatementErrors errors, RowErrors rows) {
		this.text = text;
		this.check = check;
		this.errors = errors;
		this.rows = rows;
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
			throw this.errors.translate(ex, this.text, statement.getConnection(), this.rows);
		}
	}

	@Override
	public String getSql() {
		return this.text.shortened();
	}

}
