package io.soong.lambda;

import java.lang.reflect.Type;
import java.util.AbstractList;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * The elements of a body that is an array; the function is called for each. All elements
 * are checked before the first call, so that a refused request has no effect.
 */
final class BodyElements extends AbstractList<Object> {

	private final List<Object> elements;

	private volatile @Nullable Type checked;

	BodyElements(List<Object> elements) {
		this.elements = elements;
	}

	/**
	 * Checks every element against each type once.
	 */
	void check(Consumer<Object> check, Type type) {
		if (!type.equals(this.checked)) {
			this.elements.forEach(check);
			this.checked = type;
		}
	}

	@Override
	public Object get(int index) {
		return this.elements.get(index);
	}

	@Override
	public int size() {
		return this.elements.size();
	}

	/** Without the values. */
	@Override
	public String toString() {
		return size() + " elements";
	}

}
