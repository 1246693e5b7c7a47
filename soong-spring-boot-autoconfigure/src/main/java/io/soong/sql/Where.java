package io.soong.sql;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

import org.jspecify.annotations.Nullable;

/**
 * The conditions of a statement, all of which must match. Immutable.
 */
final class Where {

	private static final String KEY_COLUMN = "id";

	private final String name;

	private final String table;

	private final List<Restriction> restrictions;

	private Where(String name, String table, List<Restriction> restrictions) {
		this.name = name;
		this.table = table;
		this.restrictions = restrictions;
	}

	/** Every row of the table. */
	static Where all(String table) {
		return new Where(table, Identifier.table(table), List.of());
	}

	/** The table, quoted. */
	String table() {
		return this.table;
	}

	/** The rows that meet the conditions of a map, which must have some. */
	static Where of(String table, @Nullable Map<?, ?> conditions, String emptyHint) {
		Where where = all(table);
		if (conditions == null) {
			throw new IllegalArgumentException("The conditions on table \"" + table + "\" are null; " + emptyHint);
		}
		if (conditions.isEmpty()) {
			throw new IllegalArgumentException(
					"The conditions on table \"" + table + "\" are empty and would match every row; " + emptyHint);
		}
		List<Restriction> restrictions = new ArrayList<>(conditions.size());
		stringKeys(table, conditions)
			.forEach((column, condition) -> restrictions.add(where.restriction(column, condition)));
		return new Where(table, where.table, restrictions);
	}

	/** The rows that have the key: a value of the column "id", or those of a filter. */
	static Where key(String table, @Nullable Object key) {
		Where where = all(table);
		if (key == null) {
			throw new IllegalArgumentException("The key of table \"" + table
					+ "\" is null; a key is a value of column \"" + KEY_COLUMN + "\", a map of conditions or a Filter");
		}
		if (key instanceof Filter filter) {
			return where.and(filter);
		}
		if (key instanceof Map<?, ?>) {
			throw new IllegalArgumentException("The key of table \"" + table
					+ "\" is a Map but declared as Object, so untrusted input could choose the columns; declare it as "
					+ "Map<String, ?> to allow that");
		}
		return where.and(KEY_COLUMN, key);
	}

	/** The rows that have the key: a map of conditions. */
	static Where compositeKey(String table, @Nullable Map<String, ?> key) {
		if (key == null) {
			return key(table, null);
		}
		return of(table, key, "a key is a value of column \"" + KEY_COLUMN + "\" or a map of at least one condition");
	}

	Where and(String column, @Nullable Object valueOrCondition) {
		return and(restriction(column, valueOrCondition));
	}

	Where and(@Nullable Filter filter) {
		if (filter == null) {
			throw new IllegalArgumentException("The filter on table \"" + this.name + "\" is null");
		}
		return and(restriction(filter));
	}

	/**
	 * The rows that come after one in an order.
	 * @param orders the order
	 * @param values the values of that row in the columns of the order
	 */
	Where after(List<Order> orders, List<@Nullable Object> values) {
		List<ParameterPlace.Column> columns = new ArrayList<>();
		for (int i = 0; i < orders.size(); i++) {
			String column = orders.get(i).column();
			if (values.get(i) == null) {
				throw new IllegalArgumentException("The row passed to after(...) has no value for column \"" + column
						+ "\" of table \"" + this.name
						+ "\", by which the rows are ordered; order by columns that are never NULL");
			}
			if (orders.get(i).isDescending() != orders.get(0).isDescending()) {
				throw new IllegalArgumentException(
						"after(...) takes an order in one direction, and \"" + orders.get(0).column() + "\" and \""
								+ column + "\" have different ones; order by all of them ascending or descending");
			}
			// Refuses collections and maps
			Condition.greaterThan(values.get(i));
			columns.add(new ParameterPlace.Column(this.name, column));
		}
		return and(new After(columns, orders.get(0).isDescending(), values));
	}

	private Where and(Restriction restriction) {
		List<Restriction> all = new ArrayList<>(this.restrictions.size() + 1);
		all.addAll(this.restrictions);
		all.add(restriction);
		return new Where(this.name, this.table, all);
	}

	private Restriction restriction(Filter filter) {
		if (filter.kind() == Filter.Kind.COLUMN) {
			return restriction(filter.column(), filter.valueOrCondition());
		}
		return new Group(filter.kind(), filter.parts().stream().map(this::restriction).toList());
	}

