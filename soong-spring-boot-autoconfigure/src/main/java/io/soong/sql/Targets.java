package io.soong.sql;

import java.lang.reflect.Constructor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * The {@link Target} of every class asked for so far. Thread-safe.
 */
final class Targets {

	private final Model.Cache models;

	private final Map<Class<?>, Target<?>> targets = new ConcurrentHashMap<>();

	private final ReadContext context;

	private final boolean valuesInErrors;

	Targets(Model.Cache models, Json json, boolean valuesInErrors) {
		this.models = models;
		this.context = new ReadContext(json, new DomainTypes());
		this.valuesInErrors = valuesInErrors;
		this.targets.put(Row.class, new RowTarget(this.context));
	}

	Target<Row> rows() {
		return of(Row.class);
	}

	@SuppressWarnings("unchecked")
	<T> Target<T> of(@Nullable Class<T> type) {
		if (type == null) {
			throw new IllegalArgumentException("The type is null");
		}
		Target<?> target = this.targets.get(type);
		if (target == null) {
			target = resolve(type);
			this.targets.put(type, target);
		}
		return (Target<T>) target;
	}

	private <T> Target<T> resolve(Class<T> type) {
		Conversion scalar = Conversion.to(type);
		if (scalar != null) {
			return new ScalarTarget<>(type, scalar, this.context);
		}
		if (!Model.isModel(type)) {
			throw new IllegalArgumentException(
					"A row cannot become a " + type.getName() + "; ask for Row, a record, a bean or a scalar type");
		}
		Model<T> model = this.models.of(type);
		Constructor<T> constructor = model.constructor();
		if (constructor == null) {
			throw new IllegalArgumentException("A row cannot become a " + type.getName()
					+ ", because it has no constructor without arguments; make it a record");
		}
		return new ModelTarget<>(model, constructor, this.context, this.valuesInErrors);
	}

}
