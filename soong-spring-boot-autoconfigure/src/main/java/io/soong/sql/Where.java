package io.soong.sql;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * The conditions of a statement, all of which must match: their SQL, and the values to
 * bind. A {@link Condition} and a {@link Filter} only hold what the caller said; it
 * becomes SQL here. Immutable once returned.
 */
final class Where {

	private static final String KEY_COLUMN = "id";

	private final String name;

	private final String table;

	// "color" = ? AND "price" < ?; empty for every row
	private final StringBuilder conditions = new StringBuilder();

	private final List<@Nullable Object> parameters = new ArrayList<>();

	private final List<ParameterPlace> places = new ArrayList<>();

	private final List<Equality> equalities = new ArrayList<>();

	private Where(String name, String table) {
		this.name = name;
		this.table = table;
	}

	/** Every row of the table. */
	static Where all(String table) {
		return new Where(table, Identifier.table(table));
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
		for (Map.Entry<?, ?> condition : conditions.entrySet()) {
			// A map from outside the type system, such as a parsed event, may have any
			// keys
			if (!(condition.getKey() instanceof String column)) {
				throw new IllegalArgumentException("The conditions on table \"" + table
						+ "\" are a map whose keys are not all strings; they are the names of columns");
			}
			where.add(column, condition.getValue());
		}
		return where;
	}

	/** The rows that have the key: a value of the column "id", or those of a filter. */
	static Where key(String table, @Nullable Object key) {
		Where where = all(table);
		if (key == null) {
			throw new IllegalArgumentException("The key of table \"" + table
					+ "\" is null; a key is a value of column \"" + KEY_COLUMN + "\", a map of conditions or a Filter");
		}
		if (key instanceof Map<?, ?>) {
			throw new IllegalArgumentException("The key of table \"" + table
					+ "\" is a Map but declared as Object, so untrusted input could choose the columns; declare it as "
					+ "Map<String, ?> to allow that");
		}
		if (key instanceof Filter filter) {
			where.append(filter, true);
		}
		else {
			where.add(KEY_COLUMN, key);
		}
		return where;
	}

	/** The rows that have the key: a map of conditions. */
	static Where compositeKey(String table, @Nullable Map<String, ?> key) {
		if (key == null) {
			return key(table, null);
		}
		return of(table, key, "a key is a value of column \"" + KEY_COLUMN + "\" or a map of at least one condition");
	}

	/** The table, as the caller wrote it. */
	String name() {
		return this.name;
	}

	/** The table, quoted. */
	String table() {
		return this.table;
	}

	Where and(String column, @Nullable Object valueOrCondition) {
		Where all = copy();
		all.add(column, valueOrCondition);
		return all;
	}

	Where and(@Nullable Filter filter) {
		if (filter == null) {
			throw new IllegalArgumentException("The filter on table \"" + this.name + "\" is null");
		}
		Where all = copy();
		all.separate();
		all.append(filter, true);
		return all;
	}

	/**
	 * The rows that come after one in an order.
	 */
	Where after(List<Order> orders, List<@Nullable Object> values) {
		Where all = copy();
		boolean descending = orders.get(0).isDescending();
		StringJoiner names = new StringJoiner(", ", "(", ")");
		for (int i = 0; i < orders.size(); i++) {
			String column = orders.get(i).column();
			Object value = values.get(i);
			if (value == null) {
				throw new IllegalArgumentException("The row passed to after(...) has no value for column \"" + column
						+ "\" of table \"" + this.name
						+ "\", by which the rows are ordered; order by columns that are never NULL");
			}
			if (orders.get(i).isDescending() != descending) {
				throw new IllegalArgumentException(
						"after(...) takes an order in one direction, and \"" + orders.get(0).column() + "\" and \""
								+ column + "\" have different ones; order by all of them ascending or descending");
			}
			// Refuses collections and maps
			Condition.greaterThan(value);
			names.add(Identifier.column(column));
			all.bind(value, new ParameterPlace.Compared(new ParameterPlace.Column(this.name, column), false, false));
		}
		all.separate();
		all.conditions.append(names).append(descending ? " < (" : " > (");
		all.conditions.append(String.join(", ", Collections.nCopies(orders.size(), "?"))).append(')');
		return all;
	}

	/** Whether every matching row has the value in the column. */
	boolean holds(String column, @Nullable Object value) {
		return value != null && this.equalities.stream()
			.anyMatch((equality) -> equality.column().equals(column) && isSame(equality.value(), value));
	}

	/** {@code WHERE "color" = ? AND "price" < ?}, with a blank before it, or nothing. */
	void appendTo(StringBuilder sql, List<@Nullable Object> parameters) {
		if (!this.conditions.isEmpty()) {
			sql.append(" WHERE ").append(this.conditions);
			parameters.addAll(this.parameters);
		}
	}

