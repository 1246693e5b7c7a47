package io.soong.lambda;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Reads Lambda's environment variables. Holds no state of its own. Thread-safe if the
 * given function is.
 *
 * @see <a href=
 * "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime">Defined
 * runtime environment variables</a>
 */
public final class LambdaEnvironment {

	private static final int MAX_APPLICATION_NAME_BYTES = 63;

	private final Function<String, @Nullable String> variables;

	/**
	 * Creates a view of the given variables.
	 * @param variables returns a variable's value by its name, or {@code null}; for
	 * example {@code System::getenv}
	 */
	public LambdaEnvironment(Function<String, @Nullable String> variables) {
		this.variables = Objects.requireNonNull(variables, "variables must not be null");
	}

	/**
	 * Returns whether this process runs on Lambda. SAM's local emulation does not count,
	 * because it has no execution role to log in with.
	 * @return {@code true} on Lambda, whatever the runtime
	 */
	public boolean isLambda() {
		return variable("AWS_SAM_LOCAL").isEmpty() && (!variable("AWS_LAMBDA_RUNTIME_API").isEmpty()
				|| variable("AWS_EXECUTION_ENV").startsWith("AWS_Lambda_"));
	}

	/**
	 * Returns whether the same process handles the first invocation right after its
	 * start. It does not if a snapshot is taken in between.
	 * @return {@code true} on Lambda for on-demand and provisioned initialization
	 */
	public boolean isInvokedAfterInit() {
		String type = variable("AWS_LAMBDA_INITIALIZATION_TYPE");
		return isLambda() && (type.equals("on-demand") || type.equals("provisioned-concurrency"));
	}

	/**
	 * Returns the class that Lambda's Java runtime hands events to.
	 * @return the class part of the function's handler setting, or empty if there is none
	 */
	public Optional<String> handler() {
		String handler = variable("_HANDLER");
		return handler.isEmpty() ? Optional.empty() : Optional.of(handler.split("::", 2)[0].strip());
	}

	/**
	 * Returns the maximum number of invocations that this process handles at the same
	 * time.
	 * @return the concurrency of a Managed Instance, otherwise 1
	 */
	public int concurrency() {
		String concurrency = variable("AWS_LAMBDA_MAX_CONCURRENCY");
		boolean managedInstance = isLambda()
				&& variable("AWS_LAMBDA_INITIALIZATION_TYPE").equals("lambda-managed-instances");
		return (managedInstance && concurrency.matches("[1-9]\\d{0,8}")) ? Integer.parseInt(concurrency) : 1;
	}

	/**
	 * Returns the name under which the database lists this function's connections.
	 * @return {@code function:version}, cut to the 63 bytes that PostgreSQL keeps, or
	 * empty if this is no function
	 */
	public Optional<String> applicationName() {
		String name = variable("AWS_LAMBDA_FUNCTION_NAME");
		String version = variable("AWS_LAMBDA_FUNCTION_VERSION");
		return name.isEmpty() ? Optional.empty()
				: Optional.of(shorten(version.isEmpty() ? name : name + ":" + version));
	}

	/**
	 * Function names are ASCII, so that a character is a byte. The version, at the end,
	 * distinguishes two deployments.
	 */
	private static String shorten(String name) {
		int excess = name.getBytes(StandardCharsets.UTF_8).length - MAX_APPLICATION_NAME_BYTES;
		int colon = name.lastIndexOf(':');
		if (excess <= 0) {
			return name;
		}
		return (colon > excess) ? name.substring(0, colon - excess) + name.substring(colon)
				: name.substring(0, MAX_APPLICATION_NAME_BYTES);
	}

	/**
	 * Returns a name or id as a log may hold it: its visible ASCII characters, and
	 * {@code _} for any other.
	 */
	static String visible(@Nullable String text) {
		StringBuilder visible = new StringBuilder(String.valueOf(text));
		for (int i = 0; i < visible.length(); i++) {
			if (visible.charAt(i) <= ' ' || visible.charAt(i) > '~') {
				visible.setCharAt(i, '_');
			}
		}
		return visible.toString();
	}

	/**
	 * Returns a variable, or the empty text if it is blank or absent. No lambda
	 * expressions here and above, because each would load a class in every cold start.
	 */
	private String variable(String name) {
		String value = this.variables.apply(name);
		return (value == null || value.isBlank()) ? "" : value;
	}

}
