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
 * @param reader reads it
 * @param writer writes it; null for a record's component
 */
record Property(String name, String column, Type type, Method reader, @Nullable Method writer) {

	static Property of(String name, Type type, Method reader, @Nullable Method writer) {
		ReflectionUtils.makeAccessible(reader);
		if (writer != null) {
			ReflectionUtils.makeAccessible(writer);
		}
		return new Property(name, SnakeCase.of(name), type, reader, writer);
	}

	@Nullable Object read(Object target) {
		return ReflectionUtils.invokeMethod(this.reader, target);
	}

	void write(Object target, @Nullable Object value) {
		if (this.writer != null) {
			ReflectionUtils.invokeMethod(this.writer, target, value);
		}
	}

}
