package io.soong.sql;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Decides how a value of the caller is bound, by its class and its place, in the same way
 * for every call. A {@link ScalarParameter} is decided immediately. A collection, map,
 * record or json is a {@link Structured} value, which may depend on the type of a column.
 */
final class ParameterValue {

	private ParameterValue() {
	}

	/**
	 * The value to bind, or a {@link Structured} that has yet to be resolved.
	 */
	static @Nullable Object of(@Nullable Object value, ParameterPlace place) {
		if (value == null || value instanceof Integer || value instanceof Long) {
			return value;
		}
		if (value instanceof String text) {
			return ScalarParameter.wellFormed(text, place);
		}
		if (value instanceof StoredValue stored) {
			return stored.parameter();
		}
		Object scalar = ArrayParameter.isStructured(value) ? null : ScalarParameter.scalarOrNull(value, place);
		return (scalar != null) ? scalar : new Structured(value, place);
	}

	/**
	 * Binds a parameter. A {@code String} and null are bound without a type, so that the
	 * server infers the type from the place of the parameter.
	 */
	static void bind(PreparedStatement statement, int index, @Nullable Object parameter) throws SQLException {
		if (parameter == null) {
			statement.setNull(index, Types.NULL);
		}
		else if (parameter instanceof String) {
			statement.setObject(index, parameter, Types.OTHER);
		}
		else if (parameter instanceof Text text) {
			statement.setObject(index, ScalarParameter.typed("text", text.text()));
		}
		else {
			statement.setObject(index, parameter);
		}
	}

	/** The value to bind where the server cannot infer a type. */
	static @Nullable Object withType(@Nullable Object parameter) {
		if (parameter == null || parameter instanceof String) {
			return new Text((String) parameter);
		}
		return (parameter instanceof Date)
				? ScalarParameter.typed(ArrayParameter.fallbackType(parameter), ScalarParameter.text(parameter))
				: parameter;
	}

	/**
	 * Text with the type text; other text is bound without a type.
	 *
	 * @param text the text, or null for NULL
	 */
	record Text(@Nullable String text) {

		/** Without the text, which must not be logged. */
		@Override
		public String toString() {
			return "?";
		}

	}

	/**
	 * A collection, array, map, record, bean or json: bound as a typed array or as json,
	 * never as text without a type. Which of them may depend on the type of the column,
	 * or on the type that the server infers, so that it is decided when the statement
	 * runs.
	 */
	record Structured(Object value, ParameterPlace place) {

		/**
		 * The value after the application's converters. Refuses a value that cannot be
		 * bound anywhere.
		 */
		@Nullable Object converted(Converters converters) {
			Converters.Types types = converters.writing(this.value.getClass());
			if (types != null) {
				Object parameter = ParameterValue.of(types.write(this.value, this.place), this.place);
				return (parameter instanceof Structured structured) ? structured.converted(Converters.NONE)
						: asPlaced(parameter);
			}
			if (this.value instanceof Enum && !(this.place instanceof ParameterPlace.Argument)) {
				return this;
			}
			if (!ArrayParameter.isStructured(this.value)) {
				return asPlaced(ScalarParameter.scalar(this.value, this.place));
			}
			if (this.place instanceof ParameterPlace.Argument argument) {
				if (ScalarParameter.isRecordOfOne(this.value)) {
					return component(converters, argument);
				}
				if (argument.use() == ParameterPlace.Use.TURNED_INTO_TEXT
						|| argument.use() == ParameterPlace.Use.PART_OF_TEXT) {
					throw refused(
							", and the function around it would turn it into text; cast it (CAST(? AS jsonb)), or pass text");
				}
			}
			if (ScalarParameter.isCollection(this.value) && !isElements()) {
				if (this.place instanceof ParameterPlace.Argument argument) {
					checkCast(argument);
				}
				ArrayParameter.check(converters.elements(this.value, this.place), this.place);
			}
			return this;
		}

		private @Nullable Object asPlaced(@Nullable Object parameter) {
			return (this.place instanceof ParameterPlace.Argument argument && argument.use().needsType())
					? withType(parameter) : parameter;
		}

