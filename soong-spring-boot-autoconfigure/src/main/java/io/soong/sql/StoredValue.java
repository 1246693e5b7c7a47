package io.soong.sql;

import java.lang.reflect.Type;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A value whose Java value does not represent it completely, such as the interval
 * {@code 1 day}, which is not {@code 24:00:00} to the server. A {@link Row} shows the
 * Java value and writes the server's text.
 *
 * @param type the name of the type it is bound with; null for none, as text is
 * @param text the server's text
 */
record StoredValue(Object value, @Nullable String type, String text) {

	static @Nullable Object plain(@Nullable Object value) {
		return (value instanceof StoredValue stored) ? stored.value() : value;
	}

	/** The parameter that stores it as it was read. */
	Object parameter() {
		return (this.type != null) ? ScalarParameter.typed(this.type, this.text) : this.text;
	}

	/** Without the value, which must not be logged. */
	@Override
	public String toString() {
		return "?";
	}

	/**
	 * Elements as they were read. Unmodifiable.
	 */
	abstract static class Elements extends AbstractList<@Nullable Object> {

		private final List<@Nullable Object> elements;

		Elements(List<@Nullable Object> elements) {
			this.elements = elements;
		}

		@Override
		public @Nullable Object get(int index) {
			return this.elements.get(index);
		}

		@Override
		public int size() {
			return this.elements.size();
		}

	}

	/**
	 * An array whose elements do not represent it completely: the server's text holds its
	 * lower bounds, and intervals and bits as they are stored.
	 */
	static final class Array extends Elements {

		// The name of the elements' type, as the driver knows it
		private final String elementType;

		private final String text;

		Array(List<@Nullable Object> elements, String elementType, String text) {
			super(elements);
			this.elementType = elementType;
			this.text = text;
		}

		/** Whether its text is one for an array of such elements. */
		boolean isOf(@Nullable String elementType) {
			return this.elementType.equals(elementType);
		}

		String elementType() {
			return this.elementType;
		}

		String text() {
			return this.text;
		}

	}

	/**
	 * An array of labels of an enum.
	 */
	static final class Labels extends Elements {

		Labels(List<@Nullable Object> labels) {
			super(labels);
		}

	}

	/**
	 * A json or jsonb value as it was read. Parsed only on request, to the requested
	 * type: text needs no Jackson, and a record is created without a map in between.
	 * Thread-safe.
	 */
	static final class JsonText {

		private final String text;

		private final String type;

		private final Json json;

		// A list with the value, which may be null
		private volatile @Nullable List<@Nullable Object> plain;

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
			return (value instanceof JsonText || (value instanceof List<?> list && holdsJson(list)))
					? unmodifiable(value) : value;
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

}
