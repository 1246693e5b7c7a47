package io.soong.sql;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A collection, array, map, record, bean or json: bound as a typed array or as json,
 * never as text without a type. Which of them may depend on the type of the column, or on
 * the type that the server infers, so that it is decided when the statement runs.
 *
 * @param value the value
 * @param place its place
 */
record StructuredValue(Object value, ParameterPlace place) {

	static @Nullable Object of(Object value, ParameterPlace place) {
		if (place instanceof ParameterPlace.Argument argument) {
			if (ParameterValue.isRecordOfOne(value)) {
				return component(value, argument);
			}
			if (argument.use() == ParameterPlace.Use.TURNED_INTO_TEXT
					|| argument.use() == ParameterPlace.Use.PART_OF_TEXT) {
				throw new IllegalArgumentException("The value for " + place + " is " + describe(value, "an array")
						+ ", and the function around it would turn it into text; cast it (CAST(? AS jsonb)), or pass "
						+ "text");
			}
		}
		if (ParameterValue.isCollection(value)) {
			if (place instanceof ParameterPlace.Argument argument) {
				checkCast(value, argument);
			}
			ArrayText.check(value, place);
		}
		return new StructuredValue(value, place);
	}

	private static void checkCast(Object value, ParameterPlace.Argument argument) {
		String problem = switch (argument.use()) {
			case CAST_TO_JSON -> "but the SQL casts it to json; write JsonValue.json(...) around it";
			case CAST_ELEMENT -> "but the SQL casts it to one value inside IN (...); write IN (?) without the cast, or "
					+ "= ANY (CAST(? AS uuid[])) with the type of an array";
			default -> null;
		};
		if (problem != null) {
			throw new IllegalArgumentException(
					"The value for " + argument + " is " + describe(value, "an array") + ", " + problem);
		}
	}

	// Text is bound as text then, because json may be what stands there
	private static @Nullable Object component(Object value, ParameterPlace.Argument argument) {
		Object component = ParameterValue.of(ParameterValue.component(value), argument);
		return (component instanceof String text) ? new TextParameter(text) : component;
	}

	/**
	 * The column that it is written to or compared with; null in the caller's own SQL.
	 */
	@Nullable TableColumn column() {
		return (this.place instanceof ParameterPlace.Assigned assigned) ? assigned.column()
				: (this.place instanceof ParameterPlace.Compared compared) ? compared.column() : null;
	}

	/** Whether the server has to be asked for the type of the parameter. */
	boolean isInferred() {
		return this.place instanceof ParameterPlace.Argument argument
				&& (argument.use() == ParameterPlace.Use.ASSIGNED || isCompared());
	}

	/** Whether the type decides nothing but which operator the server finds. */
	boolean isCompared() {
		return this.place instanceof ParameterPlace.Argument argument && argument.use() == ParameterPlace.Use.COMPARED;
	}

	/**
	 * The value to bind.
	 * @param resolver knows json and the types of columns
	 */
	@Nullable Object resolve(ParameterResolver resolver) {
		try {
			return resolveByKnownType(resolver);
		}
		catch (ColumnMismatchException ex) {
			TableColumn column = column();
			// The column may have got another type since that was read
			if (column == null || !resolver.refresh(column)) {
				throw ex;
			}
			return resolveByKnownType(resolver);
		}
	}

	private @Nullable Object resolveByKnownType(ParameterResolver resolver) {
		Json json = resolver.json();
		if (this.place instanceof ParameterPlace.Assigned assigned) {
			if (!ParameterValue.isCollection(this.value) && !ParameterValue.isRecordOfOne(this.value)) {
				// What cannot be written is refused before anything is asked of the
				// server
				return forJson(jsonText(json), resolver.assignedType(assigned.column()));
			}
			DatabaseType type = resolver.assignedType(assigned.column());
			return (type != null) ? forColumn(resolver, type) : natural(json);
		}
		if (this.place instanceof ParameterPlace.Compared compared) {
			return compared(compared, resolver, dependsOnColumn(compared) ? resolver.type(compared.column()) : null);
		}
		return (this.place instanceof ParameterPlace.Argument argument && argument.use() == ParameterPlace.Use.ELEMENTS
				&& ParameterValue.isCollection(this.value)) ? ArrayText.ofElements(this.value, this.place, json, false)
						: natural(json);
	}