		private boolean isElements() {
			return this.place instanceof ParameterPlace.Compared compared && compared.elements();
		}

		private void checkCast(ParameterPlace.Argument argument) {
			String problem = switch (argument.use()) {
				case CAST_TO_JSON -> ", but the SQL casts it to json; write JsonValue.json(...) around it";
				case CAST_ELEMENT ->
					", but the SQL casts it to one value inside IN (...); write IN (?) without the cast, or "
							+ "= ANY (CAST(? AS uuid[])) with the type of an array";
				default -> null;
			};
			if (problem != null) {
				throw refused(problem);
			}
		}

		// Text is bound with the type text, because json may belong there
		private @Nullable Object component(Converters converters, ParameterPlace.Argument argument) {
			Object component = ParameterValue.of(ScalarParameter.component(this.value), argument);
			if (component instanceof Structured structured) {
				component = structured.converted(converters);
			}
			return (component instanceof String text) ? new Text(text) : component;
		}

		/**
		 * The column that it is written to or compared with; null in the caller's own
		 * SQL.
		 */
		ParameterPlace.@Nullable Column column() {
			return (this.place instanceof ParameterPlace.Assigned assigned) ? assigned.column()
					: (this.place instanceof ParameterPlace.Compared compared) ? compared.column() : null;
		}

		/** Whether the server has to infer the type of the parameter. */
		boolean isInferred() {
			return this.place instanceof ParameterPlace.Argument argument
					&& (argument.use() == ParameterPlace.Use.ASSIGNED || isCompared());
		}

		/** Whether the type of the parameter only selects the operator. */
		boolean isCompared() {
			return this.place instanceof ParameterPlace.Argument argument
					&& argument.use() == ParameterPlace.Use.COMPARED;
		}

		/**
		 * The value to bind.
		 */
		@Nullable Object resolve(Resolver resolver) {
			try {
				return resolveByKnownType(resolver);
			}
			catch (DatabaseType.ColumnMismatchException ex) {
				ParameterPlace.Column column = column();
				// The column's type may have changed since it was cached
				if (column == null || !resolver.refresh(column)) {
					throw ex;
				}
				return resolveByKnownType(resolver);
			}
		}

		private @Nullable Object resolveByKnownType(Resolver resolver) {
			if (this.value instanceof Enum<?> constant) {
				ParameterPlace.Column column = column();
				DatabaseType type = (column != null) ? resolver.type(column) : null;
				String label = (type != null) ? type.label(constant) : constant.name();
				if (column != null && !label.equals(constant.name())) {
					resolver.requiredType(column);
				}
				return label;
			}
			if (this.place instanceof ParameterPlace.Assigned assigned) {
				if (!ScalarParameter.isCollection(this.value) && !ScalarParameter.isRecordOfOne(this.value)) {
					// A value that cannot be written is refused before any round trip
					return forJson(jsonText(resolver.json()), resolver.requiredType(assigned.column()));
				}
				DatabaseType type = resolver.requiredType(assigned.column());
				return (type != null) ? forColumn(resolver, type) : natural(resolver);
			}
			if (this.place instanceof ParameterPlace.Compared compared) {
				DatabaseType type = dependsOnColumn(compared) ? resolver.type(compared.column()) : null;
				if (type != null && !type.labels().isEmpty()) {
					resolver.requiredType(compared.column());
				}
				return compared(compared, resolver, type);
			}
			return (this.place instanceof ParameterPlace.Argument argument
					&& argument.use() == ParameterPlace.Use.ELEMENTS && ScalarParameter.isCollection(this.value))
							? ArrayParameter.ofElements(elements(resolver), this.place, resolver.json(), null)
							: natural(resolver);
		}

