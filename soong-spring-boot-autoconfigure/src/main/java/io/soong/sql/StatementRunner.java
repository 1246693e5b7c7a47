package io.soong.sql;

import java.sql.Connection;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.PreferQueryMode;

import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.dao.NonTransientDataAccessException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.jdbc.core.PreparedStatementCreator;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.SqlProvider;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Runs statements on the {@link JdbcTemplate}, and so on the connection of the
 * transaction and with its translation of errors. Thread-safe.
 */
final class StatementRunner {

	/** No limit of rows other than the JdbcTemplate's own. */
	static final int ALL = -1;

	private static final String HELD_BY_STREAM = ": A stream that this thread opened outside a transaction holds the "
			+ "connection until it is closed. Close it first, open it and do the rest within inTransaction(...), or allow "
			+ "more connections (soong.connection.max)";

	// Rows that a stream fetches at once
	private static final int FETCH_SIZE = 1000;

	private final JdbcTemplate jdbcTemplate;

	private final Set<ResultStream<?>> streams = ConcurrentHashMap.newKeySet();

	private final Json json;

	private final Converters converters;

	private final ColumnTypes columnTypes;

	private final boolean valuesInErrors;

	// Created on the first failure, so that a successful start does not load it
	private volatile @Nullable StatementErrors errors;

	StatementRunner(JdbcTemplate jdbcTemplate, Json json, Converters converters, boolean valuesInErrors) {
		this.jdbcTemplate = jdbcTemplate;
		this.json = json;
		this.converters = converters;
		this.columnTypes = new ColumnTypes(jdbcTemplate);
		this.valuesInErrors = valuesInErrors;
	}

	/** The rows of a statement, mapped; at most so many. */
	<T> List<T> query(StatementText text, ResultMapping<T> mapping, int maxRows) {
		return run(text, (statement, check) -> {
			if (maxRows != ALL) {
				statement.setMaxRows(maxRows);
			}
			return read(statement, check, mapping);
		});
	}

	<T extends @Nullable Object> List<T> query(StatementText text, RowMapper<T> mapper) {
		return run(text, (statement, check) -> {
			try (ResultSet resultSet = resultSet(statement, check.run(statement))) {
				List<T> rows = new ArrayList<>();
				while (resultSet.next()) {
					rows.add(mapper.mapRow(resultSet, rows.size()));
				}
				return rows;
			}
		});
	}

	/** The rows of a statement, mapped as they are fetched. */
	<T> Stream<T> stream(StatementText text, ResultMapping<T> mapping) {
		DataSource dataSource = this.jdbcTemplate.getDataSource();
		if (dataSource == null) {
			throw new IllegalStateException("The JdbcTemplate has no DataSource");
		}
		// No check can be sent with a statement whose rows are fetched in parts
		StatementErrors.tables(text).forEach(this.columnTypes::forget);
		List<@Nullable Object> parameters = resolver().resolve(text.parameters());
		Connection open = openTransaction(dataSource);
		ResultStream<T> rows = new ResultStream<>((open != null) ? open : borrow(dataSource), open == null,
				(ex, connection) -> errors().translate(ex, text, connection, null), this.streams::remove);
		this.streams.add(rows);
		rows.open(text.sql(), (statement) -> {
			int fetchSize = this.jdbcTemplate.getFetchSize();
			statement.setFetchSize((fetchSize > 0) ? fetchSize : FETCH_SIZE);
			DataSourceUtils.applyTimeout(statement, dataSource, this.jdbcTemplate.getQueryTimeout());
			bind(statement, parameters);
			return resultSet(statement, statement.execute());
		}, mapping);
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
		return (ex.getCause() instanceof SQLException cause)
				? new CannotGetJdbcConnectionException(ex.getMessage() + reason(cause), cause) : ex;
	}

	/** Says why there is no connection, which may be a stream of this thread. */
	CannotCreateTransactionException withReason(CannotCreateTransactionException ex) {
		return (ex.getCause() instanceof SQLException cause)
				? new CannotCreateTransactionException(ex.getMessage() + reason(cause), cause) : ex;
	}

