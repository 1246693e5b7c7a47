package io.soong.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The columns of a table that COPY writes, as the server's catalogue knows them.
 * <p>
 * They are looked up anew by every call: in a transaction of its own that takes no round
 * trip, because the driver sends BEGIN along with the first query and would else wait for
 * it before a COPY. What was true of a name a while ago need not be true of it now.
 *
 * @param columns the columns
 * @param indexes where their values stand in a row
 * @param leavesNullOut whether a null in a row is left out of it
 */
record CopyColumns(List<CopyColumn> columns, int[] indexes, boolean leavesNullOut) {

	/**
	 * COPY is refused where row-level security applies, passes rules by, and overrides
	 * identities that are always generated. A view has a rule.
	 */
	private static final String SQL = """
			SELECT a.attname, coalesce(base.oid, type.oid)::bigint, coalesce(base.typname, type.typname),
				a.atthasdef OR a.attidentity <> '' OR type.typdefault IS NOT NULL
					OR NOT pg_catalog.has_column_privilege(c.oid, a.attnum, 'INSERT'),
				a.attidentity = 'a'
			FROM pg_catalog.pg_class c
			JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
			JOIN pg_catalog.pg_type type ON type.oid = a.atttypid
			LEFT JOIN pg_catalog.pg_type base ON base.oid = type.typbasetype
			WHERE c.oid = pg_catalog.to_regclass(?) AND c.relkind IN ('r', 'p') AND NOT c.relhasrules
				AND NOT pg_catalog.row_security_active(c.oid)""";

	/**
	 * The columns for rows like the first one, or null where they must be inserted.
	 */
	static @Nullable CopyColumns of(ColumnTypes types, String table, RowSource source, @Nullable Object[] firstRow) {
		Map<String, CopyColumn> known = new HashMap<>();
		types.lookUp(SQL, table, (resultSet) -> {
			CopyColumn column = new CopyColumn(resultSet.getString(1), (int) resultSet.getLong(2),
					resultSet.getString(3), resultSet.getBoolean(4), resultSet.getBoolean(5));
			known.put(column.name(), column);
		});
		List<CopyColumn> columns = new ArrayList<>();
		int[] indexes = new int[firstRow.length];
		for (int i = 0; i < firstRow.length; i++) {
			CopyColumn column = known.get(source.columns().get(i));
			if (source.leavesNullOut() && firstRow[i] == null && (column == null || column.leftOut())) {
				continue;
			}
			if (column == null || column.refused()) {
				return null;
			}
			indexes[columns.size()] = i;
			columns.add(column);
		}
		return columns.isEmpty() ? null
				: new CopyColumns(columns, Arrays.copyOf(indexes, columns.size()), source.leavesNullOut());
	}

	List<String> names() {
		return this.columns.stream().map(CopyColumn::name).toList();
	}

	/** Whether COPY stores the same as INSERT would. */
	boolean take(@Nullable Object[] row) {
		int next = 0;
		for (int i = 0; i < row.length; i++) {
			if (next < this.indexes.length && this.indexes[next] == i) {
				if (!this.columns.get(next++).takes(row[i], this.leavesNullOut)) {
					return false;
				}
			}
			else if (row[i] != null) {
				return false;
			}
		}
		return true;
	}

}
