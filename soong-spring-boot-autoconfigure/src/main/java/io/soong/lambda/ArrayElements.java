package io.soong.lambda;

import java.lang.reflect.Type;
import java.util.AbstractList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.MessageHeaders;

/**
 * An array, as an event or the body of one, for whose elements a function is called one
 * by one. All of them are read before the first call, so that a refused array has no
 * effect. Thread-safe.
 */
final class ArrayElements {

	/** The name by which Spring Cloud Function finds the elements of an array. */
	static final String HEADER = "payload";

	private final String subject;

	private final Object content;

	private final List<byte[]> elements;

	/** By identity, because equal elements may stand in an array. */
	private final Map<byte[], Integer> indexes;

	private final EventJson json;

	private final Map<Type, List<Object>> bound = new ConcurrentHashMap<>();

	/**
	 * Splits an array.
	 * @param subject the array, as the start of a sentence
	 * @param content the whole array: JSON, or what was read from it
	 * @param values what was read from it
	 * @throws UnreadableEventException if an element is null
	 */
	ArrayElements(String subject, Object content, List<?> values, EventJson json) {
		if (values.contains(null)) {
			throw new UnreadableEventException(
					subject + " is an array with null in it, but the function takes a value");
		}
		this.subject = subject;
		this.content = content;
		this.elements = values.stream().map(EventJson::bytes).toList();
		this.indexes = new IdentityHashMap<>(this.elements.size());
		for (byte[] element : this.elements) {
			this.indexes.put(element, this.indexes.size());
		}
		this.json = json;
	}

	/**
	 * Finds the array to which a message belongs.
	 */
	static @Nullable ArrayElements in(MessageHeaders headers) {
		Object value = headers.get(HEADER);
		return (value instanceof Split split) ? split.owner()
				: (value instanceof ArrayElements elements) ? elements : null;
	}

	/** The elements, each as JSON. */
	List<byte[]> json() {
		return this.elements;
	}

	/**
	 * Returns the elements in the form that makes Spring Cloud Function split a message
	 * that has them in a header.
	 */
	List<byte[]> split() {
		return new Split(this);
	}

	/**
	 * Returns an element as the function takes it.
	 * @param payload the payload of a message
	 * @return the element, or {@code null} if the payload is none
	 * @throws UnreadableEventException if any of the elements does not bind
	 */
	@Nullable Object bind(Object payload, Type type) {
		Integer index = (payload instanceof byte[] element) ? this.indexes.get(element) : null;
		if (index == null) {
			return null;
		}
		return this.bound.computeIfAbsent(type, (key) -> this.json.bindElements(this.subject, this.content, key))
			.get(index);
	}

	/** Without the values. */
	@Override
	public String toString() {
		return this.elements.size() + " elements";
	}

	/** Without the values in its text. */
	private static final class Split extends AbstractList<byte[]> {

		private final ArrayElements owner;

		private Split(ArrayElements owner) {
			this.owner = owner;
		}

		private ArrayElements owner() {
			return this.owner;
		}

		@Override
		public byte[] get(int index) {
			return this.owner.elements.get(index);
		}

		@Override
		public int size() {
			return this.owner.elements.size();
		}

		@Override
		public String toString() {
			return this.owner.toString();
		}

	}

}
