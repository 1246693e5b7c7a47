package io.soong.sql;

import java.lang.reflect.Type;

import org.jspecify.annotations.Nullable;

/**
 * A library that reads and writes json. Keeps the library's types out of all classes but
 * the one that implements this, so that these load without it.
 */
interface JsonFormat {

	/**
	 * The value as json text.
	 * @throws JsonFormatException if it cannot be written
	 */
	String write(@Nullable Object value);

	/**
	 * The json text as the type; {@code Object} for maps, lists and scalars.
	 * @throws JsonFormatException if it does not fit
	 */
	@Nullable Object read(String text, Type type);

}
