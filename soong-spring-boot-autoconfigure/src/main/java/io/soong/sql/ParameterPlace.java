package io.soong.sql;

import java.lang.reflect.Type;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The place of a parameter in a statement: together with the value it decides how the
 * value is bound. The {@code toString()} of a place names it in messages.
 */
sealed interface ParameterPlace {

	/**
	 * A column that the statement writes.
	 *
	 * @param declaredType the declared type of the component or property that the value
	 * comes from, which json is written with; null for an entry of a map
	 * @param subject names the place in messages
	 */
	record Assigned(Column column, @Nullable Type declaredType, Supplier<String> subject) implements ParameterPlace {

		Assigned(Column column, @Nullable Type declaredType) {
			this(column, declaredType, column::toString);
		}

		@Override
		public String toString() {
			return this.subject.get();
		}

	}

	/**
	 * A value that a column is compared with.
	 *
	 * @param elements whether the value is a list, each element of which is compared with
	 * the column
	 * @param textArray whether the operator takes an array of text whatever the type of
	 * the column
	 */
	record Compared(Column column, boolean elements, boolean textArray) implements ParameterPlace {

		@Override
		public String toString() {
			return this.column.toString();
		}

	}

	/**
	 * A parameter of the caller's own SQL.
	 */
	record Argument(String name, Use use) implements ParameterPlace {

		@Override
		public String toString() {
			return this.name;
		}

	}

	/**
	 * The way the caller's own SQL uses a parameter, as far as it can be recognized.
	 */
	enum Use {

		/** No column's type can end up in it unnoticed. */
		PLAIN,

		/** The elements of the value are compared one by one: {@code = ANY (?)}. */
		ELEMENTS,

		/** The server cannot infer a type: {@code ? IS NULL}. */
		WITHOUT_TYPE,

		/** As {@link #WITHOUT_TYPE}, and every value becomes text. */
		TURNED_INTO_TEXT,

		/** An expression around it becomes text: {@code concat(coalesce(?, 'x'))}. */
		PART_OF_TEXT,

		/** It is cast to json or jsonb. */
		CAST_TO_JSON,

		/** It is cast to the type of one element: {@code IN (?::uuid)}. */
		CAST_ELEMENT,

		/** An array that an operator compares with a value of the server's type. */
		COMPARED,

		/**
		 * The server may convert the value to text without being asked, as it does where
		 * a column is assigned to.
		 */
		ASSIGNED;

		/** Whether a value has to be bound with a type. */
		boolean needsType() {
			return this == WITHOUT_TYPE || this == TURNED_INTO_TEXT;
		}

	}

	/**
	 * A column of a table, as the caller wrote them.
	 */
	record Column(String table, String column) {

		@Override
		public String toString() {
			return "column \"" + this.column + "\" of table \"" + this.table + "\"";
		}

	}

}
