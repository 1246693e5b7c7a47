package io.soong.sql;

import java.math.BigDecimal;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * An expression that a column is set to in place of a plain value:
 * <pre class="code">{@code
 * soong.update("stock", 42, Map.of("count", minus(1), "changed_at", now()));
 * // UPDATE "stock" SET "count" = "count" - ?, "changed_at" = now() WHERE "id" = ?
 * }</pre>
 * <p>
 * An expression is a value of a map for {@code update}. {@link #now()} and
 * {@link #toDefault()} are also allowed for {@code insert} and {@code upsert} of a single
 * row. Immutable and thread-safe.
 */
public final class Expression extends ScalarParameter.NoValue {

	private static final Expression DEFAULT = new Expression("DEFAULT", null);

	private static final Expression NOW = new Expression("now()", null);

	private final String text;

	private final @Nullable Object operand;

	private Expression(String text, @Nullable Object operand) {
		this.text = text;
		this.operand = operand;
	}

	/**
	 * {@code "column" = "column" + ?}: adds to the current value of the row, also if
	 * other transactions have changed it. NULL stays NULL.
	 * @param value the value to add, such as a number, or a {@code Duration} to a time
	 * @return the expression
	 * @throws IllegalArgumentException if the value is null
	 */
	public static Expression plus(Object value) {
		return operation("plus", "+", value);
	}

	/**
	 * {@code "column" = "column" - ?}: subtracts from the current value of the row, also
	 * if other transactions have changed it. NULL stays NULL.
	 * @param value the value to subtract, such as a number, or a {@code Duration} from a
	 * time
	 * @return the expression
	 * @throws IllegalArgumentException if the value is null
	 */
	public static Expression minus(Object value) {
		return operation("minus", "-", value);
	}

	/**
	 * {@code "column" = DEFAULT}: the default of the column, or NULL if it has none.
	 * @return the expression
	 */
	public static Expression toDefault() {
		return DEFAULT;
	}

	/**
	 * {@code "column" = now()}: the server's time at the start of the transaction.
	 * @return the expression
	 */
	public static Expression now() {
		return NOW;
	}

	private static Expression operation(String factory, String operator, @Nullable Object value) {
		if (value == null) {
			throw new IllegalArgumentException(factory + "(null) would set the column to NULL; pass null to set NULL");
		}
		if (!(value instanceof Number || value instanceof Duration)) {
			throw new IllegalArgumentException(factory + "(...) takes a number or a Duration, not a "
					+ value.getClass().getName() + "; for other types write the UPDATE yourself: execute(sql, ...)");
		}
		return new Expression(operator, exact(value));
	}

	// A double would turn an exact number of the column into a double
	private static Object exact(Object value) {
		boolean inexact = value instanceof Double || value instanceof Float;
		return (inexact && Double.isFinite(((Number) value).doubleValue())) ? new BigDecimal(value.toString()) : value;
	}

	/** The value of the expression; null if there is none. */
	@Nullable Object operand() {
		return this.operand;
	}

	/** {@code "count" + ?}, or {@code now()}. */
	String sql(String quotedColumn) {
		return (this.operand != null) ? quotedColumn + " " + this.text + " ?" : this.text;
	}

	@Override
	String advice() {
		return (this.operand != null) ? "plus(...) and minus(...) belong in an update, where there is a value already"
				: "now() and toDefault() belong in a map for insert, update or upsert of a single row";
	}

	/**
	 * The expression without its value.
	 */
	@Override
	public String toString() {
		return sql("column");
	}

}
