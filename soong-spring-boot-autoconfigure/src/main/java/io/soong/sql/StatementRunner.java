package io.soong.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.CannotCreateTransactionException;

/**
 * Runs statements on the {@link JdbcTemplate}, so on the connection of the transaction
 * and with its translation of errors. Thread-safe.
 */
final class StatementRunner {

	/** No bound on the rows read but the JdbcTemplate's own. */
	static final int ALL = -1;

	// Rows that a stream fetches at once
	private static final int FETCH_SIZE = 1000;

	private final JdbcTemplate jdbcTemplate;

	private final Set<RowStream<?>> streams = ConcurrentHashMap.newKeySet();

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

	/** The rows of a statement, mapped as they are fetched. */
	<T> Stream<T> stream(SqlText text, Target<T> target) {
		DataSource dataSource = this.jdbcTemplate.getDataSource();
		if (dataSource == null) {
			throw new IllegalStateException("The JdbcTemplate has no DataSource");
		}
		List<@Nullable Object> parameters = parameters(text);
		Connection open = OpenTransaction.connection(dataSource);
		RowStream<T> rows = new RowStream<>((open != null) ? open : borrow(dataSource), open == null,
				(ex) -> translate(text, ex), this.streams::remove);
		this.streams.add(rows);
		rows.open(text.sql(), (statement) -> {
			int fetchSize = this.jdbcTemplate.getFetchSize();
			statement.setFetchSize((fetchSize > 0) ? fetchSize : FETCH_SIZE);
			DataSourceUtils.applyTimeout(statement, dataSource, this.jdbcTemplate.getQueryTimeout());
			Binder.bind(statement, parameters);
			return resultSet(statement);
		}, target);
		return StreamSupport.stream(rows, false).onClose(rows::close);
	}

	private Connection borrow(DataSource dataSource) {
		try {
			return dataSource.getConnection();
		}
		catch (SQLException ex) {
			throw withReason(new CannotGetJdbcConnectionException("Failed to obtain JDBC Connection", ex));
		}
	}

	/** Says why there is no connection, which may be a stream of this thread. */
	CannotGetJdbcConnectionException withReason(CannotGetJdbcConnectionException ex) {
		return ConnectionErrors.withReason(ex, isHeldByStream());
	}

	/** Says why there is no connection, which may be a stream of this thread. */
	CannotCreateTransactionException withReason(CannotCreateTransactionException ex) {
		return ConnectionErrors.withReason(ex, isHeldByStream());
	}

	boolean isInTransaction() {
		return OpenTransaction.connection(this.jdbcTemplate.getDataSource()) != null;
	}

	private boolean isHeldByStream() {
		return this.streams.stream().anyMatch((stream) -> stream.isHeldBy(Thread.currentThread()));
	}

	private RuntimeException translate(SqlText text, SQLException ex) {
		SQLException explained = explain(ex);
		DataAccessException translated = this.jdbcTemplate.getExceptionTranslator()
			.translate("Stream", text.sql(), explained);
		return (translated != null) ? translated : new UncategorizedSQLException("Stream", text.sql(), explained);
	}

	private SQLException explain(SQLException ex) {
		this.columnTypes.observe(ex.getSQLState());
		return this.valuesInErrors ? ex : DataErrors.withoutValues(ex);
	}

	private List<@Nullable Object> parameters(SqlText text) {
		return UnresolvedValue.resolve(text.parameters(), this.json, this.columnTypes);
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
			List<@Nullable Object> parameters = parameters(text);
			result = this.jdbcTemplate.execute(text.sql(), (PreparedStatement statement) -> {
				try {
					Binder.bind(statement, parameters);
					return work.on(statement);
				}
				catch (SQLException ex) {
					throw explain(ex);
				}
			});
		}
		catch (CannotGetJdbcConnectionException ex) {
			throw withReason(ex);
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
