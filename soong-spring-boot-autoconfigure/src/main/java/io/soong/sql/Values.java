package io.soong.sql;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
		Values insert = of(table, values, models, false, null);
		if (insert.columns().isEmpty()) {
			throw new IllegalArgumentException("The values for table \"" + table + "\" are a " + name(values)
					+ " in which everything is null; call " + "insertDefaults(table) where a row of defaults is meant");
		}
		return insert;
	}

	/**
	 * The values that an existing row takes on: all entries of a map, or all properties
	 * of a record or bean, less what the key says already.
	 */
	static Values forUpdate(String table, @Nullable Object values, Models models, Where key) {
		Values update = of(table, values, models, true, key);
		if (update.columns().isEmpty()) {
			throw new IllegalArgumentException("The values for table \"" + table + "\" leave nothing to set, because "
					+ "the rows that have the key have them already");
		}
		return update;
	}

	/** A row of defaults. */
	static Values defaults(String table) {
		Identifier.table(table);
		return new Values(List.of(), List.of());
	}

	private static Values of(String table, @Nullable Object values, Models models, boolean nulls, @Nullable Where key) {
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
			for (Object column : map.keySet()) {
				String name = name(table, column);
				result.add(table, name, entry(map, column), null, key);
			}
		}
		else if (Model.isModel(values.getClass())) {
			for (Property property : models.of(values.getClass()).properties()) {
				Object value = property.read(values);
				if (value != null || nulls) {
					result.add(table, property.column(), value, property.type(), key);
				}
			}
		}
		else {
			throw new IllegalArgumentException("The values for table \"" + table + "\" are a "
					+ values.getClass().getName() + "; pass a map of columns, a record or a bean");
		}
		return result;
	}

	private static String name(@Nullable Object values) {
		return (values != null) ? values.getClass().getSimpleName() : "null";
	}

	private static @Nullable String name(String table, @Nullable Object column) {
		if (column != null && !(column instanceof String)) {
			throw new IllegalArgumentException("The values for table \"" + table
					+ "\" are a map whose keys are not all strings; they are the names of columns");
		}
		return (String) column;
	}

	/** The value of an entry; of a row that was read, as it was read. */
	static @Nullable Object entry(Map<?, ?> map, @Nullable Object column) {
		return (map instanceof Row row && column instanceof String name) ? row.stored(name) : map.get(column);
	}

	private void add(String table, @Nullable String column, @Nullable Object value, @Nullable Type declaredType,
			@Nullable Where key) {
		Identifier.column(column);
		if (column != null && (key == null || !key.holds(column, value))) {
			this.columns.add(column);
			this.parameters.add(ParameterValue.of(value,
					new ParameterPlace.Assigned(new TableColumn(table, column), declaredType)));
		}
	}

	/** Without the parameters, which must not end up in a log. */
	@Override
	public String toString() {
		return this.columns.toString();
	}

}
