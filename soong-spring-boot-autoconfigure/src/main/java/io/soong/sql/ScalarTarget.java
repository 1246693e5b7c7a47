package io.soong.sql;

import org.springframework.jdbc.IncorrectResultSetColumnCountException;

/**
 * Takes the one column of each row as a scalar, such as a {@code String} or a
 * {@code List}.
 *
 * @param <T> the type of the scalar
 */
final class ScalarTarget<T> extends Target<T> {

	private final Class<T> type;

	private final Conversion conversion;

	private final ReadContext context;

	ScalarTarget(Class<T> type, Conversion conversion, ReadContext context) {
		this.type = type;
		this.conversion = conversion;
		this.context = context;
	}

	@Override
	@SuppressWarnings("unchecked")
	RowReader<T> resolve(Shape shape) {
		if (shape.size() != 1) {
			throw new IncorrectResultSetColumnCountException(this.type.getSimpleName()
					+ " is made of one column, but the result has " + shape.size() + ": " + shape.labels(), 1,
					shape.size());
		}
		// A primitive class asks for its wrapper, in which NULL is null
		ColumnReader reader = new ColumnReader(shape, 0, this.conversion, false, this.type::getSimpleName,
				this.context);
		return (resultSet) -> (T) reader.read(resultSet);
	}

}
