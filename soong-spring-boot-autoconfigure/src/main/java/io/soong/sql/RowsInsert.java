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

	private final ColumnCheck check;

	private final StatementErrors errors;

	private final RowErrors rows;

	/**
	 * Prepares the INSERT.
	 * @param text the statement
	 * @param check the check of the columns it writes
	 * @param errors translates errors
	 * @param rows says which of the rows an error is about
	 */
	RowsInsert(SqlText text, ColumnCheck check, StatementErrors errors, RowErrors rows) {
		this.text = text;
		this.check = check;
		this.errors = errors;
		this.rows = rows;
	}

	@Override
	public PreparedStatement createPreparedStatement(Connection connection) throws SQLException {
		return connection.prepareStatement(this.check.around(this.text.sql(), connection));
	}

	@Override
	public Integer doInPreparedStatement(PreparedStatement statement) throws SQLException {
		try {
			Binder.bind(statement, this.text.parameters());
			if (this.check.isEmpty()) {
				return statement.executeUpdate();
			}
			return this.check.guard(statement.getConnection(), () -> {
				this.check.run(statement);
				return statement.getUpdateCount();
			});
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