	/** The place of a parameter; those of limit and offset follow the conditions. */
	ParameterPlace place(int index) {
		return (index < this.places.size()) ? this.places.get(index)
				: new ParameterPlace.Argument("the limit or offset", ParameterPlace.Use.PLAIN);
	}

	private Where copy() {
		Where copy = new Where(this.name, this.table);
		copy.conditions.append(this.conditions);
		copy.parameters.addAll(this.parameters);
		copy.places.addAll(this.places);
		copy.equalities.addAll(this.equalities);
		return copy;
	}

	private void separate() {
		if (!this.conditions.isEmpty()) {
			this.conditions.append(" AND ");
		}
	}

	private void add(String column, @Nullable Object valueOrCondition) {
		separate();
		append(column, valueOrCondition, true);
	}

	/**
	 * Appends the SQL of a filter and its values.
	 * @param always whether every matching row meets it
	 */
	private void append(Filter filter, boolean always) {
		Filter.Kind kind = filter.kind();
		if (kind == Filter.Kind.COLUMN) {
			append(filter.column(), filter.valueOrCondition(), always);
			return;
		}
		String separator = (kind == Filter.Kind.NOT) ? "NOT (" : "(";
		for (Filter part : filter.parts()) {
			this.conditions.append(separator);
			append(part, always && kind == Filter.Kind.ALL);
			separator = (kind == Filter.Kind.ANY) ? " OR " : " AND ";
		}
		this.conditions.append(')');
	}

	private void append(String column, @Nullable Object valueOrCondition, boolean always) {
		String quoted = Identifier.column(column);
		ParameterPlace.Column place = new ParameterPlace.Column(this.name, column);
		append(quoted, place, condition(valueOrCondition, place), always);
	}

	private void append(String quoted, ParameterPlace.Column column, Condition condition, boolean always) {
		String text = condition.text();
		if (condition.parts().isEmpty()) {
			this.conditions.append(quoted).append(' ').append(text);
			// Containment of keys in jsonb is tested with an array
			boolean textArray = text.equals("??| ?") || text.equals("??& ?");
			ParameterPlace.Compared place = new ParameterPlace.Compared(column, condition.isOfElements(), textArray);
			for (Object value : condition.values()) {
				bind(value, place);
			}
			if (always && text.equals("= ?")) {
				this.equalities.add(new Equality(column.column(), condition.values().get(0)));
			}
			return;
		}
		String separator = text.equals("NOT") ? "NOT (" : "(";
		for (Condition part : condition.parts()) {
			this.conditions.append(separator);
			append(quoted, column, part, always && text.equals("AND"));
			separator = " " + text + " ";
		}
		this.conditions.append(')');
	}

	private void bind(Object value, ParameterPlace.Compared place) {
		this.places.add(place);
		this.parameters
			.add(place.elements() ? new ParameterValue.Structured(value, place) : ParameterValue.of(value, place));
	}

	private static Condition condition(@Nullable Object value, ParameterPlace.Column column) {
		if (value instanceof Condition condition) {
			return condition;
		}
		if (value == null) {
			throw new IllegalArgumentException(
					"The condition on " + column + " is null, which matches no row; write isNull() to ask for NULL");
		}
		if (Json.isJson(value) && !ScalarParameter.isRecordOfOne(value)) {
			throw new IllegalArgumentException("The condition on " + column + " is a " + value.getClass().getName()
					+ ", which is json; write eq(...) or contains(...) if the column is json");
		}
		if (value instanceof Iterable || ScalarParameter.isCollection(value)) {
			throw new IllegalArgumentException("The condition on " + column
					+ " is a collection; write in(...) for one of its values, or eq(...) for an array column that equals it");
		}
		return Condition.eq(value);
	}

	private static boolean isSame(Object value, Object other) {
		Object one = scalarOf(value);
		Object two = scalarOf(other);
		String text = exactText(one);
		return one.equals(two) || (text != null && text.equals(exactText(two)));
	}

	/**
	 * The text that represents a value completely, whatever its type: 42 equals 42L and
	 * "42", but 1.0 does not equal 1.00. Null if the text says less, as for a
	 * {@code java.util.Date}, or something else, as the digits of a float.
	 */
	private static @Nullable String exactText(Object value) {
		if (value instanceof Enum<?> constant) {
			return constant.name();
		}
		boolean exact = value instanceof CharSequence || value instanceof Character || value instanceof Boolean
				|| value instanceof UUID
				|| (value instanceof Number && !(value instanceof Double) && !(value instanceof Float));
		return exact ? value.toString() : null;
	}

	private static Object scalarOf(Object value) {
		Object component = ScalarParameter.isRecordOfOne(value) ? ScalarParameter.component(value) : null;
		return (component != null) ? component : value;
	}

	/**
	 * A value that every matching row has in a column.
	 */
	private record Equality(String column, Object value) {

		/** Without the value, which must not be logged. */
		@Override
		public String toString() {
			return this.column;
		}

	}

}
