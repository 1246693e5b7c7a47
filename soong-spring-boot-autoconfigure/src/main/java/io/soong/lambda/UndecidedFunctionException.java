package io.soong.lambda;

import java.util.Collection;

import org.jspecify.annotations.Nullable;

/**
 * Thrown at the start of a {@link SoongFunctionInvoker} if the function to run is not
 * determined. Spring Cloud Function would start a router instead, and the header of any
 * HTTP request could choose the function.
 */
public final class UndecidedFunctionException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	/** What to set. */
	private final String action;

	UndecidedFunctionException(@Nullable String definition, Collection<String> functions) {
		super(describe(definition, functions));
		this.action = (functions.isEmpty())
				? "Declare a bean of type java.util.function.Function, Consumer or Supplier, and name it by "
						+ "SPRING_CLOUD_FUNCTION_DEFINITION."
				: "Set SPRING_CLOUD_FUNCTION_DEFINITION (or spring.cloud.function.definition) to one of these names, or "
						+ "to several composed with '|'. Set it to functionRouter if every caller, also over HTTP, may "
						+ "choose the function by a header.";
	}

	private static String describe(@Nullable String definition, Collection<String> functions) {
		String names = String.join(", ", functions);
		if (definition != null) {
			return "spring.cloud.function.definition is '" + definition + "', but the application has "
					+ (functions.isEmpty() ? "no function." : "no such function. It has: " + names + ".");
		}
		return functions.isEmpty() ? "The application has no function."
				: "The application has several functions, and spring.cloud.function.definition does not say which one "
						+ "to run. It has: " + names + ".";
	}

	/**
	 * Returns how to fix it.
	 * @return one or two sentences
	 */
	public String action() {
		return this.action;
	}

	@Override
	public String getMessage() {
		return super.getMessage() + " " + this.action;
	}

	/**
	 * Returns what is wrong, without the fix.
	 * @return one or two sentences
	 */
	public String description() {
		return String.valueOf(super.getMessage());
	}

}
