package io.soong.sql;

/**
 * A column of a table, as the caller wrote them.
 *
 * @param table the name of the table
 * @param column the name of the column
 */
record TableColumn(String table, String column) {

	/** For messages. */
	@Override
	public String toString() {
		return "column \"" + this.column + "\" of table \"" + this.table + "\"";
	}

}
