package io.soong.sql;

import java.math.BigDecimal;
import java.sql.Date;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgArray;
import org.postgresql.util.PGobject;

/**
 * Writes a collection or an array as PostgreSQL's text for an array, such as
 * {@code {"a","b",NULL}}, and determines the type of the array. If the elements are bound
 * with a type when they stand alone, such as numbers, the array gets that type, so that
 * the server converts the array as it converts a single value. Others, such as text, get
 * the type of the column.
 */
final class ArrayParameter {

	private static final String NUMERIC = "numeric";

	private static final List<String> INTEGERS = List.of("int2", "int4", "int8");

	private static final Map<Class<?>, String> TYPES = Map.ofEntries(Map.entry(Short.class, "int2"),
			Map.entry(Integer.class, "int4"), Map.entry(Long.class, "int8"), Map.entry(Float.class, "float4"),
			Map.entry(Double.class, "float8"), Map.entry(Boolean.class, "bool"), Map.entry(UUID.class, "uuid"),
			Map.entry(byte[].class, "bytea"), Map.entry(LocalDate.class, "date"), Map.entry(LocalTime.class, "time"),
			Map.entry(OffsetTime.class, "timetz"), Map.entry(LocalDateTime.class, "timestamp"),
			Map.entry(OffsetDateTime.class, "timestamptz"));

	private final ParameterPlace place;

	private final Json json;

	// Whether the elements belong to a json column, where a record is an object
	private final boolean jsonElements;

	private final StringBuilder text = new StringBuilder();

	// The largest of the integers, without its sign
	private long largest;

	// The type of the column, if it is known
	private @Nullable DatabaseType column;

	// The type of elements that are bound with a type
	private @Nullable String type;

	// The type of elements that are bound without a type, if nothing else is known
	private @Nullable String fallbackType;

	private ArrayParameter(ParameterPlace place, Json json, boolean jsonElements) {
		this.place = place;
		this.json = json;
		this.jsonElements = jsonElements;
	}

	/** Whether a value is more than a scalar: a {@link ParameterValue.Structured}. */
	static boolean isStructured(Object value) {
		return ScalarParameter.isCollection(value) || value instanceof JsonValue
				|| value instanceof StoredValue.JsonText || Json.isJson(value);
	}

	/**
	 * The array for a column of an array type.
	 * @param column the column's type
	 */
	static Object forColumn(Object collection, ParameterPlace place, Json json, DatabaseType column) {
		if (collection instanceof StoredValue.Array stored && stored.isOf(column.elementName())) {
			return ScalarParameter.typed(column.name(), stored.text());
		}
		ArrayParameter array = new ArrayParameter(place, json, column.hasJsonElements());
		array.column = column;
		array.append(collection);
		String type = array.type;
		boolean isJson = "jsonb".equals(type) || "json".equals(type);
		if (isJson && !column.hasJsonElements()) {
			throw new DatabaseType.ColumnMismatchException(
					"The value for " + place + " holds a map, record or bean, which is json, "
							+ "but the column is of type " + column.displayName() + "; pass elements of that type");
		}
		// Elements of type json keep their text. Arrays of different types have no
		// operators in common, but single values have
		boolean asColumn = type == null || isJson || (isCompared(place) && array.fits(column));
		return ScalarParameter.typed(asColumn ? column.name() : "_" + type, array.text.toString());
	}

	private static boolean isCompared(ParameterPlace place) {
		return place instanceof ParameterPlace.Compared
				|| (place instanceof ParameterPlace.Argument argument && argument.use() == ParameterPlace.Use.COMPARED);
	}

	/**
	 * An array with the type of its elements, or text if they are bound without a type.
	 */
	static Object typed(Object collection, ParameterPlace place, Json json) {
		if (collection instanceof StoredValue.Array stored) {
			return ScalarParameter.typed("_" + stored.elementType(), stored.text());
		}
		ArrayParameter array = new ArrayParameter(place, json, false);
		array.append(collection);
		String type = (array.type != null) ? array.type : array.fallbackType;
		return ScalarParameter.typed("_" + ((type != null) ? type : "text"), array.text.toString());
	}

	/**
	 * An array whose elements are compared one by one, like single values: without a type
	 * if they are bound without one.
	 */
	static Object ofElements(Object collection, ParameterPlace place, Json json, @Nullable DatabaseType column) {
		ArrayParameter array = new ArrayParameter(place, json, column != null && column.isJson());
		array.column = column;
		for (Object element : ScalarParameter.elements(collection)) {
			if (element != null && ScalarParameter.isCollection(element)) {
				throw new IllegalArgumentException(
						"The value for " + place + " is a list of lists, but must be a list of single values");
			}
		}
		array.append(collection);
		String text = array.text.toString();
		return (array.type != null) ? ScalarParameter.typed("_" + array.type, text) : text;
	}

