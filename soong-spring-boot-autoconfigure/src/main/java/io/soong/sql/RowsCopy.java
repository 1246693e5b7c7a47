package io.soong.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.SqlProvider;

/**
 * Writes rows by one COPY, for values that {@link CopyColumns} accepts. While it runs,
 * nothing else can be sent on the connection, and the driver would wait forever if the
 * code that creates the rows tried to. The rows are therefore created before the COPY
 * begins, unless they are plain values in memory.
 */
final class RowsCopy implements ConnectionCallback<Long>, SqlProvider {

	private final String sql;

	private final CopyColumns columns;

	private final Iterator<@Nullable Object[]> rows;

	private final StatementErrors errors;

	private final StatementErrors.Rows rowErrors;

	/**
	 * Prepares the COPY.
	 * @param sql the statement
	 * @param columns its columns
	 * @param rows the rows, which the columns take
	 * @param errors translates errors
	 * @param rowErrors says which of the rows an error is about
	 */
	RowsCopy(String sql, CopyColumns columns, Iterator<@Nullable Object[]> rows, StatementErrors errors,
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
			CopyText text = new CopyText(copy);
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

		static StagingTable create(JdbcTemplate jdbcTemplate, CopyColumns columns) {
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

}
