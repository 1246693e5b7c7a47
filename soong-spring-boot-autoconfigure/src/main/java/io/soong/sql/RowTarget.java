package io.soong.sql;

import java.sql.ResultSet;
import java.sql.SQLException;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.dao.TypeMismatchDataAccessException;

/**
 * Makes a {@link Row} of each row.
 */
final class RowTarget extends Target<Row> {

	private final ReadContext context;

	RowTarget(ReadContext context) {
		this.context = context;
	}

	@Override
	RowReader<Row> resolve(Shape shape) {
		Row.Columns columns = new Row.Columns(shape.labels());
		String duplicate = columns.duplicate();
		if (duplicate != null) {
			throw new InvalidDataAccessApiUsageException("The result has two columns \"" + duplicate
					+ "\" and a row could show only one of them; give one an alias (AS)");
		}
		return (resultSet) -> {
			@Nullable Object[] values = new Object[shape.size()];
			for (int i = 0; i < values.length; i++) {
				values[i] = read(shape, i, resultSet);
			}
			return new Row(columns, values);
		};
	}

	private @Nullable Object read(Shape shape, int index, ResultSet resultSet) throws SQLException {
		try {
			return shape.type(index).readValue(resultSet, index + 1, this.context);
		}
		catch (MismatchException ex) {
			throw new TypeMismatchDataAccessException(
					"The " + shape.describe(index) + " cannot be read: it " + ex.getMessage(), ex);
		}
	}

}
