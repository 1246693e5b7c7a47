package io.soong.sql;

import java.lang.reflect.Constructor;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.dao.TypeMismatchDataAccessException;
import org.springframework.jdbc.IncorrectResultSetColumnCountException;

/**
 * Caches the {@link ResultMapping} of every requested class. Thread-safe.
 */
final class ResultMappings {

	private final Model.Cache models;

	private final Map<Class<?>, ResultMapping<?>> mappings = new ConcurrentHashMap<>();

	private final ColumnType.Context context;

	private final boolean valuesInErrors;

	ResultMappings(Model.Cache models, Json json, Converters converters, boolean valuesInErrors) {
		this.models = models;
		this.context = new ColumnType.Context(json, converters, new ArrayReader.Domains());
		this.valuesInErrors = valuesInErrors;
		this.mappings.put(Row.class, new Rows(this.context));
	}

	ResultMapping<Row> rows() {
		return of(Row.class);
	}

	@SuppressWarnings("unchecked")
	<T> ResultMapping<T> of(@Nullable Class<T> type) {
		if (type == null) {
			throw new IllegalArgumentException("The type is null");
		}
		ResultMapping<?> mapping = this.mappings.get(type);
		if (mapping == null) {
			mapping = resolve(type);
			this.mappings.put(type, mapping);
		}
		return (ResultMapping<T>) mapping;
	}

	private <T> ResultMapping<T> resolve(Class<T> type) {
		Conversion scalar = Conversion.to(type, this.context.converters());
		if (scalar != null) {
			return new Scalars<>(type, scalar, this.context);
		}
		if (!Model.isModel(type)) {
			throw new IllegalArgumentException(
					"A row cannot become a " + type.getName() + "; ask for Row, a record, a bean or a scalar type");
		}
		Model<T> model = this.models.of(type);
		Constructor<T> constructor = model.constructor();
		if (constructor == null) {
			throw new IllegalArgumentException("A row cannot become a " + type.getName()
					+ ", because it has neither a constructor without arguments nor only one that takes its properties; make it a record");
		}
		return new ModelMapping<>(model, constructor, this.context, this.valuesInErrors);
	}

	/**
	 * Maps each row to a {@link Row}.
	 */
	static final class Rows extends ResultMapping<Row> {

		private final ColumnType.Context context;

		Rows(ColumnType.Context context) {
			this.context = context;
		}

		@Override
		ResultMapping.Reader<Row> resolve(ResultMapping.Columns shape) {
			Row.Columns columns = new Row.Columns(shape.labels(), this.context.converters());
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

		private @Nullable Object read(ResultMapping.Columns shape, int index, ResultSet resultSet) throws SQLException {
			try {
				return shape.type(index).readValue(resultSet, index + 1, this.context);
			}
			catch (MismatchException ex) {
				throw new TypeMismatchDataAccessException(
						"The " + shape.describe(index) + " cannot be read: it " + ex.getMessage(), ex);
			}
		}

	}

	/**
	 * Takes the one column of each row as a scalar, such as a {@code String} or a
	 * {@code List}.
	 *
	 * @param <T> the type of the scalar
	 */
	static final class Scalars<T> extends ResultMapping<T> {

		private final Class<T> type;

		private final Conversion conversion;

		private final ColumnType.Context context;

		Scalars(Class<T> type, Conversion conversion, ColumnType.Context context) {
			this.type = type;
			this.conversion = conversion;
			this.context = context;
		}

		@Override
		@SuppressWarnings("unchecked")
		ResultMapping.Reader<T> resolve(ResultMapping.Columns shape) {
			if (shape.size() != 1) {
				throw new IncorrectResultSetColumnCountException(this.type.getSimpleName()
						+ " is made of one column, but the result has " + shape.size() + ": " + shape.labels(), 1,
						shape.size());
			}
			// A primitive class is read as its wrapper, in which NULL is null
			ResultMapping.ColumnReader reader = new ResultMapping.ColumnReader(shape, 0, this.conversion, false,
					this.type::getSimpleName, this.context);
			return (resultSet) -> (T) reader.read(resultSet);
		}

	}

}
