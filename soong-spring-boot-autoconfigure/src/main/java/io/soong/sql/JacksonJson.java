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
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.introspect.AnnotatedClassResolver;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.RawValue;

/**
 * Json by Jackson 3. Knows Jackson, so it is loaded with the first json.
 */
final class JacksonJson implements JsonFormat {

	private final ObjectMapper mapper;

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
	}

	@Override
	public String write(Object value, @Nullable Type declaredType) {
		try {
			JavaType type = (declaredType != null) ? typeOf(value, this.mapper.constructType(declaredType)) : null;
			return (type != null) ? this.mapper.writerFor(type).writeValueAsString(value)
					: this.mapper.writeValueAsString(withTypeIds(value));
		}
		catch (JacksonException ex) {
			throw new JsonFormatException("Jackson failed with " + ex.getClass().getSimpleName(), ex);
		}
	}

	/**
	 * The type to write a value as; null if its class tells as much. The class of a
	 * subclass tells more than the declared class, but type arguments only the declared
	 * type has.
	 */
	private @Nullable JavaType typeOf(Object value, JavaType declared) {
		JavaType content = declared;
		while (content.isContainerType()) {
			content = content.getContentType();
		}
		if (content.isJavaLangObject() || !declared.hasGenericTypes()) {
			return null;
		}
		return declared.isContainerType() ? declared
				: this.mapper.getTypeFactory().constructSpecializedType(declared, value.getClass());
	}

	/**
	 * The value with those inside that have a type id written already. Jackson writes no
	 * type ids where it does not know the type of the elements, so that they could not be
	 * read again; it does for a value by itself.
	 */
	private Object withTypeIds(Object value) {
		if (!holdsTypeIds(value)) {
			return value;
		}
		if (value instanceof Map<?, ?> map) {
			Map<@Nullable Object, @Nullable Object> result = new LinkedHashMap<>();
			map.forEach((key, element) -> result.put(key, element(element)));
			return result;
		}
		List<@Nullable Object> result = new ArrayList<>();
		elements(value).forEach((element) -> result.add(element(element)));
		return result;
	}

	private @Nullable Object element(@Nullable Object element) {
		if (element != null && hasTypeId(element.getClass())) {
			return new RawValue(
					this.mapper.writer().without(SerializationFeature.WRAP_ROOT_VALUE).writeValueAsString(element));
		}
		return (element != null) ? withTypeIds(element) : null;
	}

	private boolean holdsTypeIds(Object value) {
		for (Object element : elements(value)) {
			if (element != null && (hasTypeId(element.getClass()) || holdsTypeIds(element))) {
				return true;
			}
		}
		return false;
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

	@Override
	public @Nullable Object read(String text, Type type) {
		try (JsonParser parser = new ExactNumbersParser(this.mapper.createParser(text))) {
			return this.mapper.readValue(parser, this.mapper.constructType(type));
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
