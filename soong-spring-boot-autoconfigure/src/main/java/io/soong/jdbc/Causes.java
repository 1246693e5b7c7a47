package io.soong.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * The chain of causes of an exception.
 */
final class Causes {

	private Causes() {
	}

	static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
		for (Throwable t = failure; t != null; t = t.getCause()) {
			if (type.isInstance(t)) {
				return type.cast(t);
			}
		}
		return null;
	}

}