	/**
	 * The value to bind where the server has inferred a type.
	 * @param json writes json
	 * @param type the type
	 */
	Object resolve(Json json, DatabaseType type) {
		if (ParameterValue.isCollection(this.value)) {
			if (type.isJson()) {
				throw new IllegalArgumentException(
						"The value for " + this.place + " is " + describe(this.value, "an array")
								+ ", but json belongs there; write JsonValue.json(...) around it");
			}
			if (type.isArray()) {
				return ArrayText.forColumn(this.value, this.place, json, type);
			}
		}
		else if (type.isJson()) {
			// As json it keeps its text, as in a call on a table
			return ParameterValue.typed(type.name(), jsonText(json));
		}
		throw new IllegalArgumentException("The value for " + this.place + " is " + describe(this.value, "an array")
				+ ", but the server expects the type " + type.displayName() + " there; cast it where that is meant ("
				+ (ParameterValue.isCollection(this.value) ? "CAST(? AS text[])" : "CAST(? AS jsonb)")
				+ "), or pass a single value");
	}

	private Object forJson(String text, @Nullable DatabaseType type) {
		if (type != null && !type.isJson()) {
			throw mismatch(type);
		}
		return ParameterValue.typed((type != null) ? type.name() : "jsonb", text);
	}

	private @Nullable Object forColumn(ParameterResolver resolver, DatabaseType type) {
		Json json = resolver.json();
		if (type.isJson()) {
			return ParameterValue.typed(type.name(), jsonText(json));
		}
		if (ParameterValue.isCollection(this.value)) {
			if (type.isArray()) {
				return ArrayText.forColumn(this.value, this.place, json, type);
			}
		}
		else if (ParameterValue.isRecordOfOne(this.value)) {
			return component(resolver);
		}
		throw mismatch(type);
	}

	private ColumnMismatchException mismatch(DatabaseType type) {
		return new ColumnMismatchException(
				"The value for " + this.place + " is " + describe(this.value, "an array or json")
						+ ", but the column is of type " + type.displayName() + "; pass a value of that type");
	}

	private @Nullable Object compared(ParameterPlace.Compared compared, ParameterResolver resolver,
			@Nullable DatabaseType type) {
		Json json = resolver.json();
		boolean isJson = type != null && type.isJson();
		if (compared.elements()) {
			return ArrayText.ofElements(this.value, this.place, json, isJson);
		}
		if (!isJson && ParameterValue.isRecordOfOne(this.value)) {
			Object component = component(resolver);
			if (component == null) {
				throw new IllegalArgumentException("The condition on " + this.place
						+ " is a record whose component is null, which matches no row; if NULL is meant, write isNull()");
			}
			return component;
		}
		if (ParameterValue.isCollection(this.value)) {
			if (type != null && type.isArray()) {
				return ArrayText.forColumn(this.value, this.place, json, type);
			}
			if (!isJson || compared.textArray()) {
				return ArrayText.typed(this.value, this.place, json);
			}
		}
		return ParameterValue.typed("jsonb", jsonText(json));
	}

	// A list of scalars that are compared one by one is bound alike for every column
	private boolean dependsOnColumn(ParameterPlace.Compared compared) {
		return !compared.elements() || ParameterValue.elements(this.value)
			.stream()
			.anyMatch((element) -> element != null && Json.isJson(element));
	}

	private @Nullable Object component(ParameterResolver resolver) {
		Object component = ParameterValue.of(ParameterValue.component(this.value), this.place);
		return (component instanceof StructuredValue structured) ? structured.resolve(resolver) : component;
	}

	// By what the value is, where nothing is known of its place
	Object natural(Json json) {
		if (this.value instanceof JsonText stored) {
			return ParameterValue.typed(stored.type(), stored.text());
		}
		return ParameterValue.isCollection(this.value) ? ArrayText.typed(this.value, this.place, json)
				: ParameterValue.typed("jsonb", jsonText(json));
	}

	private String jsonText(Json json) {
		if (this.value instanceof JsonText stored) {
			return stored.text();
		}
		return (this.value instanceof JsonValue marked) ? json.write(marked.value(), null, this.place::toString)
				: json.write(this.value,
						(this.place instanceof ParameterPlace.Assigned assigned) ? assigned.declaredType() : null,
						this.place::toString);
	}

	// What is marked as json is called that, and not by the name of a class
	private static String describe(Object value, String collection) {
		if (value instanceof JsonValue || value instanceof JsonText) {
			return "json";
		}
		if (ParameterValue.isCollection(value)) {
			return "a " + (value.getClass().isArray() ? "Java array" : "collection") + ", which is " + collection;
		}
		return ((value instanceof Map) ? "a map" : "a " + value.getClass().getName()) + ", which is json";
	}

	/** Without the value, which must not end up in a log. */
	@Override
	public String toString() {
		return "?";
	}

}
