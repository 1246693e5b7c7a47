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
		if (given != null && insert.columns().isEmpty()) {
			throw GivenColumns.allNull(subject(table) + " are", given, "");
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
		GivenColumns columns = GivenColumns.of(given, models, subject(table) + " are");
		ColumnValues result = new ColumnValues(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(),
				new ArrayList<>());
		for (int i = 0; given != null && i < columns.names().size(); i++) {
			String column = columns.names().get(i);
			Object value = columns.value(given, i);
			boolean leftOut = value == GivenColumns.LEFT_OUT;
			Object written = leftOut ? null : value;
			Identifier.column(column);
			if ((nulls || !leftOut) && (key == null || !key.holds(column, written))) {
				result.add(table, column, written, columns.declaredType(i));
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

	/** The column names of the values, including null values. */
	static List<String> names(String table, @Nullable Object given, Model.Cache models) {
		return GivenColumns.of(given, models, subject(table) + " are").names();
	}

	/**
	 * Checks that the row has a value for each key column.
	 */
	void checkKeys(String table, List<String> keys) {
		GivenColumns.checkKeys(subject(table) + " have", this.bound, this.parameters, keys);
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
