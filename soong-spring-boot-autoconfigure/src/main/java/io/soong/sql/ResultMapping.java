package io.soong.sql;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataRetrievalFailureException;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.dao.TypeMismatchDataAccessException;
import org.springframework.jdbc.IncorrectResultSetColumnCountException;

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
	 * Caches the {@link ResultMapping} of every requested class. Thread-safe.
	 */
	static final class Cache {

		// No column
		private static final int NONE = -1;

		private final Model.Cache models;

		private final Map<Class<?>, ResultMapping<?>> mappings = new ConcurrentHashMap<>();

		private final ResultType.Context context;

		private final boolean valuesInErrors;

		Cache(Model.Cache models, Json json, Converters converters, boolean valuesInErrors) {
			this.models = models;
			this.context = new ResultType.Context(json, converters, new ResultType.ArrayReader.Domains());
			this.valuesInErrors = valuesInErrors;
			this.mappings.put(Row.class, new Rows());
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
				return new Scalars<>(type, scalar);
			}
			if (!Model.isModel(type)) {
				throw new IllegalArgumentException(
						"A row cannot become a " + type.getName() + "; ask for Row, a record, a bean or a scalar type");
			}
			Model<T> model = this.models.of(type);
			Constructor<T> constructor = model.constructor();
			if (constructor == null) {
				throw new IllegalArgumentException("A row cannot become a " + type.getName()
						+ ", because it has neither a constructor without arguments nor a single constructor for its properties; make it a record");
			}
			return new Models<>(model, constructor);
		}

		/**
		 * Maps each row to a {@link Row}.
		 */
		private final class Rows extends ResultMapping<Row> {

			@Override
			Reader<Row> resolve(Columns shape) {
				Row.Columns columns = new Row.Columns(shape.labels(), Cache.this.context.converters());
				String duplicate = columns.duplicate();
				if (duplicate != null) {
					throw new InvalidDataAccessApiUsageException("The result has two columns \"" + duplicate
							+ "\" and a row can hold only one of them; give one an alias (AS)");
				}
				return (resultSet) -> {
					@Nullable Object[] values = new Object[shape.size()];
					for (int i = 0; i < values.length; i++) {
						values[i] = read(shape, i, resultSet);
					}
					return new Row(columns, values);
				};
			}

			private @Nullable Object read(Columns shape, int index, ResultSet resultSet) throws SQLException {
				try {
					return shape.types().get(index).readValue(resultSet, index + 1, Cache.this.context);
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
		final class Scalars<T> extends ResultMapping<T> {

			private final Class<T> type;

			private final Conversion conversion;

			private Scalars(Class<T> type, Conversion conversion) {
				this.type = type;
				this.conversion = conversion;
			}

			@Override
			@SuppressWarnings("unchecked")
			Reader<T> resolve(Columns shape) {
				if (shape.size() != 1) {
					throw new IncorrectResultSetColumnCountException(this.type.getSimpleName()
							+ " is read from one column, but the result has " + shape.size() + ": " + shape.labels(), 1,
							shape.size());
				}
				// A primitive class is read as its wrapper, in which NULL is null
				ColumnReader reader = new ColumnReader(shape, 0, this.conversion, false, this.type::getSimpleName,
						Cache.this.context);
				return (resultSet) -> (T) reader.read(resultSet);
			}

		}

		/**
		 * Makes a record or bean of each row. A component or property takes the column of
		 * its name in snake_case or, failing that, the one that differs from it in case
		 * and underscores only. Every component of a record needs a column; a bean's
		 * property without one is left as it is. Further columns are ignored.
		 *
		 * @param <T> the record or bean
		 */
		private final class Models<T> extends ResultMapping<T> {

			private final Model<T> model;

			private final Constructor<T> constructor;

			// Created for calls on a table only, because other calls allow any names
			private volatile Identifier.@Nullable Columns columns;

			private Models(Model<T> model, Constructor<T> constructor) {
				this.model = model;
				this.constructor = constructor;
				if (model.byConstructor()) {
					// Every component is needed: refuse before anything is sent
					for (Model.Property property : model.properties()) {
						if (!property.ignored()) {
							conversion(property);
						}
					}
				}
			}

			@Override
			Identifier.Columns columns() {
				Identifier.Columns columns = this.columns;
				if (columns == null) {
					columns = this.model.byConstructor() ? Identifier.Columns.of(this.model.columns())
							: Identifier.Columns.NONE;
					this.columns = columns;
				}
				return columns;
			}

			@Override
			Reader<T> resolve(Columns shape) {
				List<Model.Property> found = new ArrayList<>();
				List<ColumnReader> readers = new ArrayList<>();
				for (Model.Property property : this.model.properties()) {
					if (property.ignored()) {
						continue;
					}
					int index = find(property, shape);
					if (index != NONE) {
						found.add(property);
						readers.add(reader(property, shape, index));
					}
					else if (this.model.byConstructor()) {
						throw new InvalidDataAccessApiUsageException(
								"The result has no column for " + this.model.describe(property) + ": looked for \""
										+ property.column() + "\" in " + shape.labels()
										+ (isNested(property)
												? "; a nested record is read from json, such as "
														+ "jsonb_build_object('city', city) AS " + property.column()
												: ""));
					}
				}
				ColumnReader[] columns = readers.toArray(new ColumnReader[0]);
				return this.model.byConstructor() ? taking(found, columns)
						: bean(found.toArray(new Model.Property[0]), columns);
			}

			private boolean isNested(Model.Property property) {
				return property.valueType() instanceof Class<?> type && Model.isModel(type) && Json.isTarget(type);
			}

			private Reader<T> taking(List<Model.Property> found, ColumnReader[] columns) {
				if (found.size() == this.model.properties().size()) {
					return (resultSet) -> newInstance(values(resultSet, columns));
				}
				int[] indexes = found.stream().mapToInt(this.model.properties()::indexOf).toArray();
				return (resultSet) -> {
					@Nullable Object[] values = values(resultSet, columns);
					@Nullable Object[] arguments = new Object[this.model.properties().size()];
					for (int i = 0; i < arguments.length; i++) {
						// Zero or false for a property without a column
						Class<?> type = this.constructor.getParameterTypes()[i];
						arguments[i] = type.isPrimitive() ? Array.get(Array.newInstance(type, 1), 0) : null;
					}
					for (int i = 0; i < indexes.length; i++) {
						arguments[indexes[i]] = values[i];
					}
					return newInstance(arguments);
				};
			}

			private Reader<T> bean(Model.Property[] properties, ColumnReader[] columns) {
				return (resultSet) -> {
					@Nullable Object[] values = values(resultSet, columns);
					T bean = newInstance();
					for (int i = 0; i < properties.length; i++) {
						write(properties[i], bean, values[i]);
					}
					return bean;
				};
			}

			private void write(Model.Property property, T bean, @Nullable Object value) {
				try {
					property.write(bean, value);
				}
				catch (RuntimeException ex) {
					throw refused("The setter of " + this.model.describe(property) + " refused the column", ex);
				}
			}

			private @Nullable Object[] values(ResultSet resultSet, ColumnReader[] columns) throws SQLException {
				@Nullable Object[] values = new Object[columns.length];
				for (int i = 0; i < columns.length; i++) {
					values[i] = columns[i].read(resultSet);
				}
				return values;
			}

			private T newInstance(@Nullable Object... arguments) {
				try {
					return this.constructor.newInstance(arguments);
				}
				catch (InvocationTargetException ex) {
					throw refused("The constructor of " + this.model.type().getName() + " refused the row",
							ex.getTargetException());
				}
				catch (InstantiationException | IllegalAccessException ex) {
					throw new DataRetrievalFailureException(
							"The constructor of " + this.model.type().getName() + " cannot be called", ex);
				}
			}

			// The message of the class's exception may quote the row
			private DataRetrievalFailureException refused(String what, Throwable cause) {
				if (Cache.this.valuesInErrors) {
					return new DataRetrievalFailureException(what, cause);
				}
				DataRetrievalFailureException ex = new DataRetrievalFailureException(what + " with a "
						+ cause.getClass().getName() + ", whose own text may hold values and is left out");
				ex.setStackTrace(cause.getStackTrace());
				return ex;
			}

			private ColumnReader reader(Model.Property property, Columns shape, int index) {
				boolean primitive = property.type() instanceof Class<?> type && type.isPrimitive();
				return new ColumnReader(shape, index, conversion(property), primitive,
						() -> this.model.describe(property) + " (" + property.type().getTypeName() + ")",
						Cache.this.context);
			}

			private Conversion conversion(Model.Property property) {
				Conversion conversion = Conversion.orJson(property.type(), Cache.this.context.converters());
				if (conversion == null) {
					throw new IllegalArgumentException("No column can be read as " + this.model.describe(property)
							+ ": its type " + property.type().getTypeName() + " is not supported");
				}
				return conversion;
			}

			private int find(Model.Property property, Columns shape) {
				int index = find(property, shape, property.column(), false);
				return (index != NONE) ? index : find(property, shape, Identifier.normalize(property.column()), true);
			}

			private int find(Model.Property property, Columns shape, String name, boolean normalize) {
				int found = NONE;
				for (int i = 0; i < shape.size(); i++) {
					String label = normalize ? Identifier.normalize(shape.labels().get(i)) : shape.labels().get(i);
					if (label.equals(name)) {
						if (found != NONE) {
							throw new InvalidDataAccessApiUsageException("The result has more than one column for "
									+ this.model.describe(property) + "; give one an alias (AS): " + shape.labels());
						}
						found = i;
					}
				}
				return found;
			}

		}

	}

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
	record Columns(List<String> labels, List<ResultType> types) {

		static Columns of(ResultSetMetaData metaData) throws SQLException {
			String[] labels = new String[metaData.getColumnCount()];
			ResultType[] types = new ResultType[labels.length];
			for (int i = 0; i < labels.length; i++) {
				labels[i] = metaData.getColumnLabel(i + 1);
				types[i] = ResultType.of(metaData, i + 1);
			}
			return new Columns(List.of(labels), List.of(types));
		}

		int size() {
			return this.labels.size();
		}

		/** {@code column "price" (NUMERIC)}, for messages. */
		String describe(int index) {
			return "column \"" + this.labels.get(index) + "\" (" + this.types.get(index) + ")";
		}

	}

	/**
	 * Reads one column as the type of the scalar, component or property that it is for.
	 */
	static final class ColumnReader {

		private final int index;

		private final ResultType type;

		private final Conversion conversion;

		private final boolean primitive;

		// For messages
		private final Columns shape;

		private final Supplier<String> subject;

		private final ResultType.Context context;

		ColumnReader(Columns shape, int index, Conversion conversion, boolean primitive, Supplier<String> subject,
				ResultType.Context context) {
			this.shape = shape;
			this.index = index;
			this.type = shape.types().get(index);
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
			return (this.type == ResultType.TEXT && value instanceof String label && this.conversion.isOtherLabel(label)
					&& ResultType.isEnum(resultSet, this.index + 1)) ? this.conversion.ofLabel(label)
							: this.conversion.convert(value);
		}

		private TypeMismatchDataAccessException mismatch(@Nullable String problem, @Nullable Throwable cause) {
			return new TypeMismatchDataAccessException("The " + this.shape.describe(this.index) + " cannot be read as "
					+ this.subject.get() + ": it " + problem, cause);
		}

	}

}
