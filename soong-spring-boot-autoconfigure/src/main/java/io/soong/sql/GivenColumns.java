package io.soong.sql;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The columns of a map, record or bean that a caller passes, and how the value of each is
 * read from it: the same for one row and for many, for values to write and for a row as
 * it was read.
 *
 * @param model the record or bean; null for a map
 * @param names the names of the columns; those of a map are not checked
 */
record GivenColumns(@Nullable Model<?> model, List<String> names) {

	/**
	 * Stands in a row for a null of a record or bean: its column is left out, so that a
	 * default or identity applies. Any other null is NULL.
	 */
	static final Object LEFT_OUT = new Object() {
		@Override
		public String toString() {
			return "left out";
		}
	};

	/**
	 * The columns that values are written to.
	 * @param subject the subject and verb of messages, such as {@code Row 3 ... is}
	 * @throws IllegalArgumentException if it is no map, record or bean, or an empty map
	 */
	static GivenColumns of(@Nullable Object given, Model.Cache models, String subject) {
		Model<?> model = model(given, models, subject);
		return new GivenColumns(model, (model != null) ? model.writtenColumns() : keys(given, subject));
	}

	private static @Nullable Model<?> model(@Nullable Object given, Model.Cache models, String subject) {
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

	private static List<String> keys(@Nullable Object given, String subject) {
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

	/**
	 * The value of a column that is written: {@link #LEFT_OUT} for a null of a record or
	 * bean.
	 * @param given a map, or an object of the class
	 */
	@Nullable Object value(Object given, int index) {
		if (this.model == null) {
			return entry((Map<?, ?>) given, this.names.get(index));
		}
		Object value = this.model.written().get(index).read(given);
		return (value != null) ? value : LEFT_OUT;
	}

	/** The declared type of the values of a column; null in a map. */
	@Nullable Type declaredType(int index) {
		return (this.model != null) ? this.model.written().get(index).valueType() : null;
	}

	/** The value of an entry; that of a row is kept as it was read. */
	static @Nullable Object entry(Map<?, ?> map, @Nullable Object column) {
		return (map instanceof Row row && column instanceof String name) ? row.stored(name) : map.get(column);
	}

	/**
	 * The values that a row has in some columns.
	 * @param given a row as it was read: a map, record or bean
	 */
	static List<@Nullable Object> values(Object given, List<String> columns, Model.Cache models) {
		String subject = "The row passed to after(...) is";
		Model<?> model = model(given, models, subject);
		List<String> names = (model != null) ? model.columns() : keys(given, subject);
		List<@Nullable Object> values = new ArrayList<>();
		for (String column : columns) {
			if (!names.contains(column)) {
				throw new IllegalArgumentException("The row passed to after(...) has no column \"" + column
						+ "\", by which the rows are ordered; its columns are " + names);
			}
			values.add(StoredValue
				.plain((model != null) ? model.property(column).read(given) : entry((Map<?, ?>) given, column)));
		}
		return values;
	}

	/** The error for a record or bean without any value. */
	static IllegalArgumentException allNull(String subject, Object given, String advice) {
		return new IllegalArgumentException(subject + " a " + given.getClass().getSimpleName()
				+ " in which everything is null; " + advice + "call insertDefaults(table) to insert a row of defaults");
	}

	/**
	 * Checks that a row has a value for each key column, because a NULL never conflicts
	 * with another row.
	 * @param subject the subject and verb of messages
	 */
	static void checkKeys(String subject, List<String> columns, List<@Nullable Object> values, List<String> keys) {
		for (String key : keys) {
			int index = columns.indexOf(key);
			if (index < 0 || values.get(index) == null || values.get(index) == LEFT_OUT) {
				throw new IllegalArgumentException(subject + " no value for the key column \"" + key
						+ "\", so that it would never conflict with another row; add one, or use insert");
			}
		}
	}

}
