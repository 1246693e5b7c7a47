package io.soong.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.PreferQueryMode;
import org.postgresql.util.ServerErrorMessage;

import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * The types of the columns of tables, read when a value's binding depends on them and
 * cached until the server reports a change. A statement that depends on a cached type is
 * guarded by a {@link #check} in the same round trip, because the server would silently
 * convert an array or json to text for a column that has become one of text. Thread-safe.
 */
final class ColumnTypes implements ErrorHints.KnownNames {

	// A domain counts as its base type, however many domains lie between
	private static final String TYPES = """
			WITH RECURSIVE types AS (
				SELECT %s, t.oid, t.typtype, t.typbasetype, %s AS modifier FROM %s
				UNION ALL
				SELECT d.name, d.type, t.oid, t.typtype, t.typbasetype,
					CASE t.typtype WHEN 'd' THEN t.typtypmod ELSE d.modifier END
				FROM types d JOIN pg_catalog.pg_type t ON t.oid = d.typbasetype WHERE d.typtype = 'd'
			)
			SELECT types.name, types.type::bigint, types.modifier, %s
			FROM types JOIN pg_catalog.pg_type t ON t.oid = types.oid
			JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE types.typtype <> 'd'""";

	private static final String COLUMNS = TYPES.formatted("a.attname AS name, a.atttypid AS type",
			"CASE t.typtype WHEN 'd' THEN t.typtypmod ELSE a.atttypmod END", """
					pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
					WHERE a.attrelid = pg_catalog.to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped""",
			DatabaseType.COLUMNS);

	private static final String NAMED_TYPE = TYPES.formatted("t.typname AS name, t.oid AS type", "-1",
			"pg_catalog.pg_type t WHERE t.oid = pg_catalog.to_regtype(?)", DatabaseType.COLUMNS);

	// The server's error if a check fails
	private static final String CHANGED = "soong: the types of the columns have changed";

	// Far more than a function uses
	private static final int MAX_TABLES = 1000;

	private final JdbcTemplate jdbcTemplate;

	private final BoundedCache<String, Map<String, DatabaseType>> tables = new BoundedCache<>(MAX_TABLES);

	ColumnTypes(JdbcTemplate jdbcTemplate) {
		this.jdbcTemplate = jdbcTemplate;
	}

	/** The type of a column; null if there is no such column. */
	@Nullable DatabaseType of(ParameterPlace.Column column) {
		Map<String, DatabaseType> types = this.tables.get(column.table());
		if (types == null || !types.containsKey(column.column())) {
			types = read(column.table());
		}
		return types.get(column.column());
	}

	/**
	 * The type of a column, cached or read on a connection after an error; null if it is
	 * unknown.
	 */
	@Nullable DatabaseType of(ParameterPlace.Column column, Connection connection) {
		DatabaseType type = known(column.table()).get(column.column());
		try {
			if (type != null || !connection.getAutoCommit()) {
				return type;
			}
			Map<String, DatabaseType> types = new HashMap<>();
			DatabaseType.query(connection, COLUMNS,
					(statement) -> statement.setString(1, Identifier.table(column.table())),
					(row) -> types.put(row.getString(1), type(row)));
			return types.get(column.column());
		}
		catch (SQLException ex) {
			// The look-up is not worth another failure
			return null;
		}
	}

	/** The type of a name that the driver gives, such as {@code _text}. */
	static DatabaseType named(Connection connection, String name) throws SQLException {
		DatabaseType builtIn = DatabaseType.builtIn(name);
		if (builtIn != null) {
			return builtIn;
		}
		List<DatabaseType> types = new ArrayList<>();
		DatabaseType.query(connection, NAMED_TYPE, (statement) -> statement.setString(1, name),
				(row) -> types.add(type(row)));
		return types.isEmpty() ? new DatabaseType(0, -1, name, name, null, List.of()) : types.get(0);
	}

	/**
	 * The check that columns have the types that their values were bound with.
	 */
	static Check check(Map<ParameterPlace.Column, DatabaseType> columns) {
		if (columns.isEmpty()) {
			return Check.NONE;
		}
		Map<String, StringJoiner> types = new TreeMap<>();
		columns.forEach((column, type) -> types.computeIfAbsent(column.table(), (table) -> new StringJoiner(" OR "))
			.add("attname = '" + column.column() + "' AND " + isStill(type)));
		StringJoiner conditions = new StringJoiner(" OR ");
		types.forEach((table, tests) -> conditions
			.add("attrelid = pg_catalog.to_regclass('" + Identifier.table(table) + "') AND (" + tests + ")"));
		return new Check("SELECT CAST(CASE count(*) WHEN " + columns.size() + " THEN '1' ELSE '" + CHANGED
				+ "' END AS integer) FROM pg_catalog.pg_attribute WHERE " + conditions);
	}

	// An enum of another schema, as of another tenant, serves as well if its labels are
	// the same
	private static String isStill(DatabaseType type) {
		String same = "atttypid = " + type.oid();
		if (type.labels().isEmpty() || type.labels().stream().anyMatch((label) -> label.contains("\\"))) {
			return same;
		}
		StringJoiner labels = new StringJoiner(", ");
		type.labels().forEach((label) -> labels.add("'" + label.replace("'", "''") + "'"));
		return "(" + same + " OR (SELECT pg_catalog.count(*) = " + type.labels().size()
				+ " AND pg_catalog.bool_and(enumlabel IN (" + labels
				+ ")) FROM pg_catalog.pg_type t JOIN pg_catalog.pg_enum ON enumtypid IN (t.oid, t.typelem) "
				+ "WHERE t.oid = atttypid))";
	}

	/** Whether an error is that of a {@link #check}. */
	static boolean isChange(SQLException ex) {
		return SqlState.of(ex) == SqlState.INVALID_TEXT_REPRESENTATION
				&& String.valueOf(ex.getMessage()).contains(CHANGED);
	}

	void forget(String table) {
		this.tables.remove(table);
	}

	/**
	 * Removes cached types that an error shows to be outdated. Most such errors are
	 * caused by a wrong value or name and do not concern other tables.
	 * @param used the tables whose columns decided how a value was bound
	 */
	void observe(SQLException ex, Set<String> used) {
		if (isChange(ex)) {
			this.tables.clear();
		}
		else if (SqlState.isChange(ex)) {
			used.forEach(this::forget);
		}
	}

	@Override
	public Set<String> tables() {
		return this.tables.keys();
	}

	@Override
	public Set<String> columns(Set<String> tables) {
		Set<String> columns = new HashSet<>();
		for (String table : tables) {
			columns.addAll(known(table.replace("\"", "")).keySet());
		}
		return columns;
	}

	private Map<String, DatabaseType> known(String table) {
		Map<String, DatabaseType> types = this.tables.get(table);
		return (types != null) ? types : Map.of();
	}

	private Map<String, DatabaseType> read(String table) {
		Map<String, DatabaseType> types = new HashMap<>();
		lookUp(COLUMNS, table, (row) -> types.put(row.getString(1), type(row)));
		if (!types.isEmpty()) {
			this.tables.put(table, types);
		}
		return types;
	}

	/**
	 * Reads a table's columns from the catalogue.
	 * @param query the query, whose parameter is the name of the table
	 */
	void lookUp(String query, String table, RowCallbackHandler rows) {
		this.jdbcTemplate.execute((ConnectionCallback<Boolean>) (connection) -> {
			try {
				DatabaseType.query(connection, query, (statement) -> {
					DataSourceUtils.applyTimeout(statement, this.jdbcTemplate.getDataSource(),
							this.jdbcTemplate.getQueryTimeout());
					statement.setString(1, Identifier.table(table));
				}, rows);
				return true;
			}
			catch (SQLException ex) {
				throw explained(ex, table, connection);
			}
		});
	}

	// Names the table and omits the SQL, which the caller did not write
	private SQLException explained(SQLException ex, String table, Connection connection) {
		ServerErrorMessage server = DataErrors.server(ex);
		return (server != null) ? ErrorHints.explained(ex, server, ErrorHints.of(server, "", connection, this),
				"The columns of table \"" + table + "\" cannot be read: ", "") : ex;
	}

	private static DatabaseType type(ResultSet row) throws SQLException {
		return new DatabaseType(row.getLong(2), row.getInt(3), row.getString(4), row.getString(5), row.getString(6),
				List.of((String[]) row.getArray(7).getArray()));
	}

	/**
	 * A check that columns have the types that their values were bound with. It runs
	 * before a statement and again after it, because a change that locked the table while
	 * the statement waited is visible only then. If any part fails, nothing is stored.
	 * <p>
	 * Both are sent with the statement in one round trip and one implicit transaction. In
	 * the driver's simple query mode each would be a transaction of its own, and with a
	 * negative prepare threshold the driver confuses their results. In these cases they
	 * are sent one by one in an explicit transaction.
	 *
	 * @param sql the SQL of the check; empty for none
	 */
	record Check(String sql) {

		static final Check NONE = new Check("");

		boolean isEmpty() {
			return this.sql.isEmpty();
		}

		/** A statement with the checks that are sent with it. */
		String around(String statement, Connection connection) throws SQLException {
			return (!isEmpty() && isSentAlong(connection)) ? this.sql + "; " + statement + "; " + this.sql : statement;
		}

		/** Runs a statement from {@link #around}, and returns whether it returns rows. */
		boolean run(PreparedStatement statement) throws SQLException {
			boolean rows = statement.execute();
			return (!isEmpty() && isSentAlong(statement.getConnection())) ? statement.getMoreResults() : rows;
		}

		/** Runs work with a statement from {@link #around}, between two checks. */
		<R> R guard(Connection connection, Work<R> work) throws SQLException {
			if (isEmpty() || isSentAlong(connection)) {
				return work.run();
			}
			boolean own = connection.getAutoCommit();
			if (own) {
				connection.setAutoCommit(false);
			}
			try {
				run(connection);
				R result = work.run();
				run(connection);
				if (own) {
					connection.commit();
					connection.setAutoCommit(true);
				}
				return result;
			}
			catch (SQLException | RuntimeException | Error ex) {
				if (own) {
					rollBack(connection, ex);
				}
				throw ex;
			}
		}

		void run(Connection connection) throws SQLException {
			try (Statement statement = connection.createStatement()) {
				statement.execute(this.sql);
			}
		}

		private static void rollBack(Connection connection, Throwable reason) {
			try {
				connection.rollback();
				connection.setAutoCommit(true);
			}
			catch (SQLException ex) {
				reason.addSuppressed(ex);
			}
		}

		private boolean isSentAlong(Connection connection) throws SQLException {
			if (!connection.isWrapperFor(PGConnection.class)) {
				return false;
			}
			PGConnection driver = connection.unwrap(PGConnection.class);
			return driver.getPreferQueryMode() != PreferQueryMode.SIMPLE && driver.getPrepareThreshold() >= 0;
		}

		/**
		 * Work with a statement.
		 */
		@FunctionalInterface
		interface Work<R> {

			R run() throws SQLException;

		}

	}

}
