package io.soong.sql;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A json or jsonb value as it was read. Parsed only on request, to the requested type:
 * text needs no Jackson, and a record is created without a map in between. Thread-safe.
 */
final class JsonText {

	private final String text;

	private final String type;

	private final Json json;

	// A list with the value, which may be null
	private volatile @Nullable List<@Nullable Object> plain;

	/**
	 * Json as it was read.
	 * @param text its text
	 * @param type the type of the column, json or jsonb
	 * @param json reads it
	 */
	JsonText(String text, String type, Json json) {
		this.text = text;
		this.type = type;
		this.json = json;
	}

	String type() {
		return this.type;
	}

	String text() {
		return this.text;
	}

	/**
	 * As the type; null for json's own null.
	 * @throws MismatchException if it does not fit
	 */
	@Nullable Object as(Type type) {
		return this.json.read(this.text, type);
	}

	/** An unmodifiable map or list, or a scalar: what a {@link Row} shows. */
	@Nullable Object plain() {
		List<@Nullable Object> plain = this.plain;
		if (plain == null) {
			plain = Collections.singletonList(unmodifiable(as(Object.class)));
			this.plain = plain;
		}
		return plain.get(0);
	}

	/** The value, with maps and lists in place of json also in a list of an array. */
	static @Nullable Object plain(@Nullable Object value) {
		return (value instanceof JsonText || (value instanceof List<?> list && holdsJson(list))) ? unmodifiable(value)
				: value;
	}

	// The elements of an array are all of one type, or null
	private static boolean holdsJson(List<?> list) {
		for (Object element : list) {
			if (element instanceof List<?> nested) {
				if (holdsJson(nested)) {
					return true;
				}
			}
			else if (element != null) {
				return element instanceof JsonText;
			}
		}
		return false;
	}

	private static @Nullable Object unmodifiable(@Nullable Object value) {
		if (value instanceof JsonText json) {
			return json.plain();
		}
		if (value instanceof Map<?, ?> map) {
			Map<Object, @Nullable Object> result = new LinkedHashMap<>();
			map.forEach((key, element) -> result.put(key, unmodifiable(element)));
			return Collections.unmodifiableMap(result);
		}
		if (value instanceof List<?> list) {
			List<@Nullable Object> result = new ArrayList<>(list.size());
			list.forEach((element) -> result.add(unmodifiable(element)));
			return Collections.unmodifiableList(result);
		}
		return value;
	}

	/** Without the text, which must not be logged. */
	@Override
	public String toString() {
		return "json";
	}

}
