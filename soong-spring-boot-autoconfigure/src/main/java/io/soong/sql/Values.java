package io.soong.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The columns that a statement writes, and what it writes to them.
 *
 * @param columns the names of the columns, checked
 * @param parameters the values, ready to be bound
 */
record Values(List<String> columns, List<@Nullable Object> parameters) {

	/**
	 * The values of a new row: all entries of a map, or what is not null in a record or
	 * bean, so that defaults and identities apply to the rest.
	 */
	static Values forInsert(String table, @Nullable Object values, Models models) {
		return of(table, values, models, false, Set.of());
	}

	/**
	 * The values that an existing row takes on: all entries of a map, or all properties
	 * of a record or bean, less the columns of the key.
	 */
	static Values forUpdate(String table, @Nullable Object values, Models models, Set<String> key) {
		Values update = of(table, values, models, true, key);
		if (update.columns().isEmpty()) {
			throw new IllegalArgumentException("The values for table \"" + table + "\" leave nothing to set, because "
					+ "the columns of the key " + key + " are never set");
		}
		return update;
	}

	private static Values of(String table, @Nullable Object values, Models models, boolean nulls, Set<String> without) {
		Identifier.table(table);
		Values result = new Values(new ArrayList<>(), new ArrayList<>());
		if (values == null) {
			throw new IllegalArgumentException("The values for table \"" + table + "\" are null");
		}
		if (values instanceof Map<?, ?> map) {
			if (map.isEmpty()) {
				throw new IllegalArgumentException("The values for table \"" + table
						+ "\" are empty; name at least one column (a null is written as NULL)");
			}
			map.forEach((column, value) -> result.add(table, name(table, column), value, without));
		}
		else if (Model.isModel(values.getClass())) {
			for (Property property : models.of(values.getClass()).properties()) {
				Object value = property.read(values);
				if (value != null || nulls) {
					result.add(table, property.column(), value, without);
				}
			}
		}
		else {
			throw new IllegalArgumentException("The values for table \"" + table + "\" are a "
					+ values.getClass().getName() + "; pass a map of columns, a record or a bean");
		}
		return result;
	}

	private static @Nullable String name(String table, @Nullable Object column) {
		if (column != null && !(column instanceof String)) {
			throw new IllegalArgumentException("The values for table \"" + table
					+ "\" are a map whose keys are not all strings; they are the names of columns");
		}
		return (String) column;
	}

	private void add(String table, @Nullable String column, @Nullable Object value, Set<String> without) {
		Identifier.column(column);
		if (column != null && !without.contains(column)) {
			this.columns.add(column);
			this.parameters.add(ParameterValue.of(value, new TableColumn(table, column)));
		}
	}

	/** Without the parameters, which must not end up in a log. */
	@Override
	public String toString() {
		return this.columns.toString();
	}

}
