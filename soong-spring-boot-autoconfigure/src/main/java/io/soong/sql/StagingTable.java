package io.soong.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicLong;

import org.postgresql.PGConnection;

import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A temporary table for the rows of an upsert, because COPY itself cannot upsert: COPY
 * fills it, then one INSERT transfers the rows. It has the columns and types of the
 * table, and is dropped when the transaction ends.
 */
final class StagingTable {

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
	 * creates a temporary table. The driver is then told not to prepare named statements,
	 * which would pin the session as well.
	 */
	static boolean isAllowedOn(Connection connection) throws SQLException {
		return connection.unwrap(PGConnection.class).getPrepareThreshold() != 0;
	}

	static StagingTable create(JdbcTemplate jdbcTemplate, CopyColumns columns) {
		String name = "pg_temp.soong_rows_" + NUMBER.incrementAndGet();
		StringJoiner definitions = new StringJoiner(", ", " (", ")");
		columns.columns()
			.forEach((column) -> definitions.add(Identifier.column(column.name()) + " " + column.definition()));
		StagingTable table = new StagingTable(jdbcTemplate, name, Identifier.columns(columns.names()));
		table.execute("CREATE TEMPORARY TABLE " + name + definitions + " ON COMMIT DROP");
		return table;
	}

	/** The COPY that fills it. */
	String copy() {
		if (!this.empty) {
			execute("TRUNCATE " + this.name);
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
		execute("DROP TABLE " + this.name);
	}

	private void execute(String sql) {
		this.jdbcTemplate.execute((ConnectionCallback<Boolean>) (connection) -> {
			try (var statement = connection.createStatement()) {
				return statement.execute(sql);
			}
		});
	}

}
