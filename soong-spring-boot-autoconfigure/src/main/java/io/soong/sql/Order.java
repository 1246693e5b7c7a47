package io.soong.sql;

/**
 * The direction in which a {@link Select} orders by a column. Immutable and thread-safe.
 */
public final class Order {

	private final String text;

	private Order(String text) {
		this.text = text;
	}

	/**
	 * {@code ORDER BY "column"}: smallest first, NULL last of all.
	 * @param column the column
	 * @return the order
	 */
	public static Order asc(String column) {
		return new Order(Identifier.column(column));
	}

	/**
	 * {@code ORDER BY "column" DESC}: NULL first of all, then the largest.
	 * @param column the column
	 * @return the order
	 */
	public static Order desc(String column) {
		return new Order(Identifier.column(column) + " DESC");
	}

	/**
	 * The SQL text.
	 */
	@Override
	public String toString() {
		return this.text;
	}

}