	/** Refuses elements that cannot be bound anywhere. */
	static void check(Object collection, ParameterPlace place) {
		for (Object element : ScalarParameter.elements(collection)) {
			if (element != null && ScalarParameter.isCollection(element)) {
				check(element, place);
			}
			else if (element != null && !isStructured(element)) {
				ScalarParameter.scalar(element, new ElementPlace(place));
			}
		}
	}

	// Whether the server would read each number unchanged
	private boolean fits(DatabaseType column) {
		String element = String.valueOf(column.elementName());
		return INTEGERS.contains(String.valueOf(this.type)) && (element.equals(NUMERIC)
				|| (INTEGERS.contains(element) && this.largest <= (1L << (8 * (element.charAt(3) - '0') - 1)) - 1));
	}

	private void append(Object collection) {
		this.text.append('{');
		boolean first = true;
		for (Object element : ScalarParameter.elements(collection)) {
			if (!first) {
				this.text.append(',');
			}
			first = false;
			appendElement(element);
		}
		this.text.append('}');
	}

	private void appendElement(@Nullable Object element) {
		if (element == null || (element instanceof PGobject object && object.getValue() == null)) {
			this.text.append("NULL");
		}
		else if (ScalarParameter.isCollection(element)) {
			append(element);
		}
		else if (element instanceof StoredValue.JsonText stored) {
			see(stored.type(), null);
			PgArray.escapeArrayElement(this.text, stored.text());
		}
		else if (!this.jsonElements && ScalarParameter.isRecordOfOne(element)) {
			Object component = ScalarParameter.component(element);
			if (component == null && this.place instanceof ParameterPlace.Compared compared && compared.elements()) {
				throw new IllegalArgumentException("An element of the condition on " + this.place
						+ " is a record whose component is null, which matches no row; write isNull() to ask for NULL");
			}
			appendElement(component);
		}
		else if (element instanceof JsonValue || Json.isJson(element)) {
			see("jsonb", null);
			PgArray.escapeArrayElement(this.text,
					this.json.write((element instanceof JsonValue value) ? value.value() : element, null,
							new ElementPlace(this.place)::toString));
		}
		else if (element instanceof Enum<?> constant && this.column != null) {
			appendScalar(this.column.label(constant));
		}
		else {
			appendScalar(ScalarParameter.scalar(element, new ElementPlace(this.place)));
		}
	}

	private void appendScalar(Object scalar) {
		see(type(scalar), fallbackType(scalar));
		if (scalar instanceof Number number && INTEGERS.contains(type(scalar))) {
			// The smallest number has no opposite, and counts as the next larger one
			this.largest = Math.max(this.largest, Math.abs(Math.max(number.longValue(), -Long.MAX_VALUE)));
		}
		if (scalar instanceof Number || scalar instanceof Boolean) {
			this.text.append(scalar);
		}
		else if (scalar instanceof PGobject object) {
			PgArray.escapeArrayElement(this.text, String.valueOf(object.getValue()));
		}
		else {
			PgArray.escapeArrayElement(this.text, (scalar instanceof byte[] bytes)
					? "\\x" + HexFormat.of().formatHex(bytes) : ScalarParameter.text(scalar));
		}
	}

	private void see(@Nullable String type, @Nullable String fallback) {
		boolean first = (this.type == null && this.fallbackType == null);
		if (type == null) {
			if (this.type != null || (!first && !String.valueOf(fallback).equals(this.fallbackType))) {
				throw mixed();
			}
			this.fallbackType = fallback;
		}
		else if (this.fallbackType != null) {
			throw mixed();
		}
		else {
			this.type = (this.type == null) ? type : common(this.type, type);
		}
	}

	private String common(String one, String other) {
		if (one.equals(other)) {
			return one;
		}
		List<String> widening = List.of("int2", "int4", "int8", NUMERIC);
		int wider = Math.max(widening.indexOf(one), widening.indexOf(other));
		if (widening.contains(one) && widening.contains(other)) {
			return widening.get(wider);
		}
		List<String> floats = List.of("float4", "float8");
		if (floats.contains(one) && floats.contains(other)) {
			return "float8";
		}
		if ((widening.contains(one) || floats.contains(one)) && (widening.contains(other) || floats.contains(other))) {
			return NUMERIC;
		}
		throw mixed();
	}

	private IllegalArgumentException mixed() {
		return new IllegalArgumentException(
				"The value for " + this.place + " holds values of different kinds; pass elements of one kind");
	}

	/** The type that a value has when it is bound alone, or null. */
	private static @Nullable String type(Object scalar) {
		return (scalar instanceof PGobject object) ? object.getType()
				: (scalar instanceof BigDecimal) ? NUMERIC : TYPES.get(scalar.getClass());
	}

	/** The type of a value that is bound without one, where a type is needed. */
	static String fallbackType(Object scalar) {
		return (scalar instanceof Timestamp) ? "timestamptz"
				: (scalar instanceof Date) ? "date" : (scalar instanceof Time) ? "time" : "text";
	}

	/** Names an element in messages. */
	private record ElementPlace(ParameterPlace place) {

		@Override
		public String toString() {
			return "an element of " + this.place;
		}

	}

}
