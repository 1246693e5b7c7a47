package io.soong.sql;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.core.Oid;
import org.postgresql.util.PGobject;

import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.SqlProvider;

/**
 * Writes rows by one COPY, for values that {@link Columns} accepts. While it runs,
 * nothing else can be sent on the connection, and the driver would wait forever if the
 * code that creates the rows tried to. The rows are therefore created before the COPY
 * begins, unless they are plain values in memory.
 */
final class RowsCopy implements ConnectionCallback<Long>, SqlProvider {

	private final String sql;

	private final Columns columns;

	private final Iterator<@Nullable Object[]> rows;

	private final StatementErrors errors;

	private final StatementErrors.Rows rowErrors;

	RowsCopy(String sql, Columns columns, Iterator<@Nullable Object[]> rows, StatementErrors errors,
			StatementErrors.Rows rowErrors) {
		this.sql = sql;
		this.columns = columns;
		this.rows = rows;
		this.errors = errors;
		this.rowErrors = rowErrors;
	}

	@Override
	public Long doInConnection(Connection connection) throws SQLException {
		try {
			return copy(connection.unwrap(PGConnection.class));
		}
		catch (SQLException ex) {
			throw this.errors.translate(ex, new StatementText(this.sql, List.of()), connection, this.rowErrors);
		}
	}

	private long copy(PGConnection connection) throws SQLException {
		CopyIn copy = connection.getCopyAPI().copyIn(this.sql);
		try {
			RowsCopyText text = new RowsCopyText(copy);
			while (this.rows.hasNext()) {
				text.row(this.rows.next(), this.columns.indexes());
			}
			text.flush();
			return copy.endCopy();
		}
		catch (SQLException | RuntimeException | Error ex) {
			cancel(copy, ex);
			throw ex;
		}
	}

	// Otherwise the connection would remain in COPY mode
	private static void cancel(CopyIn copy, Throwable reason) {
		try {
			if (copy.isActive()) {
				copy.cancelCopy();
			}
		}
		catch (SQLException ex) {
			reason.addSuppressed(ex);
		}
	}

	@Override
	public String getSql() {
		return this.sql;
	}

	/**
	 * A temporary table for the rows of an upsert, because COPY itself cannot upsert:
	 * COPY fills it, then one INSERT transfers the rows. It has the columns and types of
	 * the table, and is dropped when the transaction ends.
	 */
	static final class StagingTable {

		// Another upsert may run in the transaction before this one ends
		private static final AtomicLong NUMBER = new AtomicLong();

		private final JdbcTemplate jdbcTemplate;

		private final String name;

		private final String columns;

		private boolean empty = true;

		private StagingTable(JdbcTemplate jdbcTemplate, String name, String columns) {
			this.jdbcTemplate = jdbcTemplate;
			this.name = name;
			this.columns = columns;
		}

		/**
		 * Whether a connection may create one. A proxy pins the session of a client that
		 * creates a temporary table. The driver is then told not to prepare named
		 * statements, which would pin the session as well.
		 */
		static boolean isAllowedOn(Connection connection) throws SQLException {
			return connection.unwrap(PGConnection.class).getPrepareThreshold() != 0;
		}

		static StagingTable create(JdbcTemplate jdbcTemplate, Columns columns) {
			String name = "pg_temp.soong_rows_" + NUMBER.incrementAndGet();
			StringJoiner definitions = new StringJoiner(", ", " (", ")");
			columns.columns()
				.forEach((column) -> definitions.add(Identifier.column(column.name()) + " " + column.definition()));
			jdbcTemplate.execute("CREATE TEMPORARY TABLE " + name + definitions + " ON COMMIT DROP");
			return new StagingTable(jdbcTemplate, name, Identifier.columns(columns.names()));
		}

		/** The COPY that fills it. */
		String copy() {
			if (!this.empty) {
				this.jdbcTemplate.execute("TRUNCATE " + this.name);
			}
			this.empty = false;
			return "COPY " + this.name + " (" + this.columns + ") FROM STDIN";
		}

		/** The INSERT that transfers its rows. */
		StatementText insert(String table, Conflict conflict, List<String> names) {
			return new StatementText("INSERT INTO " + Identifier.table(table) + " (" + this.columns + ") SELECT "
					+ this.columns + " FROM " + this.name + " " + conflict.sql(names), List.of());
		}

		void drop() {
			this.jdbcTemplate.execute("DROP TABLE " + this.name);
		}

	}

	/**
	 * The columns of a table that COPY writes, as the server's catalogue knows them.
	 * <p>
	 * Read by every call, in a transaction of its own, which takes no extra round trip,
	 * because the driver sends BEGIN along with the first query and would otherwise wait
	 * for it before a COPY. Nothing is cached, because a table may change.
	 *
	 * @param indexes where their values stand in a row
	 */
	record Columns(List<Column> columns, int[] indexes) {

		/**
		 * Tables that COPY must not write to: COPY is refused with row-level security,
		 * ignores rules, and overrides identities that are always generated. A view has a
		 * rule.
		 */
		private static final String SQL = """
				SELECT a.attname, coalesce(base.oid, type.oid)::bigint, coalesce(base.typname, type.typname),
					a.atthasdef OR a.attidentity <> '' OR type.typdefault IS NOT NULL
						OR NOT pg_catalog.has_column_privilege(c.oid, a.attnum, 'INSERT'),
					a.attidentity = 'a', pg_catalog.format_type(a.atttypid, a.atttypmod),
					pg_catalog.has_database_privilege(pg_catalog.current_database(), 'TEMPORARY')
				FROM pg_catalog.pg_class c
				JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
				JOIN pg_catalog.pg_type type ON type.oid = a.atttypid
				LEFT JOIN pg_catalog.pg_type base ON base.oid = type.typbasetype
				WHERE c.oid = pg_catalog.to_regclass(?) AND c.relkind IN ('r', 'p') AND NOT c.relhasrules
					AND NOT pg_catalog.row_security_active(c.oid)""";

