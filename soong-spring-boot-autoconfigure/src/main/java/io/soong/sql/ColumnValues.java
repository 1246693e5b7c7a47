package io.soong.sql;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The columns that a statement writes and their values, taken from the caller's map,
 * record or bean.
 *
 * @param columns the names of the columns, checked
 * @param expressions the SQL of each: a parameter, or an {@link Expression}
 * @param bound the names of the columns that have a parameter
 * @param parameters the values for those, ready to be bound
 */
record ColumnValues(List<String> columns, List<String> expressions, List<String> bound,
		List<@Nullable Object> parameters) {

	private static final String PARAMETER = "?";

	/**
	 * The values of a new row: all entries of a map, or the non-null properties of a
	 * record or bean, so that defaults and identities apply to the rest.
	 */
	static ColumnValues forInsert(String table, @Nullable Object given, Model.Cache models) {
		ColumnValues insert = of(table, given, models, false, null);
		for (int i = 0; i < insert.columns().size(); i++) {
			if (insert.expressions().get(i).endsWith(" ?")) {
				throw new IllegalArgumentException(subject(table) + " hold plus(...) or minus(...) for column \""
						+ insert.columns().get(i) + "\", but a new row has no value to change; pass the value itself");
			}
		}
		if (insert.columns().isEmpty()) {
			throw allNull(subject(table) + " are", given, "");
		}
		return insert;
	}

	/**
	 * The new values of an existing row: all entries of a map, or all properties of a
	 * record or bean, except the keys.
	 */
	static ColumnValues forUpdate(String table, @Nullable Object given, Model.Cache models, Where key) {
		ColumnValues update = of(table, given, models, true, key);
		if (update.columns().isEmpty()) {
			throw new IllegalArgumentException(subject(table)
					+ " contain only values of the key, so that there is nothing to set; pass a value of another column");
		}
		return update;
	}

	static ColumnValues defaults(String table) {
		Identifier.table(table);
		return new ColumnValues(List.of(), List.of(), List.of(), List.of());
	}

	private static ColumnValues of(String table, @Nullable Object given, Model.Cache models, boolean nulls,
			@Nullable Where key) {
		Identifier.table(table);
		Model<?> model = model(given, models, subject(table) + " are");
		List<String> columns = columns(given, model, subject(table) + " are");
		ColumnValues result = new ColumnValues(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(),
				new ArrayList<>());
		for (int i = 0; i < columns.size(); i++) {
			String column = columns.get(i);
			Object value = value(given, model, columns, i);
			Identifier.column(column);
			if ((value != null || nulls || model == null) && (key == null || !key.holds(column, value))) {
				result.add(table, column, value, (model != null) ? model.written().get(i).valueType() : null);
			}
		}
		return result;
	}

	private void add(String table, String column, @Nullable Object value, @Nullable Type declaredType) {
		this.columns.add(column);
		Expression expression = (value instanceof Expression) ? (Expression) value : null;
		this.expressions.add((expression != null) ? expression.sql(Identifier.column(column)) : PARAMETER);
		if (expression == null || expression.operand() != null) {
			this.bound.add(column);
			this.parameters.add((expression != null)
					? ParameterValue.of(expression.operand(),
							new ParameterPlace.Argument(column, ParameterPlace.Use.PLAIN))
					: ParameterValue.of(value,
							new ParameterPlace.Assigned(new ParameterPlace.Column(table, column), declaredType)));
		}
	}

	/**
	 * The model of a record or bean; null for a map.
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
	 * The column names of a map, record or bean; those of a map are not checked.
	 */
	static List<String> columns(@Nullable Object given, @Nullable Model<?> model, String subject) {
		if (model != null) {
			return model.writtenColumns();
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

	/** The column names of the values, including null values. */
	static List<String> names(String table, @Nullable Object given, Model.Cache models) {
		String subject = subject(table) + " are";
		return columns(given, model(given, models, subject), subject);
	}

	/**
	 * The values that a row has in some columns.
	 * @param given a row as it was read: a map, record or bean
	 */
	static List<@Nullable Object> of(Object given, List<String> columns, Model.Cache models) {
		String subject = "The row passed to after(...) is";
		Model<?> model = model(given, models, subject);
		List<String> names = (model != null) ? model.columns() : columns(given, null, subject);
		List<@Nullable Object> values = new ArrayList<>();
		for (String column : columns) {
			int index = names.indexOf(column);
			if (index < 0) {
				throw new IllegalArgumentException("The row passed to after(...) has no column \"" + column
						+ "\", by which the rows are ordered; its columns are " + names);
			}
			values.add(StoredValue
				.plain((model != null) ? model.property(column).read(given) : entry((Map<?, ?>) given, column)));
		}
		return values;
	}

	private static @Nullable Object value(@Nullable Object given, @Nullable Model<?> model, List<String> columns,
			int index) {
		if (given == null) {
			return null;
		}
		return (model != null) ? model.written().get(index).read(given) : entry((Map<?, ?>) given, columns.get(index));
	}

	/** The value of an entry; that of a row is kept as it was read. */
	static @Nullable Object entry(Map<?, ?> map, @Nullable Object column) {
		return (map instanceof Row row && column instanceof String name) ? row.stored(name) : map.get(column);
	}

	/** The error for a record or bean without any value. */
	static IllegalArgumentException allNull(String subject, @Nullable Object given, String advice) {
		return new IllegalArgumentException(subject + " a "
				+ ((given != null) ? given.getClass().getSimpleName() : "null") + " in which everything is null; "
				+ advice + "call insertDefaults(table) to insert a row of defaults");
	}

	/**
	 * Checks that a row has a value for each key column, because a NULL never conflicts
	 * with another row.
	 */
	void checkKeys(String table, List<String> keys) {
		String missing = missingKey(this.bound, this.parameters, keys);
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
				+ "\", so that it would never conflict with another row; add one, or use insert");
	}

	/** {@code The values for table "gizmos"}, for messages. */
	private static String subject(String table) {
		return "The values for table \"" + table + "\"";
	}

	/** Without the parameters, which must not be logged. */
	@Override
	public String toString() {
		return this.columns.toString();
	}

}