	private Restriction restriction(String column, @Nullable Object valueOrCondition) {
		String quoted = Identifier.column(column);
		ParameterPlace.Column place = new ParameterPlace.Column(this.name, column);
		return new OnColumn(place, quoted, Condition.of(valueOrCondition, place));
	}

	/** Whether every matching row has the value in the column. */
	boolean holds(String column, @Nullable Object value) {
		return value != null
				&& this.restrictions.stream().anyMatch((restriction) -> restriction.demands(column, value));
	}

	/** The column of each parameter, in order. */
	void addColumnsTo(List<String> columns) {
		this.restrictions.forEach((restriction) -> restriction.addColumnsTo(columns));
	}

	/** {@code WHERE "color" = ? AND "price" < ?}, with a blank before it, or nothing. */
	void appendTo(StringBuilder sql, List<@Nullable Object> parameters) {
		String separator = " WHERE ";
		for (Restriction restriction : this.restrictions) {
			sql.append(separator);
			restriction.appendTo(sql, parameters);
			separator = " AND ";
		}
	}

	// A map from outside the type system, such as a parsed event, may have any keys
	@SuppressWarnings("unchecked")
	private static Map<String, ?> stringKeys(String table, Map<?, ?> conditions) {
		for (Object column : conditions.keySet()) {
			if (!(column instanceof String)) {
				throw new IllegalArgumentException("The conditions on table \"" + table
						+ "\" are a map whose keys are not all strings; they are the names of columns");
			}
		}
		return (Map<String, ?>) conditions;
	}

	/**
	 * A condition on the rows.
	 */
	private interface Restriction {

		void appendTo(StringBuilder sql, List<@Nullable Object> parameters);

		void addColumnsTo(List<String> columns);

		/** Whether it matches only rows that have the value in the column. */
		default boolean demands(String column, Object value) {
			return false;
		}

	}

	private record OnColumn(ParameterPlace.Column column, String quoted, Condition condition) implements Restriction {

		@Override
		public void appendTo(StringBuilder sql, List<@Nullable Object> parameters) {
			this.condition.appendTo(sql, parameters, this.quoted, this.column);
		}

		@Override
		public void addColumnsTo(List<String> columns) {
			columns.addAll(Collections.nCopies(this.condition.parameters(), this.column.column()));
		}

		@Override
		public boolean demands(String column, Object value) {
			return this.column.column().equals(column) && this.condition.demands(value);
		}

	}

	private record Group(Filter.Kind kind, List<Restriction> parts) implements Restriction {

		@Override
		public void appendTo(StringBuilder sql, List<@Nullable Object> parameters) {
			sql.append((this.kind == Filter.Kind.NOT) ? "NOT (" : "(");
			String separator = "";
			for (Restriction part : this.parts) {
				sql.append(separator);
				part.appendTo(sql, parameters);
				separator = (this.kind == Filter.Kind.ANY) ? " OR " : " AND ";
			}
			sql.append(')');
		}

		@Override
		public void addColumnsTo(List<String> columns) {
			this.parts.forEach((part) -> part.addColumnsTo(columns));
		}

		@Override
		public boolean demands(String column, Object value) {
			return this.kind == Filter.Kind.ALL && this.parts.stream().anyMatch((part) -> part.demands(column, value));
		}

	}

	private record After(List<ParameterPlace.Column> columns, boolean descending,
			List<@Nullable Object> values) implements Restriction {

		@Override
		public void appendTo(StringBuilder sql, List<@Nullable Object> parameters) {
			StringJoiner names = new StringJoiner(", ", "(", ")");
			for (int i = 0; i < this.columns.size(); i++) {
				names.add(Identifier.column(this.columns.get(i).column()));
				parameters.add(ParameterValue.of(this.values.get(i),
						new ParameterPlace.Compared(this.columns.get(i), false, false)));
			}
			sql.append(names).append(this.descending ? " < " : " > ");
			sql.append("(").append(String.join(", ", Collections.nCopies(this.columns.size(), "?"))).append(")");
		}

		@Override
		public void addColumnsTo(List<String> columns) {
			this.columns.forEach((column) -> columns.add(column.column()));
		}

		/** Without the values, which must not be logged. */
		@Override
		public String toString() {
			return this.columns.toString();
		}

	}

}
