package io.soong.sql;

import java.beans.PropertyDescriptor;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGobject;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.beans.BeanUtils;
import org.springframework.util.ClassUtils;

/**
 * Decides which values are json, and converts them. Jackson is optional, and looked up
 * with the first json. Thread-safe.
 */
final class Json {

	private static final String NODE = "tools.jackson.databind.JsonNode";

	static final String MAPPER = "tools.jackson.databind.json.JsonMapper";

	private final @Nullable Supplier<?> mapper;

	private final boolean valuesInErrors;

	private final ClassLoader classLoader;

	private volatile @Nullable JacksonJson format;

	/**
	 * Creates it.
	 * @param mapper supplies the user's mapper, and is called for the first json; null,
	 * or a supplier of null, for a mapper with Jackson's defaults
	 * @param valuesInErrors whether Jackson's exceptions, which quote the json, are kept
	 */
	Json(@Nullable Supplier<?> mapper, boolean valuesInErrors) {
		this(mapper, valuesInErrors, Json.class.getClassLoader());
	}

	Json(@Nullable Supplier<?> mapper, boolean valuesInErrors, ClassLoader classLoader) {
		this.mapper = mapper;
		this.valuesInErrors = valuesInErrors;
		this.classLoader = classLoader;
	}

	/**
	 * Whether a value is json by its class: a map, a record, a bean or a
	 * {@code JsonNode}. A collection may be json or an array; the driver's own objects
	 * are values of the types that they name.
	 */
	static boolean isJson(Object value) {
		return value instanceof Map || isNode(value.getClass())
				|| (!(value instanceof Iterable || value instanceof PGobject) && isRecordOrBean(value.getClass()));
	}

	/** Whether a class can be read from json only. */
	static boolean isTarget(Class<?> type) {
		return type == Map.class || isNode(type) || isRecordOrBean(type) || isPolymorphic(type);
	}

	// Its annotations, or the user's mapper, determine the class to create
	private static boolean isPolymorphic(Class<?> type) {
		return Modifier.isAbstract(type.getModifiers())
				&& !(type.isPrimitive() || type.isArray() || type.isAnnotation() || Map.class.isAssignableFrom(type)
						|| Iterable.class.isAssignableFrom(type) || type.getName().startsWith("java."));
	}

	/**
	 * Whether it is Jackson's JsonNode, or a subclass; compared by name, because Jackson
	 * may be absent.
	 */
	static boolean isNode(Class<?> type) {
		for (Class<?> next = type; next != null; next = next.getSuperclass()) {
			if (next.getName().equals(NODE)) {
				return true;
			}
		}
		return false;
	}

	private static boolean isRecordOrBean(Class<?> type) {
		if (!Model.isModel(type)) {
			return false;
		}
		if (type.isRecord()) {
			return type.getRecordComponents().length > 0;
		}
		for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(type)) {
			if (property.getReadMethod() != null && !property.getName().equals("class")) {
				return true;
			}
		}
		return false;
	}

	/**
	 * The value as json text, before anything is sent.
	 * @param declaredType the declared type with its type arguments, by which the
	 * elements of a collection are written; null if it is not known
	 * @param subject names the place of the value in messages
	 */
	String write(@Nullable Object value, @Nullable Type declaredType, Supplier<String> subject) {
		JacksonJson format = format();
		if (format == null) {
			throw new IllegalArgumentException("The value for " + subject.get() + " is a " + name(value)
					+ ", which is written as json and needs Jackson 3; add tools.jackson.core:jackson-databind, "
					+ "or pass json text");
		}
		try {
			return ScalarParameter.wellFormed(format.write(value, declaredType), subject.get());
		}
		catch (JacksonJson.JsonFormatException ex) {
			throw new IllegalArgumentException("The value for " + subject.get() + " is a " + name(value)
					+ ", which cannot be written as json: " + ex.getMessage(), cause(ex));
		}
	}

	private static String name(@Nullable Object value) {
		return (value != null) ? value.getClass().getName() : "null";
	}

	/**
	 * The json text as the type.
	 * @throws MismatchException if it does not fit
	 */
	@Nullable Object read(String text, Type type) {
		JacksonJson format = format();
		if (format == null) {
			throw new MismatchException("holds json, which needs Jackson 3; "
					+ "add tools.jackson.core:jackson-databind, or ask for a String");
		}
		try {
			return format.read(text, type);
		}
		catch (JacksonJson.JsonFormatException ex) {
			throw new MismatchException("holds json that does not fit: " + ex.getMessage(), cause(ex));
		}
	}

	private @Nullable Throwable cause(JacksonJson.JsonFormatException ex) {
		return this.valuesInErrors ? ex.getCause() : null;
	}

	private @Nullable JacksonJson format() {
		JacksonJson format = this.format;
		if (format == null && ClassUtils.isPresent(MAPPER, this.classLoader)) {
			format = new JacksonJson((this.mapper != null) ? this.mapper.get() : null);
			this.format = format;
		}
		return format;
	}

	/**
	 * Lets a native image find Jackson if it is on the class path.
	 */
	static final class Hints implements RuntimeHintsRegistrar {

		@Override
		public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
			hints.reflection().registerTypeIfPresent(classLoader, Json.MAPPER);
		}

	}

}