	// Spring leaves the reason in the cause, which the caller of a Lambda function does
	// not see
	private String reason(SQLException cause) {
		return (cause instanceof SQLNonTransientConnectionException
				&& this.streams.stream().anyMatch((stream) -> stream.isHeldBy(Thread.currentThread()))) ? HELD_BY_STREAM
						: ": " + cause.getMessage();
	}

	boolean isInTransaction() {
		return openTransaction(this.jdbcTemplate.getDataSource()) != null;
	}

	/**
	 * Fails if the server refuses the transaction that is open, because one of its
	 * statements failed. A commit would roll it back, and say nothing.
	 */
	void checkNotFailed() {
		Connection open = openTransaction(this.jdbcTemplate.getDataSource());
		try {
			if (open != null && open.isWrapperFor(BaseConnection.class)
					&& open.unwrap(BaseConnection.class).getTransactionState() == TransactionState.FAILED) {
				throw new UnexpectedRollbackException(
						"The transaction is rolled back, because one of its statements failed and the exception was "
								+ "caught; nothing of it is stored. Do not catch the exception, or run what may fail within "
								+ "inNestedTransaction(...)");
			}
		}
		catch (SQLException ex) {
			throw new TransactionSystemException("The state of the transaction cannot be read", ex);
		}
	}

	/** The connection of the transaction that is open on this thread, or null. */
	private static @Nullable Connection openTransaction(@Nullable DataSource dataSource) {
		return (dataSource != null && TransactionSynchronizationManager.isActualTransactionActive()
				&& TransactionSynchronizationManager.getResource(dataSource) instanceof ConnectionHolder holder)
						? holder.getConnection() : null;
	}

	StatementErrors errors() {
		StatementErrors errors = this.errors;
		if (errors == null) {
			errors = new StatementErrors(this.jdbcTemplate, this.columnTypes, this.valuesInErrors);
			this.errors = errors;
		}
		return errors;
	}

	ParameterValue.Resolver resolver() {
		return new ParameterValue.Resolver(this.json, this.converters, this.columnTypes);
	}

	ColumnTypes columnTypes() {
		return this.columnTypes;
	}

	int update(StatementText text) {
		return run(text, StatementRunner::update);
	}

	/**
	 * How many rows were stored by a statement that writes some of many.
	 * @param rows says which of the rows an error is about
	 */
	int insert(StatementText text, ColumnTypes.Check check, StatementErrors.Rows rows) {
		return execute(new Execution<>(this, text, check, text.parameters(), rows, StatementRunner::update));
	}