		/**
		 * The value to bind where the server has inferred a type.
		 */
		Object resolve(Resolver resolver, DatabaseType type) {
			if (ScalarParameter.isCollection(this.value)) {
				if (type.isJson()) {
					throw refused(", but json belongs there; write JsonValue.json(...) around it");
				}
				if (type.isArray()) {
					return ArrayParameter.forColumn(elements(resolver), this.place, resolver.json(), type);
				}
			}
			else if (type.isJson()) {
				// As json it keeps its text, as in a call on a table
				return ScalarParameter.typed(type.name(), jsonText(resolver.json()));
			}
			throw refused(
					", but the server expects the type " + type.displayName() + " there; cast it where that is meant ("
							+ (ScalarParameter.isCollection(this.value) ? "CAST(? AS text[])" : "CAST(? AS jsonb)")
							+ "), or pass a single value");
		}

		private Object forJson(String text, @Nullable DatabaseType type) {
			if (type != null && !type.isJson()) {
				throw mismatch(type);
			}
			return ScalarParameter.typed((type != null) ? type.name() : "jsonb", text);
		}

		private @Nullable Object forColumn(Resolver resolver, DatabaseType type) {
			if (type.isJson()) {
				return ScalarParameter.typed(type.name(), jsonText(resolver.json()));
			}
			if (ScalarParameter.isCollection(this.value)) {
				if (type.isArray()) {
					return ArrayParameter.forColumn(elements(resolver), this.place, resolver.json(), type);
				}
			}
			else if (ScalarParameter.isRecordOfOne(this.value)) {
				return component(resolver);
			}
			throw mismatch(type);
		}

		private DatabaseType.ColumnMismatchException mismatch(DatabaseType type) {
			return new DatabaseType.ColumnMismatchException(
					"The value for " + this.place + " is " + describe("an array or json")
							+ ", but the column is of type " + type.displayName() + "; pass a value of that type");
		}

		private @Nullable Object compared(ParameterPlace.Compared compared, Resolver resolver,
				@Nullable DatabaseType type) {
			Json json = resolver.json();
			boolean isJson = type != null && type.isJson();
			if (compared.elements()) {
				return ArrayParameter.ofElements(elements(resolver), this.place, json, type);
			}
			if (!isJson && ScalarParameter.isRecordOfOne(this.value)) {
				Object component = component(resolver);
				if (component == null) {
					throw new IllegalArgumentException("The condition on " + this.place
							+ " is a record whose component is null, which matches no row; write isNull() to ask for NULL");
				}
				if (component instanceof String) {
					// Any other would be refused where the column is json by now
					resolver.requiredType(compared.column());
				}
				return component;
			}
			if (ScalarParameter.isCollection(this.value)) {
				if (type != null && type.isArray()) {
					return ArrayParameter.forColumn(elements(resolver), this.place, json, type);
				}
				if (!isJson || compared.textArray()) {
					return ArrayParameter.typed(elements(resolver), this.place, json);
				}
			}
			return ScalarParameter.typed("jsonb", jsonText(json));
		}

		// A list of scalars that are compared one by one is bound alike for any column
		private boolean dependsOnColumn(ParameterPlace.Compared compared) {
			return !compared.elements() || ScalarParameter.elements(this.value)
				.stream()
				.anyMatch((element) -> element instanceof Enum || (element != null && Json.isJson(element)));
		}

		private @Nullable Object component(Resolver resolver) {
			Object component = ParameterValue.of(ScalarParameter.component(this.value), this.place);
			if (component instanceof Structured structured) {
				component = structured.converted(resolver.converters());
			}
			return (component instanceof Structured structured) ? structured.resolve(resolver) : component;
		}

		// By the class of the value, if its place is unknown
		Object natural(Resolver resolver) {
			if (this.value instanceof StoredValue.JsonText stored) {
				return ScalarParameter.typed(stored.type(), stored.text());
			}
			return ScalarParameter.isCollection(this.value)
					? ArrayParameter.typed(elements(resolver), this.place, resolver.json())
					: ScalarParameter.typed("jsonb", jsonText(resolver.json()));
		}

		private Object elements(Resolver resolver) {
			return resolver.converters().elements(this.value, this.place);
		}

