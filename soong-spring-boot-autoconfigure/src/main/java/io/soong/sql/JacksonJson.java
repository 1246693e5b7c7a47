package io.soong.sql;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.introspect.AnnotatedClassResolver;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.TypeFactory;
import tools.jackson.databind.util.RawValue;

/**
 * Json by Jackson 3. Refers to Jackson's classes, so it is loaded with the first json.
 */
final class JacksonJson {

	private final ObjectMapper mapper;

	// The same, except for how it treats numbers
	private final ObjectMapper reader;

	// Whether instances of a class are written with a type id
	private final Map<Class<?>, Boolean> typeIds = new ConcurrentHashMap<>();

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
		// A subclass may not create a copy of its own class
		this.reader = (this.mapper.getClass() == JsonMapper.class) ? ((JsonMapper) this.mapper).rebuild()
			.deserializationContexts(new ExactNumbersParser.Contexts())
			.build() : this.mapper;
	}

	/**
	 * The value as json text. Elements of collections and values of maps are written with
	 * their type ids, as they would be by themselves.
	 * @param value the value
	 * @param declaredType the type it was declared as, with its type arguments; null if
	 * that is not known
	 * @throws JsonFormatException if it cannot be written
	 */
	String write(@Nullable Object value, @Nullable Type declaredType) {
		JavaType type = this.mapper.constructType((declaredType != null) ? declaredType : Object.class);
		try {
			if (value == null) {
				return this.mapper.writeValueAsString(null);
			}
			return isGeneric(value, type) ? writer(this.mapper.writer(), value, type).writeValueAsString(value)
					: this.mapper.writeValueAsString(withParts(value, type));
		}
		catch (JacksonException ex) {
			throw new JsonFormatException("Jackson failed with " + ex.getClass().getSimpleName(), ex);
		}
	}

	// Of the declared type the arguments, of the class the further properties
	private ObjectWriter writer(ObjectWriter writer, Object value, JavaType type) {
		return writer.forType(this.mapper.getTypeFactory().constructSpecializedType(type, value.getClass()));
	}

	/**
	 * The value with those elements written already that Jackson would write in another
	 * way than by themselves: without the type ids by which they are read again, where it
	 * does not know the type of the elements, and as that type only, where it does.
	 */
	private Object withParts(Object value, JavaType type) {
		if (!hasParts(value, type)) {
			return value;
		}
		if (value instanceof Map<?, ?> map) {
			Map<@Nullable Object, @Nullable Object> result = new LinkedHashMap<>();
			map.forEach((key, element) -> result.put(key, part(element, content(type))));
			return result;
		}
		List<@Nullable Object> result = new ArrayList<>();
		elements(value).forEach((element) -> result.add(part(element, content(type))));
		return result;
	}

	private @Nullable Object part(@Nullable Object element, JavaType type) {
		if (element == null || !isPart(element, type)) {
			return (element != null) ? withParts(element, type) : null;
		}
		ObjectWriter writer = this.mapper.writer().without(SerializationFeature.WRAP_ROOT_VALUE);
		return new RawValue(
				(isGeneric(element, type) ? writer(writer, element, type) : writer).writeValueAsString(element));
	}

	private boolean hasParts(Object value, JavaType type) {
		for (Object element : elements(value)) {
			if (element != null && (isPart(element, content(type)) || hasParts(element, content(type)))) {
				return true;
			}
		}
		return false;
	}

	private boolean isPart(Object element, JavaType type) {
		return isGeneric(element, type) || hasTypeId(element.getClass());
	}

	private static boolean isGeneric(Object value, JavaType type) {
		return type.hasGenericTypes() && !type.isContainerType() && type.getRawClass().isInstance(value);
	}

	private static JavaType content(JavaType type) {
		return type.isContainerType() ? type.getContentType() : TypeFactory.unknownType();
	}

	// Of the JDK's own classes only: others may have a serializer of their own, and an
	// array of a type has the type ids of that
	private static Collection<?> elements(Object value) {
		if (value.getClass() == Object[].class) {
			return Arrays.asList((Object[]) value);
		}
		if (!value.getClass().getName().startsWith("java.")) {
			return List.of();
		}
		if (value instanceof Map<?, ?> map) {
			return map.values();
		}
		return (value instanceof Collection<?> collection) ? collection : List.of();
	}

	private boolean hasTypeId(Class<?> type) {
		if (type.getName().startsWith("java.")) {
			return false;
		}
		return this.typeIds.computeIfAbsent(type, (key) -> {
			SerializationConfig config = this.mapper.serializationConfig();
			return config.getAnnotationIntrospector()
				.findPolymorphicTypeInfo(config,
						AnnotatedClassResolver.resolve(config, this.mapper.constructType(key), config)) != null;
		});
	}

	/**
	 * The json text as the type; {@code Object} for maps, lists and scalars. Numbers are
	 * read exactly or refused.
	 * @throws JsonFormatException if it does not fit
	 */
	@Nullable Object read(String text, Type type) {
		try (JsonParser parser = new ExactNumbersParser(this.reader.createParser(text))) {
			return this.reader.readValue(parser, this.reader.constructType(type));
		}
		catch (JacksonException ex) {
			// The message quotes the json, and the path may contain its keys
			throw new JsonFormatException(
					"Jackson failed with " + ex.getClass().getSimpleName() + place(ex.getLocation()), ex);
		}
	}

	private static String place(@Nullable TokenStreamLocation location) {
		return (location != null) ? " at line " + location.getLineNr() + ", column " + location.getColumnNr() : "";
	}

	/**
	 * Json cannot be read or written. The message never contains the json; the cause, the
	 * library's own exception, may.
	 */
	static final class JsonFormatException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		JsonFormatException(String message, Throwable cause) {
			super(message, cause);
		}

	}

}
