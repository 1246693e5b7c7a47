package io.soong.sql;

import java.lang.reflect.Method;
import java.lang.reflect.Type;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ReflectionUtils;

/**
 * A component of a record or a property of a bean, and the column it stands for.
 *
 * @param name the name in Java
 * @param column the name of the column
 * @param type the type, with its type arguments
 * @param reader reads it; null for a property that has a setter only
 * @param writer writes it; null for a record's component
 */
record Property(String name, String column, Type type, @Nullable Method reader, @Nullable Method writer) {

	static Property of(String name, Type type, @Nullable Method reader, @Nullable Method writer) {
		// Also public ones, which each call would otherwise check the access to. Where a
		// module does not allow it, public ones still work
		if (reader != null) {
			reader.trySetAccessible();
		}
		if (writer != null) {
			writer.trySetAccessible();
		}
		return new Property(name, SnakeCase.of(name), type, reader, writer);
	}

	/**
	 * The value in a record or bean.
	 * @throws IllegalArgumentException if the property has a setter only
	 */
	@Nullable Object read(Object target) {
		if (this.reader == null) {
			throw new IllegalArgumentException("The property " + this.name + " of " + target.getClass().getName()
					+ " has a setter but no getter, so its value cannot be written; add a getter, or pass a map");
		}
		return ReflectionUtils.invokeMethod(this.reader, target);
	}

	void write(Object target, @Nullable Object value) {
		if (this.writer != null) {
			ReflectionUtils.invokeMethod(this.writer, target, value);
		}
	}

}
