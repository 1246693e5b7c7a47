package io.soong.sql;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The {@link Model} of every class seen so far. Thread-safe.
 */
final class Models {

	private final Map<Class<?>, Model<?>> models = new ConcurrentHashMap<>();

	@SuppressWarnings("unchecked")
	<T> Model<T> of(Class<T> type) {
		Model<?> model = this.models.get(type);
		if (model == null) {
			model = Model.of(type);
			this.models.put(type, model);
		}
		return (Model<T>) model;
	}

}
