package io.soong.lambda;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/**
 * The hints that a native image needs for the handler, which Lambda's runtime loads by
 * name.
 */
final class HandlerRuntimeHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		// By name, because its superclass is on the class path of functions only
		hints.reflection()
			.registerType(TypeReference.of("io.soong.lambda.SoongFunctionInvoker"),
					MemberCategory.INVOKE_PUBLIC_CONSTRUCTORS, MemberCategory.INVOKE_PUBLIC_METHODS);
	}

}
