package io.soong.sql;

import java.lang.reflect.Type;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/**
 * Json by Jackson 3. The only class here that knows Jackson, loaded with the first json.
 */
final class JacksonJson implements JsonFormat {

	private final ObjectMapper mapper;

	/**
	 * Json by a mapper of the user.
	 * @param mapper the mapper; null for one with Jackson's defaults
	 */
	JacksonJson(@Nullable Object mapper) {
		if (mapper != null && !(mapper instanceof ObjectMapper)) {
			throw new IllegalArgumentException(
					"The mapper is a " + mapper.getClass().getName() + ", not an ObjectMapper of Jackson 3");
		}
		this.mapper = (mapper instanceof ObjectMapper given) ? given : JsonMapper.shared();
	}

	@Override
	public String write(@Nullable Object value) {
		try {
			return this.mapper.writeValueAsString(value);
		}
		catch (JacksonException ex) {
			throw new JsonFormatException("Jackson failed with " + ex.getClass().getSimpleName(), ex);
		}
	}

	@Override
	public @Nullable Object read(String text, Type type) {
		try {
			return this.mapper.readValue(text, this.mapper.constructType(type));
		}
		catch (JacksonException ex) {
			// Its message quotes the json, and its path may have keys of it
			throw new JsonFormatException(
					"Jackson failed with " + ex.getClass().getSimpleName() + place(ex.getLocation()), ex);
		}
	}

	private static String place(@Nullable TokenStreamLocation location) {
		return (location != null) ? " at line " + location.getLineNr() + ", column " + location.getColumnNr() : "";
	}

}
