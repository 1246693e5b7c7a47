package io.soong.sql;

import java.math.BigDecimal;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.FormatSchema;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.util.JsonParserDelegate;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.InjectableValues;
import tools.jackson.databind.cfg.DeserializationContexts;
import tools.jackson.databind.deser.DeserializationContextExt;
import tools.jackson.databind.deser.DeserializerCache;
import tools.jackson.databind.deser.DeserializerFactory;
import tools.jackson.databind.util.TokenBuffer;

/**
 * A parser for any mapper that refuses to give a json number as another number, as
 * {@link NumberConversion} refuses it for columns. Jackson cuts fractions off, rounds and
 * overflows to infinity. Where the type of a number is left open, one whose digits a
 * double does not show is a {@code BigDecimal}.
 */
final class ExactNumbersParser extends JsonParserDelegate {

	// Below, a double is exact or at most a rounded fraction
	private static final double DENSE_DOUBLES = 0x1p53;

	ExactNumbersParser(JsonParser delegate) {
		super(delegate);
	}

	@Override
	public double getDoubleValue() {
		double value = super.getDoubleValue();
		if ((value != 0 && Math.abs(value) < DENSE_DOUBLES) || isNaN()) {
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
		return isFraction() && !NumberConversion.isDouble(getDecimalValue());
	}

	private boolean isFraction() {
		return currentToken() == JsonToken.VALUE_NUMBER_FLOAT && !isNaN();
	}

	private void requireIntegral(Class<?> target) {
		if (isFraction() && !NumberConversion.isIntegral(getDecimalValue())) {
			throw loss(target);
		}
	}

	private Number convert(Class<?> target) {
		BigDecimal value = getDecimalValue();
		try {
			return NumberConversion.convert(value, target);
		}
		catch (MismatchException ex) {
			throw loss(target);
		}
	}

	private InputCoercionException loss(Class<?> target) {
		return new InputCoercionException(this, "The number does not fit without loss", currentToken(), target);
	}

	/**
	 * Makes a mapper read by an {@link ExactNumbersParser} also what it buffers: the
	 * properties of an object that stand before its type id, where jsonb puts short ones.
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
					DeserializationConfig config, @Nullable FormatSchema schema, @Nullable InjectableValues values) {
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
