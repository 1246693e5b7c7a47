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

	private final RowErrors errors;

	private final long first;

	private final long last;

	/**
	 * Prepares the INSERT.
	 * @param text the statement
	 * @param errors says what went wrong
	 * @param first the number of its first row, from 1
	 * @param last the number of its last row
	 */
	RowsInsert(SqlText text, RowErrors errors, long first, long last) {
		this.text = text;
		this.errors = errors;
		this.first = first;
		this.last = last;
	}

	@Override
	public PreparedStatement createPreparedStatement(Connection connection) throws SQLException {
		return connection.prepareStatement(this.text.sql());
	}

	@Override
	public Integer doInPreparedStatement(PreparedStatement statement) throws SQLException {
		try {
			Binder.bind(statement, this.text.parameters());
			return statement.executeUpdate();
		}
		catch (SQLException ex) {
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