		private String jsonText(Json json) {
			if (this.value instanceof StoredValue.JsonText stored) {
				return stored.text();
			}
			return (this.value instanceof JsonValue marked) ? json.write(marked.value(), null, this.place::toString)
					: json.write(this.value,
							(this.place instanceof ParameterPlace.Assigned assigned) ? assigned.declaredType() : null,
							this.place::toString);
		}

		private IllegalArgumentException refused(String reason) {
			return new IllegalArgumentException("The value for " + this.place + " is " + describe("an array") + reason);
		}

		// A value that is marked as json is called json, not by its class
		private String describe(String collection) {
			if (this.value instanceof JsonValue || this.value instanceof StoredValue.JsonText) {
				return "json";
			}
			String type = this.value.getClass().getName();
			if (ScalarParameter.isCollection(this.value)) {
				return "a " + (type.startsWith("[") ? "Java array" : "collection") + ", which is " + collection;
			}
			return ((this.value instanceof Map) ? "a map" : "a " + type) + ", which is json";
		}

		/** Without the value, which must not be logged. */
		@Override
		public String toString() {
			return "?";
		}

	}

	/**
	 * Prepares the parameters of one statement for binding, and records the column types
	 * this depends on.
	 */
	static class Resolver {

		private final Json json;

		private final Converters converters;

		private final ColumnTypes types;

		private final Map<ParameterPlace.Column, DatabaseType> required = new HashMap<>();

		private boolean changed;

		Resolver(Json json, Converters converters, ColumnTypes types) {
			this.json = json;
			this.converters = converters;
			this.types = types;
		}

		/**
		 * The parameters, ready for binding except those whose type the server has to
		 * infer.
		 */
		List<@Nullable Object> resolve(List<@Nullable Object> parameters) {
			List<@Nullable Object> resolved = resolveOnce(parameters);
			if (!this.changed) {
				return resolved;
			}
			this.changed = false;
			this.required.clear();
			return resolveOnce(parameters);
		}

		private List<@Nullable Object> resolveOnce(List<@Nullable Object> parameters) {
			List<@Nullable Object> resolved = new ArrayList<>(parameters);
			// A value that cannot be bound anywhere is refused before any round trip
			resolved.replaceAll((parameter) -> (parameter instanceof Structured value)
					? value.converted(this.converters) : parameter);
			resolved.replaceAll((parameter) -> (parameter instanceof Structured value && !value.isInferred())
					? value.resolve(this) : parameter);
			return resolved;
		}

		/**
		 * Whether the type of a column has changed while values were prepared, so that
		 * those before may be of another type.
		 */
		boolean hasSeenChange() {
			return this.changed;
		}

		/** Prepares the values of a row for binding, in place. */
		void resolve(@Nullable Object[] row) {
			for (int i = 0; i < row.length; i++) {
				if (row[i] instanceof Structured value) {
					row[i] = value.converted(this.converters);
				}
				if (row[i] instanceof Structured value) {
					row[i] = value.resolve(this);
				}
			}
		}

		Json json() {
			return this.json;
		}

		Converters converters() {
			return this.converters;
		}

		/** The type of a column; null if there is no such column. */
		@Nullable DatabaseType type(ParameterPlace.Column column) {
			return this.types.of(column);
		}

		/**
		 * The type of a column that must still have it when the statement runs, because
		 * it decides what is stored or matched.
		 */
		@Nullable DatabaseType requiredType(ParameterPlace.Column column) {
			DatabaseType type = this.types.of(column);
			if (type != null) {
				// The check fails if values were prepared for another type before
				this.required.putIfAbsent(column, type);
			}
			return type;
		}

		/** Reads the type of a column again, and returns whether it has changed. */
		boolean refresh(ParameterPlace.Column column) {
			DatabaseType known = this.types.of(column);
			this.types.forget(column.table());
			boolean changed = !Objects.equals(this.types.of(column), known);
			this.changed |= changed;
			return changed;
		}

		ColumnTypes.Check check() {
			return ColumnTypes.check(this.required);
		}

	}

}
