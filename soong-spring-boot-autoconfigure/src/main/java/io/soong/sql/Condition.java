package io.soong.sql;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A condition on a column, for calls where a plain value ({@code =}) is not enough:
 * <pre class="code">{@code
 * soong.select("gizmos").where("price", lessThan(3)).where("color", in("pink", "red")).list(Gizmo.class);
 * }</pre>
 * <p>
 * Values are always bound, never part of the SQL. A {@code List} is bound as an array, or
 * as json if the column is jsonb; a {@code Map} or record is json. {@code null} is
 * refused everywhere, because no comparison with NULL is ever true: write
 * {@link #isNull()} or {@link #isNotNull()}. As always in SQL, a row whose column is NULL
 * matches no other condition, not even a negated one. Immutable and thread-safe.
 */
public final class Condition extends ScalarParameter.NoValue {

	private static final String OPERATOR_CHARACTERS = "+-*/<>=~!@#%^&|`?";

	private static final int MAX_OPERATOR_BYTES = 63;

	private final String text;

	private final List<Object> values;

	private final boolean elements;

	private final List<Condition> parts;

	private Condition(String text, List<Object> values, boolean elements, List<Condition> parts) {
		this.text = text;
		this.values = values;
		this.elements = elements;
		this.parts = parts;
	}

	private Condition(String text, Object... values) {
		this(text, List.of(values), false, List.of());
	}

	/**
	 * {@code column = ?}. A {@code List} or an array is compared with an array column.
	 * @param value the value, not null
	 * @return the condition
	 */
	public static Condition eq(Object value) {
		return comparison("eq", "=", value);
	}

	/**
	 * {@code column <> ?}. A row whose column is NULL does not match.
	 * @param value the value, not null
	 * @return the condition
	 */
	public static Condition ne(Object value) {
		return comparison("ne", "<>", scalar("ne", value));
	}

	/**
	 * {@code column < ?}.
	 * @param value the value, not null
	 * @return the condition
	 */
	public static Condition lessThan(Object value) {
		return comparison("lessThan", "<", scalar("lessThan", value));
	}

	/**
	 * {@code column <= ?}.
	 * @param value the value, not null
	 * @return the condition
	 */
	public static Condition atMost(Object value) {
		return comparison("atMost", "<=", scalar("atMost", value));
	}

	/**
	 * {@code column > ?}.
	 * @param value the value, not null
	 * @return the condition
	 */
	public static Condition greaterThan(Object value) {
		return comparison("greaterThan", ">", scalar("greaterThan", value));
	}

	/**
	 * {@code column >= ?}.
	 * @param value the value, not null
	 * @return the condition
	 */
	public static Condition atLeast(Object value) {
		return comparison("atLeast", ">=", scalar("atLeast", value));
	}

	/**
	 * {@code column BETWEEN ? AND ?}, both ends included.
	 * @param low the lower end, not null
	 * @param high the upper end, not null
	 * @return the condition
	 */
	public static Condition between(Object low, Object high) {
		return new Condition("BETWEEN ? AND ?", value("between", scalar("between", low)),
				value("between", scalar("between", high)));
	}

	/**
	 * {@code column = ANY (?)}: equals one of the values, which are bound as one array.
	 * Without values it matches no row.
	 * @param values the values, none of them null or a collection
	 * @return the condition
	 */
	public static Condition in(Collection<?> values) {
		return elements("in", "= ANY (?)", values);
	}

	/**
	 * {@code column = ANY (?)}, as {@link #in(Collection)}.
	 * @param values the values, none of them null or a collection
	 * @return the condition
	 */
	public static Condition in(Object... values) {
		return elements("in", "= ANY (?)", listOf(values));
	}

	/**
	 * {@code column <> ALL (?)}: equals none of the values, which are bound as one array.
	 * Without values it matches every row; with values, a row whose column is NULL does
	 * not match.
	 * @param values the values, none of them null or a collection
	 * @return the condition
	 */
	public static Condition notIn(Collection<?> values) {
		return elements("notIn", "<> ALL (?)", values);
	}

	/**
	 * {@code column <> ALL (?)}, as {@link #notIn(Collection)}.
	 * @param values the values, none of them null or a collection
	 * @return the condition
	 */
	public static Condition notIn(Object... values) {
		return elements("notIn", "<> ALL (?)", listOf(values));
	}

	/**
	 * {@code column LIKE ?}: {@code %} stands for any text, {@code _} for one character.
	 * In a pattern made from a user's input, escape both with a backslash.
	 * @param pattern the pattern, not null
	 * @return the condition
	 */
	public static Condition like(String pattern) {
		return comparison("like", "LIKE", pattern);
	}

	/**
	 * {@code column ILIKE ?}: as {@link #like(String)}, but ignores case.
	 * @param pattern the pattern, not null
	 * @return the condition
	 */
	public static Condition ilike(String pattern) {
		return comparison("ilike", "ILIKE", pattern);
	}

	/**
	 * {@code column LIKE ?}: starts with the prefix, in which {@code %}, {@code _} and
	 * the backslash are escaped.
	 * @param prefix the prefix, not null and not empty
	 * @return the condition
	 */
	public static Condition startsWith(String prefix) {
		return new Condition("LIKE ?", escaped("startsWith", prefix) + "%");
	}

	/**
	 * {@code column LIKE ?}: ends with the suffix, in which {@code %}, {@code _} and the
	 * backslash are escaped.
	 * @param suffix the suffix, not null and not empty
	 * @return the condition
	 */
	public static Condition endsWith(String suffix) {
		return new Condition("LIKE ?", "%" + escaped("endsWith", suffix));
	}

	/**
	 * {@code column LIKE ?}: contains the text, in which {@code %}, {@code _} and the
	 * backslash are escaped.
	 * @param part the text, not null and not empty
	 * @return the condition
	 */
	public static Condition containsText(String part) {
		return new Condition("LIKE ?", "%" + escaped("containsText", part) + "%");
	}

	/**
	 * {@code NOT (column ...)}. A row whose column is NULL does not match.
	 * @param condition the condition, not null
	 * @return the negated condition
	 */
	public static Condition not(Condition condition) {
		return group("NOT", condition);
	}

	/**
	 * {@code (column ... AND column ...)}, such as
	 * {@code atLeast(monday).and(lessThan(tuesday))}.
	 * @param other another condition on the same column, not null
	 * @return a condition that matches if both match
	 */
	public Condition and(Condition other) {
		return group("AND", this, other);
	}

	/**
	 * {@code (column ... OR column ...)}, such as {@code isNull().or(lessThan(3))}.
	 * @param other another condition on the same column, not null
	 * @return a condition that matches if at least one of them matches
	 */
	public Condition or(Condition other) {
		return group("OR", this, other);
	}

	private static Condition group(String operator, @Nullable Condition... parts) {
		if (parts[parts.length - 1] == null) {
			throw new IllegalArgumentException("The other condition is null; write isNull() to ask for NULL");
		}
		return new Condition(operator, List.of(), false, List.of(parts));
	}

	private static String escaped(String factory, @Nullable String text) {
		if (text == null || text.isEmpty()) {
			throw new IllegalArgumentException(factory + "(...) of " + ((text == null) ? "null" : "an empty text")
					+ " would match " + ((text == null) ? "no row" : "every row")
					+ "; leave the condition out to select every row");
		}
		return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
	}

	/**
	 * {@code column IS NULL}.
	 * @return the condition
	 */
	public static Condition isNull() {
		return new Condition("IS NULL");
	}

	/**
	 * {@code column IS NOT NULL}.
	 * @return the condition
	 */
	public static Condition isNotNull() {
		return new Condition("IS NOT NULL");
	}

	/**
	 * {@code column @> ?}: the column, an array, range or jsonb, contains the value.
	 * @param value the value, not null and not empty, because every row would match
	 * @return the condition
	 */
	public static Condition contains(Object value) {
		return comparison("contains", "@>", notEmpty(value));
	}

	/**
	 * {@code column <@ ?}: the column, an array, range or jsonb, is contained by the
	 * value.
	 * @param value the value, not null
	 * @return the condition
	 */
	public static Condition containedBy(Object value) {
		return comparison("containedBy", "<@", value);
	}

	/**
	 * {@code column && ?}: the column, an array or range, has elements in common with the
	 * value.
	 * @param value the value, not null
	 * @return the condition
	 */
	public static Condition overlaps(Object value) {
		return comparison("overlaps", "&&", value);
	}

	/**
	 * {@code column OPERATOR ?}, for any other operator that returns a boolean, such as
	 * {@code ~*} or {@code ?} (on jsonb: has the key).
	 * @param operator at most 63 of the characters
	 * {@code + - * / < > = ~ ! @ # % ^ & | ` ?}, without {@code --} and
	 * <code>/&#42;</code>
	 * @param value the value, not null
	 * @return the condition
	 */
	public static Condition op(String operator, Object value) {
		checkOperator(operator);
		// A question mark that is not a parameter is doubled for the driver
		return comparison("op", operator.replace("?", "??"), value);
	}

	/** The SQL that follows the column; of a group, what joins its parts. */
	String text() {
		return this.text;
	}

	List<Object> values() {
		return this.values;
	}

	/** Whether the column is compared with each element of the value. */
	boolean isOfElements() {
		return this.elements;
	}

	/** Conditions on the same column; empty if this is not a group. */
	List<Condition> parts() {
		return this.parts;
	}

	/** Whether it is {@code IS NULL} or {@code IS NOT NULL}. */
	boolean isWithoutValues() {
		return this.values.isEmpty() && this.parts.isEmpty();
	}

	// A list compares by an order of its own, so that a list in place of a scalar would
	// match nearly every row
	private static @Nullable Object scalar(String factory, @Nullable Object value) {
		if (value != null && (value instanceof Map<?, ?> || ScalarParameter.isCollection(value))) {
			throw new IllegalArgumentException(factory + "(...) compares with a single value, not with a "
					+ value.getClass().getSimpleName() + "; write notIn(...), or op(...) to compare arrays");
		}
		return value;
	}

	private static @Nullable Object notEmpty(@Nullable Object value) {
		if ((value instanceof Map<?, ?> map && map.isEmpty()) || (value != null && isEmptyArray(value))) {
			throw new IllegalArgumentException(
					"contains(...) of nothing would match every row; leave the condition out to select every row");
		}
		return value;
	}

	// An array of empty arrays has no elements either
	private static boolean isEmptyArray(Object value) {
		return ScalarParameter.isCollection(value) && ScalarParameter.elements(value)
			.stream()
			.allMatch((element) -> element != null && isEmptyArray(element));
	}

	private static Condition comparison(String factory, String operator, @Nullable Object value) {
		return new Condition(operator + " ?", value(factory, value));
	}

	private static Object value(String factory, @Nullable Object value) {
		if (value == null) {
			throw new IllegalArgumentException(
					factory + "(null) would match no row; write isNull() or isNotNull() to ask for NULL");
		}
		if (value instanceof Condition) {
			throw new IllegalArgumentException(factory + "(...) takes a value, not another condition");
		}
		return value;
	}

	private static Condition elements(String factory, String text, @Nullable Collection<?> values) {
		if (values == null) {
			throw new IllegalArgumentException(factory + "(null) would match no row; write isNull() to ask for NULL");
		}
		List<Object> copy = new ArrayList<>(values.size());
		for (Object value : values) {
			if (value instanceof Iterable || (value != null && ScalarParameter.isCollection(value))) {
				throw new IllegalArgumentException(factory
						+ "(...) takes values or one collection of values, but no nested collection and no array of primitives");
			}
			if (value == null) {
				throw new IllegalArgumentException(
						factory + "(...) holds a null, which no row would match; leave it out or write isNull()");
			}
			copy.add(value(factory, value));
		}
		return new Condition(text, List.<Object>of(copy), true, List.of());
	}

	private static @Nullable List<@Nullable Object> listOf(@Nullable Object @Nullable [] values) {
		return (values != null) ? Arrays.asList(values) : null;
	}

	private static void checkOperator(@Nullable String operator) {
		if (operator == null || operator.isEmpty()) {
			throw new IllegalArgumentException("The operator is missing");
		}
		for (int i = 0; i < operator.length(); i++) {
			if (OPERATOR_CHARACTERS.indexOf(operator.charAt(i)) < 0) {
				throw new IllegalArgumentException("The operator " + Identifier.printable(operator)
						+ " is not made of PostgreSQL's operator characters " + OPERATOR_CHARACTERS);
			}
		}
		if (operator.contains("--") || operator.contains("/*")) {
			throw new IllegalArgumentException(
					"The operator " + Identifier.printable(operator) + " would begin a comment");
		}
		if (operator.getBytes(StandardCharsets.UTF_8).length > MAX_OPERATOR_BYTES) {
			throw new IllegalArgumentException("The operator " + Identifier.printable(operator) + " is longer than "
					+ MAX_OPERATOR_BYTES + " bytes");
		}
	}

	@Override
	String advice() {
		return "a condition belongs in a key or a where";
	}

	/**
	 * The condition without its values.
	 */
	@Override
	public String toString() {
		return this.parts.isEmpty() ? this.text : this.text + this.parts;
	}

}
