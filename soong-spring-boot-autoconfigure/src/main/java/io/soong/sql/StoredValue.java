package io.soong.sql;

import java.util.AbstractList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A value whose Java value does not represent it completely, such as the interval
 * {@code 1 day}, which is not {@code 24:00:00} to the server. A {@link Row} shows the
 * Java value and writes the server's text.
 *
 * @param value the Java value
 * @param type the name of the type it is bound with; null for none, as text is
 * @param text the server's text
 */
record StoredValue(Object value, @Nullable String type, String text) {

	/** The Java value. */
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
	 * An array whose elements do not represent it completely: the server's text holds its
	 * lower bounds, and intervals and bits as they are stored. Unmodifiable.
	 */
	static final class Array extends AbstractList<@Nullable Object> {

		private final List<@Nullable Object> elements;

		private final String elementType;

		private final String text;

		/**
		 * Creates it.
		 * @param elements the elements
		 * @param elementType the name of their type, as the driver knows it
		 * @param text the server's text of the array
		 */
		Array(List<@Nullable Object> elements, String elementType, String text) {
			this.elements = elements;
			this.elementType = elementType;
			this.text = text;
		}

		@Override
		public @Nullable Object get(int index) {
			return this.elements.get(index);
		}

		@Override
		public int size() {
			return this.elements.size();
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
	 * An array of labels of an enum. Unmodifiable.
	 */
	static final class Labels extends AbstractList<@Nullable Object> {

		private final List<@Nullable Object> labels;

		Labels(List<@Nullable Object> labels) {
			this.labels = labels;
		}

		@Override
		public @Nullable Object get(int index) {
			return this.labels.get(index);
		}

		@Override
		public int size() {
			return this.labels.size();
		}

	}

}
