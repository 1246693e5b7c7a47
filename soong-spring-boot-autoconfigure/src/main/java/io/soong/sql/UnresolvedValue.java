package io.soong.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * A parameter that {@link Binder} cannot bind yet: it takes json, or what is known of the
 * column, which the building of statements does without.
 */
sealed interface UnresolvedValue {

	/** The value to bind. */
	Object resolve(Json json, ColumnTypes types);

	/** The parameters, ready to be bound. */
	static List<@Nullable Object> resolve(List<@Nullable Object> parameters, Json json, ColumnTypes types) {
		List<@Nullable Object> resolved = parameters;
		for (int i = 0; i < parameters.size(); i++) {
			if (parameters.get(i) instanceof UnresolvedValue value) {
				if (resolved == parameters) {
					resolved = new ArrayList<>(parameters);
				}
				resolved.set(i, value.resolve(json, types));
			}
		}
		return resolved;
	}

	/**
	 * A map, record, bean or node: json.
	 *
	 * @param value the value
	 * @param subject says what the value is for
	 */
	record OfJson(Object value, Supplier<String> subject) implements UnresolvedValue {

		@Override
		public Object resolve(Json json, ColumnTypes types) {
			return json.write(this.value, this.subject);
		}

		@Override
		public String toString() {
			return "?";
		}

	}

	/**
	 * An array with json among its elements.
	 *
	 * @param array a collection or an array
	 * @param subject says what the value is for
	 */
	record OfArray(Object array, Supplier<String> subject) implements UnresolvedValue {

		@Override
		public Object resolve(Json json, ColumnTypes types) {
			return ArrayLiteral.of(this.array, this.subject, json);
		}

		@Override
		public String toString() {
			return "?";
		}

	}

	/**
	 * A collection or array for a column: json or an array, as the column has it.
	 *
	 * @param collection the collection or array
	 * @param column the column
	 */
	record OfColumn(Object collection, TableColumn column) implements UnresolvedValue {

		@Override
		public Object resolve(Json json, ColumnTypes types) {
			return types.isJson(this.column) ? json.write(this.collection, this.column::toString)
					: ArrayLiteral.of(this.collection, this.column::toString, json);
		}

		@Override
		public String toString() {
			return "?";
		}

	}

}
