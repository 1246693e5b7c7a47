package io.soong.sql;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;

/**
 * The types of the columns of tables, read when a value's binding depends on them and
 * kept until the server says that something changed. Thread-safe.
 */
final class ColumnTypes {

	// A domain has the type that it is made of, however many domains lie between
	private static final String COLUMNS = """
			WITH RECURSIVE types AS (
				SELECT a.attname, a.attnum, t.typname, t.typtype, t.typbasetype
				FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
				WHERE a.attrelid = pg_catalog.to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped
				UNION ALL
				SELECT d.attname, d.attnum, t.typname, t.typtype, t.typbasetype
				FROM types d JOIN pg_catalog.pg_type t ON t.oid = d.typbasetype WHERE d.typtype = 'd'
			)
			SELECT attname, typname FROM types WHERE typtype <> 'd'""";

	// Cached plan, undefined column, undefined table, type mismatch, text that is not
	// valid for its type
	private static final Set<String> STATES_OF_CHANGE = Set.of("0A000", "42703", "42P01", "42804", "22P02");

	// Far more than a function has
	private static final int MAX_TABLES = 1000;

	private final JdbcTemplate jdbcTemplate;

	private final Map<String, Map<String, String>> tables = new ConcurrentHashMap<>();

	ColumnTypes(JdbcTemplate jdbcTemplate) {
		this.jdbcTemplate = jdbcTemplate;
	}

	/** Whether the column is of type json or jsonb; not if there is no such column. */
	boolean isJson(TableColumn column) {
		Map<String, String> types = this.tables.get(column.table());
		if (types == null || !types.containsKey(column.column())) {
			types = read(column.table());
		}
		String type = types.get(column.column());
		return "json".equals(type) || "jsonb".equals(type);
	}

	/** Forgets all if an error says that a table is not what it was. */
	void observe(@Nullable String sqlState) {
		if (sqlState != null && STATES_OF_CHANGE.contains(sqlState)) {
			this.tables.clear();
		}
	}

	private Map<String, String> read(String table) {
		Map<String, String> types = new HashMap<>();
		this.jdbcTemplate.query(COLUMNS, (RowCallbackHandler) (row) -> types.put(row.getString(1), row.getString(2)),
				Identifier.table(table));
		if (!types.isEmpty()) {
			if (this.tables.size() >= MAX_TABLES) {
				this.tables.clear();
			}
			this.tables.put(table, types);
		}
		return types;
	}

}
