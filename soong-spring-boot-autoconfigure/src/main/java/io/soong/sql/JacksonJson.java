package io.soong.sql;

import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.FormatSchema;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamWriteException;
import tools.jackson.core.util.JsonParserDelegate;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.InjectableValues;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DeserializationContexts;
import tools.jackson.databind.deser.DeserializationContextExt;
import tools.jackson.databind.deser.DeserializerCache;
import tools.jackson.databind.deser.DeserializerFactory;
import tools.jackson.databind.introspect.AnnotatedClassResolver;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.TypeFactory;
import tools.jackson.databind.util.RawValue;
import tools.jackson.databind.util.TokenBuffer;

/**
 * Json by Jackson 3. Refers to Jackson's classes, so it is loaded with the first json.
 */
final class JacksonJson {

	private final ObjectMapper mapper;

	// The same, except for how it treats numbers
	private final ObjectMapper reader;

	// Jackson would write two keys that are the same text, and jsonb keep one
	private final ObjectWriter writer;

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
		this.writer = this.mapper.writer().with(StreamWriteFeature.STRICT_DUPLICATE_DETECTION);
		// A subclass may not create a copy of its own class
		this.reader = (this.mapper.getClass() == JsonMapper.class) ? ((JsonMapper) this.mapper).rebuild()
			.deserializationContexts(new ExactNumbersParser.Contexts())
			.build() : this.mapper;
	}

	/**
	 * The value as json text. Elements of collections and values of maps are written with
	 * their type ids, as they would be by themselves.
	 * @param declaredType the type it was declared as, with its type arguments; null if
	 * that is not known
	 * @throws JsonFormatException if it cannot be written
	 */
	String write(@Nullable Object value, @Nullable Type declaredType) {
		JavaType type = this.mapper.constructType((declaredType != null) ? declaredType : Object.class);
		try {
			if (value == null) {
				return text(null);
			}
			return isGeneric(value, type) ? writer(this.writer, value, type).writeValueAsString(value)
					: text(withParts(value, type));
		}
		catch (StreamWriteException ex) {
			boolean duplicate = ex.getMessage() != null && ex.getMessage().startsWith("Duplicate ");
			throw new JsonFormatException(duplicate ? "two keys of an object are the same text; leave one out"
					: "Jackson failed with StreamWriteException", ex);
		}
		catch (JacksonException ex) {
			throw new JsonFormatException("Jackson failed with " + ex.getClass().getSimpleName(), ex);
		}
	}

	// A subclass may have its own way to write
	private String text(@Nullable Object value) {
		return (this.mapper.getClass() == JsonMapper.class) ? this.writer.writeValueAsString(value)
				: this.mapper.writeValueAsString(value);
	}

	// The type arguments come from the declared type, further properties from the class
	private ObjectWriter writer(ObjectWriter writer, Object value, JavaType type) {
		return writer.forType(this.mapper.getTypeFactory().constructSpecializedType(type, value.getClass()));
	}

	/**
	 * The value, in which elements that need their own type are already written. If
	 * Jackson does not know the type of the elements, it would omit the type ids that are
	 * necessary to read them again; if it does, it would write them as that type only.
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
		ObjectWriter writer = this.writer.without(SerializationFeature.WRAP_ROOT_VALUE);
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

	// Only for classes of the JDK: others may have their own serializer, and the elements
	// of a typed array get the type ids of its type
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

	/**
	 * A parser that reads a json number exactly or refuses it, as
	 * {@link ScalarConversion} does for columns, whereas Jackson truncates fractions,
	 * rounds, and overflows to infinity. If the requested type leaves the type of a
	 * number open, a number with more digits than a double is a {@code BigDecimal}.
	 */
	static final class ExactNumbersParser extends JsonParserDelegate {

		ExactNumbersParser(JsonParser delegate) {
			super(delegate);
		}

		@Override
		public double getDoubleValue() {
			double value = super.getDoubleValue();
			if ((value != 0 && Math.abs(value) < ScalarConversion.DENSE_DOUBLES) || isNaN()) {
				return value;
			}
			return convert(Double.class).doubleValue();
		}

		@Override
		public float getFloatValue() {
			return isNaN() ? super.getFloatValue() : convert(Float.class).floatValue();
		}

		@Override
		public byte getByteValue() {
			requireIntegral(Byte.class);
			return super.getByteValue();
		}

		@Override
		public short getShortValue() {
			requireIntegral(Short.class);
			return super.getShortValue();
		}

		@Override
		public int getIntValue() {
			requireIntegral(Integer.class);
			return super.getIntValue();
		}

		@Override
		public long getLongValue() {
			requireIntegral(Long.class);
			return super.getLongValue();
		}

		@Override
		public int getValueAsInt() {
			requireIntegral(Integer.class);
			return super.getValueAsInt();
		}

		@Override
		public int getValueAsInt(int defaultValue) {
			requireIntegral(Integer.class);
			return super.getValueAsInt(defaultValue);
		}

		@Override
		public long getValueAsLong() {
			requireIntegral(Long.class);
			return super.getValueAsLong();
		}

		@Override
		public long getValueAsLong(long defaultValue) {
			requireIntegral(Long.class);
			return super.getValueAsLong(defaultValue);
		}

		@Override
		public Number getNumberValue() {
			return isBeyondDouble() ? getDecimalValue() : super.getNumberValue();
		}

		@Override
		public NumberType getNumberType() {
			return isBeyondDouble() ? NumberType.BIG_DECIMAL : super.getNumberType();
		}

		@Override
		public NumberTypeFP getNumberTypeFP() {
			return isBeyondDouble() ? NumberTypeFP.BIG_DECIMAL : super.getNumberTypeFP();
		}

		private boolean isBeyondDouble() {
			return isFraction() && !ScalarConversion.isDouble(getDecimalValue());
		}

		private boolean isFraction() {
			return currentToken() == JsonToken.VALUE_NUMBER_FLOAT && !isNaN();
		}

		private void requireIntegral(Class<?> target) {
			if (isFraction() && !ScalarConversion.isIntegral(getDecimalValue())) {
				throw loss(target);
			}
		}

		private Number convert(Class<?> target) {
			BigDecimal value = getDecimalValue();
			try {
				return ScalarConversion.number(value, target);
			}
			catch (MismatchException ex) {
				throw loss(target);
			}
		}

		private InputCoercionException loss(Class<?> target) {
			return new InputCoercionException(this, "The number does not fit without loss", currentToken(), target);
		}

		/**
		 * Uses an {@link ExactNumbersParser} also for buffered properties: those of an
		 * object that precede its type id, as short ones do in jsonb.
		 */
		static final class Contexts extends DeserializationContexts {

			private static final long serialVersionUID = 1L;

			Contexts() {
			}

			private Contexts(TokenStreamFactory factory, DeserializerFactory deserializers, DeserializerCache cache) {
				super(factory, deserializers, cache);
			}

			@Override
			protected DeserializationContexts forMapper(Object mapper, TokenStreamFactory factory,
					DeserializerFactory deserializers, DeserializerCache cache) {
				return new Contexts(factory, deserializers, cache);
			}

			@Override
			public DeserializationContextExt createContext(DeserializationConfig config, @Nullable FormatSchema schema,
					@Nullable InjectableValues values) {
				return new Context(this._streamFactory, this._deserializerFactory, this._cache, config, schema, values);
			}

			// Jackson's own class overrides a generic method without its type parameter
			@SuppressWarnings("unchecked")
			private static final class Context extends DeserializationContextExt {

				private static final long serialVersionUID = 1L;

				Context(TokenStreamFactory factory, DeserializerFactory deserializers, DeserializerCache cache,
						DeserializationConfig config, @Nullable FormatSchema schema,
						@Nullable InjectableValues values) {
					super(factory, deserializers, cache, config, schema, values);
				}

				@Override
				public TokenBuffer bufferForInputBuffering(@Nullable JsonParser parser) {
					return new Buffer((parser != null) ? parser : getParser(), this);
				}

			}

			private static final class Buffer extends TokenBuffer {

				Buffer(JsonParser parser, ObjectReadContext context) {
					super(parser, context);
				}

				@Override
				public JsonParser asParser(ObjectReadContext context) {
					return new ExactNumbersParser(super.asParser(context));
				}

				@Override
				public JsonParser asParser(ObjectReadContext context, JsonParser source) {
					return new ExactNumbersParser(super.asParser(context, source));
				}

				@Override
				public JsonParser asParserOnFirstToken(ObjectReadContext context) {
					return new ExactNumbersParser(super.asParserOnFirstToken(context));
				}

				@Override
				public JsonParser asParserOnFirstToken(ObjectReadContext context, JsonParser source) {
					return new ExactNumbersParser(super.asParserOnFirstToken(context, source));
				}

			}

		}

	}

}
