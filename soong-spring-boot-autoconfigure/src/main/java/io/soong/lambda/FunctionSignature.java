package io.soong.lambda;

import java.io.InputStream;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.TreeNode;

import org.springframework.cloud.function.context.catalog.FunctionTypeUtils;
import org.springframework.cloud.function.context.catalog.SimpleFunctionRegistry.FunctionInvocationWrapper;
import org.springframework.core.ResolvableType;
import org.springframework.messaging.Message;

/**
 * What a function takes and whether it returns something.
 *
 * @param type the class of the value that it takes, unwrapped from a message or
 * publisher; {@code Void} if it takes none
 * @param publisher the publisher in which it takes values, if it does
 * @param returnsNothing whether it returns no value, as a consumer does
 */
record FunctionSignature(Class<?> type, @Nullable Class<?> publisher, boolean returnsNothing) {

	static FunctionSignature of(FunctionInvocationWrapper function) {
		Type input = function.getInputType();
		Class<?> publisher = (input != null && FunctionTypeUtils.isPublisher(input))
				? FunctionTypeUtils.getRawType(input) : null;
		return new FunctionSignature(value(input), publisher, value(function.getOutputType()) == Void.class);
	}

	private static Class<?> value(@Nullable Type type) {
		if (type == null) {
			return Void.class;
		}
		Type value = type;
		while (FunctionTypeUtils.isPublisher(value) || FunctionTypeUtils.isMessage(value)) {
			Type inner = FunctionTypeUtils.getImmediateGenericType(value, 0);
			if (inner == null || inner == value) {
				return Object.class;
			}
			value = inner;
		}
		return ResolvableType.forType(value).resolve(Object.class);
	}

	boolean isStream() {
		return InputStream.class.isAssignableFrom(this.type);
	}

	boolean isMono() {
		return FunctionTypeUtils.isMono(this.publisher);
	}

	/**
	 * Returns whether a value of this type always is the whole event, not the body of an
	 * HTTP request.
	 */
	static boolean isEnvelope(@Nullable Class<?> type) {
		return type == null || type.isAssignableFrom(Map.class) || type == byte[].class || type == Void.class
				|| InputStream.class.isAssignableFrom(type) || Message.class.isAssignableFrom(type)
				|| type.getName().startsWith("com.amazonaws.services.lambda.runtime.events.");
	}

	boolean takesEnvelope() {
		return isEnvelope(this.type);
	}

	/**
	 * Returns whether an array is one value of this type.
	 */
	boolean isArray() {
		return this.type.isArray() || this.type == Object.class || Collection.class.isAssignableFrom(this.type)
				|| TreeNode.class.isAssignableFrom(this.type) || Message.class.isAssignableFrom(this.type)
				|| this.type == Void.class || isStream();
	}

	/**
	 * Returns whether the function takes the elements of an array one by one.
	 * @param http whether the array is the body of an HTTP request, which text and
	 * envelopes contain as it is
	 */
	boolean takesElements(boolean http) {
		return !isArray() && !(http && (this.type == String.class || takesEnvelope())) && !isMono();
	}

}