		/**
		 * The columns for rows like the first one, or null if the rows must be inserted.
		 * @param upsert whether the rows go to a temporary table first, so that a null
		 * that is left out must keep the value of an existing row
		 */
		static @Nullable Columns of(ColumnTypes types, String table, RowsSource source, @Nullable Object[] firstRow,
				boolean upsert) {
			Map<String, Column> known = new HashMap<>();
			types.lookUp(SQL, table, (resultSet) -> {
				Column column = new Column(resultSet.getString(1), (int) resultSet.getLong(2), resultSet.getString(3),
						upsert || resultSet.getBoolean(4),
						resultSet.getBoolean(5) || (upsert && !resultSet.getBoolean(7)), resultSet.getString(6));
				known.put(column.name(), column);
			});
			List<Column> columns = new ArrayList<>();
			int[] indexes = new int[firstRow.length];
			for (int i = 0; i < firstRow.length; i++) {
				Column column = known.get(source.columns().get(i));
				if (firstRow[i] == GivenColumns.LEFT_OUT && (column == null || column.leftOut())) {
					continue;
				}
				if (column == null || column.refused()) {
					return null;
				}
				indexes[columns.size()] = i;
				columns.add(column);
			}
			return columns.isEmpty() ? null : new Columns(columns, Arrays.copyOf(indexes, columns.size()));
		}

		List<String> names() {
			return this.columns.stream().map(Column::name).toList();
		}

		/** The index of the first row, from a given one, that cannot be copied. */
		int endOfTaken(List<@Nullable Object[]> rows, int start) {
			int end = start;
			while (end < rows.size() && take(rows.get(end))) {
				end++;
			}
			return end;
		}

		/**
		 * The index of the first row, from a given one, that starts a run of more than
		 * the given number of rows for COPY.
		 */
		int startOfTaken(List<@Nullable Object[]> rows, int from, int few) {
			int start = from;
			while (start < rows.size()) {
				int end = endOfTaken(rows, start);
				if (end - start > few) {
					return start;
				}
				start = end + 1;
			}
			return rows.size();
		}

		/** Whether COPY stores the same value as INSERT. */
		boolean take(@Nullable Object[] row) {
			int next = 0;
			for (int i = 0; i < row.length; i++) {
				if (next < this.indexes.length && this.indexes[next] == i) {
					if (!this.columns.get(next++).takes(row[i])) {
						return false;
					}
				}
				else if (row[i] != GivenColumns.LEFT_OUT) {
					return false;
				}
			}
			return true;
		}

		/**
		 * A column as COPY sees it. COPY parses the text of a value by the type of the
		 * column; INSERT converts from the type of the value. For example, {@code 1.5}
		 * for an integer column is stored by INSERT and refused by COPY. COPY is
		 * therefore used only for values that mean the same to both.
		 *
		 * @param name the name of the column
		 * @param type the OID of its type; of a domain, of the type below it
		 * @param typeName the name of that type
		 * @param leftOut whether omitting the column may store something other than NULL:
		 * a default, an identity, a generated value; also if the role must not write it
		 * @param refused whether INSERT would refuse values that COPY takes: those of an
		 * identity that is always generated; or no temporary table may be made
		 * @param definition its type with its modifiers, as SQL
		 */
		record Column(String name, int type, String typeName, boolean leftOut, boolean refused, String definition) {

			/** Above this size, INSERT sends half as many bytes in half the time. */
			private static final int MAX_BYTES = 256;

			boolean takes(@Nullable Object value) {
				if (value == null) {
					return true;
				}
				if (value == GivenColumns.LEFT_OUT) {
					return !this.leftOut;
				}
				if (value instanceof String || value.getClass() == Timestamp.class) {
					// Without a type for INSERT too
					return true;
				}
				return switch (this.type) {
					case Oid.INT2, Oid.INT4, Oid.INT8 -> isInteger(value);
					case Oid.NUMERIC -> isInteger(value) || value instanceof BigDecimal;
					case Oid.FLOAT8 -> value instanceof Double || isInteger(value);
					case Oid.FLOAT4 -> value instanceof Float || isInteger(value);
					case Oid.BOOL -> value instanceof Boolean;
					case Oid.TEXT, Oid.VARCHAR, Oid.BPCHAR -> isInteger(value) || value instanceof UUID;
					case Oid.UUID -> value instanceof UUID;
					case Oid.BYTEA -> value instanceof byte[] bytes && bytes.length <= MAX_BYTES;
					case Oid.DATE -> value instanceof LocalDate;
					case Oid.TIME -> value instanceof LocalTime;
					case Oid.TIMETZ -> value instanceof OffsetTime;
					case Oid.TIMESTAMP -> value instanceof LocalDateTime;
					case Oid.TIMESTAMPTZ -> value instanceof OffsetDateTime;
					default -> false;
				} || (value instanceof PGobject object && this.typeName.equals(object.getType()));
			}

			private static boolean isInteger(Object value) {
				return value instanceof Integer || value instanceof Long || value instanceof Short;
			}

		}

	}

}
