package io.soong.sql;

/**
 * A value that a column does not take, by what is known of the column's type.
 */
final class ColumnMismatchException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	ColumnMismatchException(String message) {
		super(message);
	}

}
