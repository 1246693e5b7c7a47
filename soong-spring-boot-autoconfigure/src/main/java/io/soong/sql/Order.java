package io.soong.sql;

/**
 * The direction in which a {@link Select} orders by a column. Immutable and thread-safe.
 */
public final class Order {

	private final String column;

	private final boolean descending;

	private final String nulls;

	private Order(String column, boolean descending, String nulls) {
		this.column = column;
		this.descending = descending;
		this.nulls = nulls;
	}

	/**
	 * {@code ORDER BY "column"}: the smallest value first, NULL last.
	 * @param column the column
	 * @return the order
	 */
	public static Order asc(String column) {
		return order(column, false);
	}

	/**
	 * {@code ORDER BY "column" DESC}: NULL first, then the largest value.
	 * @param column the column
	 * @return the order
	 */
	public static Order desc(String column) {
		return order(column, true);
	}

	private static Order order(String column, boolean descending) {
		Identifier.column(column);
		return new Order(column, descending, "");
	}

	/**
	 * {@code ... NULLS FIRST}.
	 * @return the order with NULL first
	 */
	public Order nullsFirst() {
		return nulls(" NULLS FIRST");
	}

	/**
	 * {@code ... NULLS LAST}.
	 * @return the order with NULL last
	 */
	public Order nullsLast() {
		return nulls(" NULLS LAST");
	}

	private Order nulls(String nulls) {
		return new Order(this.column, this.descending, nulls);
	}

	String column() {
		return this.column;
	}

	boolean isDescending() {
		return this.descending;
	}

	/**
	 * The SQL text.
	 */
	@Override
	public String toString() {
		return Identifier.column(this.column) + (this.descending ? " DESC" : "") + this.nulls;
	}

}
