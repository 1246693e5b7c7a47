package io.soong.sql;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;

/**
 * Runs statements on the {@link JdbcTemplate}, so on the connection of the transaction
 * and with its translation of errors. Thread-safe.
 */
final class StatementRunner {

	/** No bound on the rows read but the JdbcTemplate's own. */
	static final int ALL = -1;

	private final JdbcTemplate jdbcTemplate;

	private final Json json;

	private final ColumnTypes columnTypes;

	private final boolean valuesInErrors;

	StatementRunner(JdbcTemplate jdbcTemplate, Json json, boolean valuesInErrors) {
		this.jdbcTemplate = jdbcTemplate;
		this.json = json;
		this.columnTypes = new ColumnTypes(jdbcTemplate);
		this.valuesInErrors = valuesInErrors;
	}

	/** The rows of a statement, mapped; at most so many. */
	<T> List<T> query(SqlText text, Target<T> target, int maxRows) {
		return run(text, (statement) -> {
			if (maxRows != ALL) {
				statement.setMaxRows(maxRows);
			}
			try (ResultSet resultSet = resultSet(statement)) {
				RowReader<T> reader = target.reader(resultSet.getMetaData());
				List<T> rows = new ArrayList<>();
				// A scalar that is NULL is null in the list, as in those of JdbcTemplate
				while (resultSet.next()) {
					rows.add(reader.read(resultSet));
				}
				return rows;
			}
		});
	}

	<T extends @Nullable Object> List<T> query(SqlText text, RowMapper<T> mapper) {
		return run(text, (statement) -> {
			try (ResultSet resultSet = resultSet(statement)) {
				List<T> rows = new ArrayList<>();
				while (resultSet.next()) {
					rows.add(mapper.mapRow(resultSet, rows.size()));
				}
				return rows;
			}
		});
	}

	int update(SqlText text) {
		return run(text, PreparedStatement::executeUpdate);
	}

	/** Rows affected or, from a statement that returns rows, returned. */
	int execute(SqlText text) {
		return run(text, (statement) -> {
			if (!statement.execute()) {
				return statement.getUpdateCount();
			}
			int rows = 0;
			try (ResultSet resultSet = statement.getResultSet()) {
				while (resultSet.next()) {
					rows++;
				}
			}
			return rows;
		});
	}

	private <R> R run(SqlText text, Work<R> work) {
		R result;
		try {
			List<@Nullable Object> parameters = UnresolvedValue.resolve(text.parameters(), this.json, this.columnTypes);
			result = this.jdbcTemplate.execute(text.sql(), (PreparedStatement statement) -> {
				try {
					Binder.bind(statement, parameters);
					return work.on(statement);
				}
				catch (SQLException ex) {
					this.columnTypes.observe(ex.getSQLState());
					throw this.valuesInErrors ? ex : DataErrors.withoutValues(ex);
				}
			});
		}
		catch (CannotGetJdbcConnectionException ex) {
			throw ConnectionErrors.withReason(ex);
		}
		if (result == null) {
			throw new IllegalStateException("No result");
		}
		return result;
	}

	private static ResultSet resultSet(PreparedStatement statement) throws SQLException {
		if (!statement.execute()) {
			throw new InvalidDataAccessApiUsageException("The statement was run, but it returns no rows; "
					+ "use execute(sql, ...), or add RETURNING to it");
		}
		return statement.getResultSet();
	}

	@FunctionalInterface
	private interface Work<R> {

		R on(PreparedStatement statement) throws SQLException;

	}

}