	/** Rows affected or, from a statement that returns rows, returned. */
	int execute(StatementText text) {
		return run(text, (statement, check) -> {
			if (!check.run(statement)) {
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

	/**
	 * The rows that were stored by a statement that writes some of many.
	 * @param rows says which of the rows an error is about
	 */
	<T> List<T> insert(StatementText text, ColumnTypes.Check check, StatementErrors.Rows rows,
			ResultMapping<T> mapping) {
		return execute(new Execution<>(this, text, check, text.parameters(), rows,
				(statement, unchanged) -> read(statement, unchanged, mapping)));
	}

	private static int update(PreparedStatement statement, ColumnTypes.Check check) throws SQLException {
		if (check.isEmpty()) {
			return statement.executeUpdate();
		}
		check.run(statement);
		return statement.getUpdateCount();
	}

	private static <T> List<T> read(PreparedStatement statement, ColumnTypes.Check check, ResultMapping<T> mapping)
			throws SQLException {
		try (ResultSet resultSet = resultSet(statement, check.run(statement))) {
			ResultMapping.Reader<T> reader = mapping.reader(resultSet.getMetaData());
			List<T> rows = new ArrayList<>();
			// A scalar that is NULL is null in the list, as in those of JdbcTemplate
			while (resultSet.next()) {
				rows.add(reader.read(resultSet));
			}
			return rows;
		}
	}

	private <R> R run(StatementText text, Work<R> work) {
		try {
			return execute(execution(text, work));
		}
		catch (NonTransientDataAccessException ex) {
			if (!StatementErrors.isColumnsChanged(ex) || isInTransaction()) {
				throw ex;
			}
			// Nothing was stored, and the outdated column types are removed
			return execute(execution(text, work));
		}
	}

	private <R> R execute(Execution<R> execution) {
		try {
			return this.jdbcTemplate.execute(execution, execution);
		}
		catch (CannotGetJdbcConnectionException ex) {
			throw withReason(ex);
		}
	}

	private <R> Execution<R> execution(StatementText text, Work<R> work) {
		for (Object parameter : text.parameters()) {
			if (parameter instanceof ParameterValue.Structured) {
				ParameterValue.Resolver resolver = resolver();
				List<@Nullable Object> parameters = resolver.resolve(text.parameters());
				return new Execution<>(this, text, resolver.check(), parameters, null, work);
			}
		}
		return new Execution<>(this, text, ColumnTypes.Check.NONE, text.parameters(), null, work);
	}

	/**
	 * Binds parameters. The type of some is read from the server, in a separate round
	 * trip.
	 */
	private void bind(PreparedStatement statement, List<@Nullable Object> parameters) throws SQLException {
		boolean inferred = false;
		for (int i = 0; i < parameters.size(); i++) {
			if (parameters.get(i) instanceof ParameterValue.Structured) {
				inferred = true;
			}
			else {
				ParameterValue.bind(statement, i + 1, parameters.get(i));
			}
		}
		if (inferred) {
			boolean simple = isSimple(statement.getConnection());
			if (simple && !parameters.stream().allMatch(StatementRunner::isBoundUnasked)) {
				throw new InvalidDataAccessApiUsageException(
						"The server decides the type of a collection, map or record in the SQL, "
								+ "but the driver cannot ask it with preferQueryMode=simple; cast the parameter, "
								+ "as in CAST(? AS text[]) or CAST(? AS jsonb)");
			}
			ParameterMetaData metaData = simple ? null : statement.getParameterMetaData();
			for (int i = 0; i < parameters.size(); i++) {
				if (parameters.get(i) instanceof ParameterValue.Structured value) {
					ParameterValue.bind(statement, i + 1, (metaData == null) ? value.natural(resolver()) : value
						.resolve(resolver(),
								ColumnTypes.named(statement.getConnection(), metaData.getParameterTypeName(i + 1))));
				}
			}
		}
	}

	private static boolean isBoundUnasked(@Nullable Object parameter) {
		return !(parameter instanceof ParameterValue.Structured value) || value.isCompared();
	}

	private static boolean isSimple(Connection connection) throws SQLException {
		return connection.isWrapperFor(PGConnection.class)
				&& connection.unwrap(PGConnection.class).getPreferQueryMode() == PreferQueryMode.SIMPLE;
	}

	private static ResultSet resultSet(PreparedStatement statement, boolean rows) throws SQLException {
		if (!rows) {
			throw new InvalidDataAccessApiUsageException("The statement was run, but it returns no rows; "
					+ "use execute(sql, ...), or add RETURNING to it");
		}
		return statement.getResultSet();
	}

	/**
	 * Work with a bound statement.
	 */
	@FunctionalInterface
	private interface Work<R> {

		R on(PreparedStatement statement, ColumnTypes.Check check) throws SQLException;

	}

	/**
	 * The execution of a statement.
	 *
	 * @param <R> its result
	 * @param rows says which of many rows an error is about; null for a single row
	 */
	private record Execution<R>(StatementRunner runner, StatementText text, ColumnTypes.Check check,
			List<@Nullable Object> parameters, StatementErrors.@Nullable Rows rows,
			Work<R> work) implements PreparedStatementCreator, PreparedStatementCallback<R>, SqlProvider {

		@Override
		public PreparedStatement createPreparedStatement(Connection connection) {
			try {
				return connection.prepareStatement(this.check.around(this.text.sql(), connection));
			}
			catch (SQLException ex) {
				throw this.runner.errors().translate(ex, this.text, connection, this.rows);
			}
		}

		@Override
		public R doInPreparedStatement(PreparedStatement statement) throws SQLException {
			try {
				this.runner.bind(statement, this.parameters);
				return this.check.isEmpty() ? this.work.on(statement, this.check)
						: this.check.guard(statement.getConnection(), () -> this.work.on(statement, this.check));
			}
			catch (SQLException ex) {
				throw this.runner.errors().translate(ex, this.text, statement.getConnection(), this.rows);
			}
		}

		@Override
		public String getSql() {
			return this.text.shortened();
		}

		/** Without the parameters, which must not be logged. */
		@Override
		public String toString() {
			return this.text.toString();
		}

	}

}
