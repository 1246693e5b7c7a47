package io.soong.sql;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.TypeMismatchDataAccessException;

/**
 * Reads one column as the type of the scalar, component or property that it is for.
 */
final class ColumnReader {

	private final int index;

	private final ColumnType type;

	private final Conversion conversion;

	private final boolean primitive;

	// For messages
	private final Shape shape;

	private final Supplier<String> subject;

	private final ReadContext context;

	ColumnReader(Shape shape, int index, Conversion conversion, boolean primitive, Supplier<String> subject,
			ReadContext context) {
		this.shape = shape;
		this.index = index;
		this.type = shape.type(index);
		this.conversion = conversion;
		this.primitive = primitive;
		this.subject = subject;
		this.context = context;
	}

	@Nullable Object read(ResultSet resultSet) throws SQLException {
		try {
			Object value = StoredValue.plain(this.type.readValue(resultSet, this.index + 1, this.context));
			Object converted = (value != null) ? this.conversion.convert(value) : null;
			if (converted == null && this.primitive) {
				throw new MismatchException("holds a NULL, which a primitive cannot");
			}
			return converted;
		}
		catch (MismatchException ex) {
			throw mismatch(ex.getMessage(), ex);
		}
	}

	private TypeMismatchDataAccessException mismatch(@Nullable String problem, @Nullable Throwable cause) {
		return new TypeMismatchDataAccessException("The " + this.shape.describe(this.index) + " cannot be read as "
				+ this.subject.get() + ": it " + problem, cause);
	}

}
