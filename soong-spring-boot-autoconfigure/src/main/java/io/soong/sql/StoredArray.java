package io.soong.sql;

import java.util.AbstractList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * An array that was read and whose elements do not say all of it: the server's text holds
 * its lower bounds, and intervals and bits as they are stored. Unmodifiable.
 */
final class StoredArray extends AbstractList<@Nullable Object> {

	private final List<@Nullable Object> elements;

	private final String elementType;

	private final String text;

	/**
	 * Creates it.
	 * @param elements the elements
	 * @param elementType the name of their type, as the driver knows it
	 * @param text the server's text of the array
	 */
	StoredArray(List<@Nullable Object> elements, String elementType, String text) {
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
