package io.soong.autoconfigure;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;

/**
 * A {@code soong.*} property that is missing, invalid, or contradicts another.
 */
final class InvalidSoongPropertyException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private static final String DRIVER_PROPERTIES = "soong.connection.properties.";

	private final String description;

	private final String action;

	InvalidSoongPropertyException(Environment environment, String property, String reason, String action) {
		this(describe(environment, property, reason), action);
	}

	private InvalidSoongPropertyException(String description, String action) {
		super(description + " " + action);
		this.description = description;
		this.action = action;
	}

	private static String describe(Environment environment, String property, String reason) {
		ConfigurationProperty found = find(environment, property);
		if (found == null) {
			String variable = PgVariablesEnvironmentPostProcessor.variableOf(property);
			return "The property " + property + ((variable != null) ? " (or the variable " + variable + ")" : "")
					+ " is not set: " + reason + ".";
		}
		String value = mayBeSecret(property) ? "" : " has the value '" + SanitizedValue.of(found.getValue()) + "' and";
		Origin origin = found.getOrigin();
		return "The property " + property + value + " comes from " + ((origin != null) ? origin : "an unknown source")
				+ ": " + reason + ".";
	}

	/**
	 * A misspelt name may be one of the driver's properties for passwords.
	 */
	private static boolean mayBeSecret(String property) {
		return property.equals("soong.password") || property.startsWith(DRIVER_PROPERTIES);
	}

	/**
	 * A name with characters such as an underscore is found only in brackets.
	 */
	private static String inBrackets(String property) {
		int last = DRIVER_PROPERTIES.length();
		return DRIVER_PROPERTIES.substring(0, last - 1) + "[" + property.substring(last) + "]";
	}

	private static @Nullable ConfigurationProperty find(Environment environment, String property) {
		ConfigurationPropertyName name = ConfigurationPropertyName.isValid(property)
				? ConfigurationPropertyName.of(property) : ConfigurationPropertyName.of(inBrackets(property));
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			ConfigurationProperty found = source.getConfigurationProperty(name);
			if (found != null) {
				return found;
			}
		}
		return null;
	}

	String description() {
		return this.description;
	}

	String action() {
		return this.action;
	}

}
