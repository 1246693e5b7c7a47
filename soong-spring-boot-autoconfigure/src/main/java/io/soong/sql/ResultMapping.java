package io.soong.sql;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.TypeMismatchDataAccessException;

/**
 * Maps the rows of a result. The mapping of a result's shape is computed once and cached.
 * Thread-safe.
 *
 * @param <T> what a row becomes
 */
abstract class ResultMapping<T> {

	// Far more than a function uses; a bound for SQL that is built dynamically
	private static final int MAX_SHAPES = 256;

	private final BoundedCache<Columns, Reader<T>> readers = new BoundedCache<>(MAX_SHAPES);

	final Reader<T> reader(ResultSetMetaData metaData) throws SQLException {
		Columns shape = Columns.of(metaData);
		Reader<T> reader = this.readers.get(shape);
		if (reader == null) {
			reader = resolve(shape);
			this.readers.put(shape, reader);
		}
		return reader;
	}

	/** The columns to select, or none for all of them. */
	Identifier.Columns columns() {
		return Identifier.Columns.NONE;
	}

	abstract Reader<T> resolve(Columns shape);

	/**
	 * Reads the current row of a result of one {@link Columns}. Holds no state of a
	 * result and is shared by threads.
	 *
	 * @param <T> what a row becomes
	 */
	@FunctionalInterface
	interface Reader<T> {

		@Nullable T read(ResultSet resultSet) throws SQLException;

	}

	/**
	 * The columns of a result: their names and what is read from them. Two results of the
	 * same shape are mapped in the same way.
	 */
	static final class Columns {

		private final String[] labels;

		private final ColumnType[] types;

		private final int hash;

		private Columns(String[] labels, ColumnType[] types) {
			this.labels = labels;
			this.types = types;
			this.hash = 31 * Arrays.hashCode(labels) + Arrays.hashCode(types);
		}

		static Columns of(ResultSetMetaData metaData) throws SQLException {
			String[] labels = new String[metaData.getColumnCount()];
			ColumnType[] types = new ColumnType[labels.length];
			for (int i = 0; i < labels.length; i++) {
				labels[i] = metaData.getColumnLabel(i + 1);
				types[i] = ColumnType.of(metaData, i + 1);
			}
			return new Columns(labels, types);
		}

		int size() {
			return this.labels.length;
		}

		String label(int index) {
			return this.labels[index];
		}

		List<String> labels() {
			return List.of(this.labels);
		}

		ColumnType type(int index) {
			return this.types[index];
		}

		/** {@code column "price" (NUMERIC)}, for messages. */
		String describe(int index) {
			return "column \"" + this.labels[index] + "\" (" + this.types[index] + ")";
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other instanceof Columns shape && shape.hash == this.hash && Arrays.equals(shape.labels, this.labels)
					&& Arrays.equals(shape.types, this.types);
		}

		@Override
		public int hashCode() {
			return this.hash;
		}

	}

	/**
	 * Reads one column as the type of the scalar, component or property that it is for.
	 */
	static final class ColumnReader {

		private final int index;

		private final ColumnType type;

		private final Conversion conversion;

		private final boolean primitive;

		// For messages
		private final ResultMapping.Columns shape;

		private final Supplier<String> subject;

		private final ColumnType.Context context;

		ColumnReader(ResultMapping.Columns shape, int index, Conversion conversion, boolean primitive,
				Supplier<String> subject, ColumnType.Context context) {
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
				Object converted = (value != null) ? convert(value, resultSet) : this.conversion.ofNull();
				if (converted == null && this.primitive) {
					throw new MismatchException("holds a NULL, which a primitive cannot");
				}
				return converted;
			}
			catch (MismatchException ex) {
				throw mismatch(ex.getMessage(), ex);
			}
		}

		// In a text column a constant is stored by its name, so that only the name
		// matches
		private @Nullable Object convert(Object value, ResultSet resultSet) throws SQLException {
			return (this.type == ColumnType.TEXT && value instanceof String label && this.conversion.isOtherLabel(label)
					&& ColumnType.isEnum(resultSet, this.index + 1)) ? this.conversion.ofLabel(label)
							: this.conversion.convert(value);
		}

		private TypeMismatchDataAccessException mismatch(@Nullable String problem, @Nullable Throwable cause) {
			return new TypeMismatchDataAccessException("The " + this.shape.describe(this.index) + " cannot be read as "
					+ this.subject.get() + ": it " + problem, cause);
		}

	}

}
