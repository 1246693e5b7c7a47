package io.soong.sql;

import java.lang.reflect.Type;

import org.jspecify.annotations.Nullable;

/**
 * A library that reads and writes json. Keeps the library's types out of all classes but
 * the one that implements this, so that these load without it.
 */
interface JsonFormat {

	/**
	 * The value as json text. Elements of collections and values of maps are written with
	 * their type ids, as they would be by themselves.
	 * @param value the value
	 * @param declaredType the type it was declared as, with its type arguments; null if
	 * that is not known
	 * @throws JsonFormatException if it cannot be written
	 */
	String write(@Nullable Object value, @Nullable Type declaredType);

	/**
	 * The json text as the type; {@code Object} for maps, lists and scalars. Numbers are
	 * read exactly or refused.
	 * @throws JsonFormatException if it does not fit
	 */
	@Nullable Object read(String text, Type type);

}
