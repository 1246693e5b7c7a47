package io.soong.sql;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.InvalidDataAccessApiUsageException;

/**
 * Makes a {@link Row} of each row.
 */
final class RowTarget extends Target<Row> {

	private final Json json;

	RowTarget(Json json) {
		this.json = json;
	}

	@Override
	RowReader<Row> resolve(Shape shape) {
		Row.Columns columns = new Row.Columns(shape.labels());
		String duplicate = columns.duplicate();
		if (duplicate != null) {
			throw new InvalidDataAccessApiUsageException("The result has two columns \"" + duplicate
					+ "\" and a row could show only one of them; give one an alias (AS)");
		}
		ColumnType[] types = new ColumnType[shape.size()];
		for (int i = 0; i < types.length; i++) {
			types[i] = shape.type(i);
		}
		return (resultSet) -> {
			@Nullable Object[] values = new Object[types.length];
			for (int i = 0; i < types.length; i++) {
				values[i] = types[i].readValue(resultSet, i + 1, this.json);
			}
			return new Row(columns, values);
		};
	}

}
