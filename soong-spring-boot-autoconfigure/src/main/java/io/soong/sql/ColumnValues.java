package io.soong.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The columns that a statement writes and the values for them, made of the map, record or
 * bean that the caller gave.
 *
 * @param columns the names of the columns, checked
 * @param parameters the values, ready to be bound
 */
record ColumnValues(List<String> columns, List<@Nullable Object> parameters) {

	/**
	 * The values of a new row: all entries of a map, or what is not null in a record or
	 * bean, so that defaults and identities apply to the rest.
	 */
	static ColumnValues forInsert(String table, @Nullable Object given, Model.Cache models) {
		ColumnValues insert = of(table, given, models, false, null);
		if (insert.columns().isEmpty()) {
			throw allNull(subject(table) + " are", given, "");
		}
		return insert;
	}

	/**
	 * The values that an existing row takes on: all entries of a map, or all properties
	 * of a record or bean, except those that the key already demands.
	 */
	static ColumnValues forUpdate(String table, @Nullable Object given, Model.Cache models, Where key) {
		ColumnValues update = of(table, given, models, true, key);
		if (update.columns().isEmpty()) {
			throw new IllegalArgumentException(
					subject(table) + " leave nothing to set, because the rows that have the key have them already");
		}
		return update;
	}

	/** A row of defaults. */
	static ColumnValues defaults(String table) {
		Identifier.table(table);
		return new ColumnValues(List.of(), List.of());
	}

	private static ColumnValues of(String table, @Nullable Object given, Model.Cache models, boolean nulls,
			@Nullable Where key) {
		Identifier.table(table);
		Model<?> model = model(given, models, subject(table) + " are");
		List<String> columns = columns(given, model, subject(table) + " are");
		ColumnValues result = new ColumnValues(new ArrayList<>(), new ArrayList<>());
		for (int i = 0; i < columns.size(); i++) {
			String column = columns.get(i);
			Object value = value(given, model, columns, i);
			Identifier.column(column);
			if ((value != null || nulls || model == null) && (key == null || !key.holds(column, value))) {
				result.columns.add(column);
				result.parameters
					.add(ParameterValue.of(value, new ParameterPlace.Assigned(new ParameterPlace.Column(table, column),
							(model != null) ? model.properties().get(i).type() : null)));
			}
		}
		return result;
	}

	/**
	 * The model of a record or bean; null for a map.
	 * @param given what the caller gave
	 * @param models the models known
	 * @param subject the subject and verb of messages, such as {@code Row 3 ... is}
	 * @throws IllegalArgumentException if it is neither
	 */
	static @Nullable Model<?> model(@Nullable Object given, Model.Cache models, String subject) {
		if (given == null) {
			throw new IllegalArgumentException(subject + " null");
		}
		if (given instanceof Map) {
			return null;
		}
		if (!Model.isModel(given.getClass())) {
			throw new IllegalArgumentException(
					subject + " a " + given.getClass().getName() + "; pass a map of columns, a record or a bean");
		}
		return models.of(given.getClass());
	}

	/**
	 * The names of the columns that a map, record or bean stands for; of a map unchecked.
	 */
	static List<String> columns(@Nullable Object given, @Nullable Model<?> model, String subject) {
		if (model != null) {
			return model.columns();
		}
		if (!(given instanceof Map<?, ?> map) || map.isEmpty()) {
			throw new IllegalArgumentException(
					subject + " empty; name at least one column (a null is written as NULL)");
		}
		List<String> columns = new ArrayList<>(map.size());
		for (Object column : map.keySet()) {
			if (column != null && !(column instanceof String)) {
				throw new IllegalArgumentException(
						subject + " a map whose keys are not all strings; they are the names of columns");
			}
			columns.add((String) column);
		}
		return columns;
	}

	private static @Nullable Object value(@Nullable Object given, @Nullable Model<?> model, List<String> columns,
			int index) {
		if (given == null) {
			return null;
		}
		return (model != null) ? model.properties().get(index).read(given)
				: entry((Map<?, ?>) given, columns.get(index));
	}

	/** The value of an entry; of a row that was read, as it was read. */
	static @Nullable Object entry(Map<?, ?> map, @Nullable Object column) {
		return (map instanceof Row row && column instanceof String name) ? row.stored(name) : map.get(column);
	}

	/** The error of a record or bean that gives no value at all. */
	static IllegalArgumentException allNull(String subject, @Nullable Object given, String advice) {
		return new IllegalArgumentException(subject + " a "
				+ ((given != null) ? given.getClass().getSimpleName() : "null") + " in which everything is null; "
				+ advice + "call insertDefaults(table) where a row of defaults is meant");
	}

	/** The key columns of an upsert, checked. */
	static List<String> keys(@Nullable List<String> columns) {
		if (columns == null || columns.isEmpty()) {
			throw new IllegalArgumentException("The list of key columns is " + ((columns == null) ? "null" : "empty")
					+ "; name those of a primary key or unique constraint");
		}
		Identifier.columns(columns);
		return List.copyOf(columns);
	}

	/**
	 * Checks that a row has a value for each key column. A NULL is never in conflict with
	 * another row.
	 */
	void checkKeys(String table, List<String> keys) {
		String missing = missingKey(this.columns, this.parameters, keys);
		if (missing != null) {
			throw withoutKey(subject(table) + " have", missing);
		}
	}

	/** The first key column that a row has no value for; null if there is none. */
	static @Nullable String missingKey(List<String> columns, List<@Nullable Object> values, List<String> keys) {
		for (String key : keys) {
			int index = columns.indexOf(key);
			if (index < 0 || values.get(index) == null) {
				return key;
			}
		}
		return null;
	}

	static IllegalArgumentException withoutKey(String subject, String key) {
		return new IllegalArgumentException(subject + " no value for the key column \"" + key
				+ "\", so that nothing could be in conflict with it; add one, or use insert");
	}

	/** {@code The values for table "gizmos"}, for messages. */
	private static String subject(String table) {
		return "The values for table \"" + table + "\"";
	}

	/** Without the parameters, which must not end up in a log. */
	@Override
	public String toString() {
		return this.columns.toString();
	}

}
