package io.soong.sql;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.FormatSchema;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.InjectableValues;
import tools.jackson.databind.cfg.DeserializationContexts;
import tools.jackson.databind.deser.DeserializationContextExt;
import tools.jackson.databind.deser.DeserializerCache;
import tools.jackson.databind.deser.DeserializerFactory;
import tools.jackson.databind.util.TokenBuffer;

/**
 * Makes a mapper read by an {@link ExactNumbersParser} also what it buffers: the
 * properties of an object that stand before its type id, where jsonb puts short ones.
 */
final class ExactNumbersContexts extends DeserializationContexts {

	private static final long serialVersionUID = 1L;

	ExactNumbersContexts() {
	}

	private ExactNumbersContexts(TokenStreamFactory factory, DeserializerFactory deserializers,
			DeserializerCache cache) {
		super(factory, deserializers, cache);
	}

	@Override
	protected DeserializationContexts forMapper(Object mapper, TokenStreamFactory factory,
			DeserializerFactory deserializers, DeserializerCache cache) {
		return new ExactNumbersContexts(factory, deserializers, cache);
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
