package io.soong.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.boot.origin.SystemEnvironmentOrigin;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Maps the {@code PG_*} variables of the Python library to {@code soong.*} properties.
 * They rank directly below the environment, so that {@code SOONG_HOST} overrides
 * {@code PG_HOST}, and both override a properties file. For both kinds of variables, a
 * blank value counts as unset, and surrounding white space is removed.
 */
final class PgVariablesEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	private static final String PREFIX = "SOONG_";

	static final Map<String, String> ALIASES = Map.of("PG_HOST", "soong.host", "PG_HOSTADDR", "soong.hostaddr",
			"PG_PORT", "soong.port", "PG_DBNAME", "soong.dbname", "PG_USER", "soong.user", "PG_PASSWORD",
			"soong.password", "PG_CONNECT_TIMEOUT", "soong.connect-timeout", "PG_SSLMODE", "soong.ssl.mode",
			"PG_SSLROOTCERT", "soong.ssl.root-cert");

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		PropertySource<?> variables = environment.getPropertySources()
			.get(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
		if (variables == null) {
			return;
		}
		strip(environment, variables);
		Map<String, Object> properties = new LinkedHashMap<>();
		ALIASES.forEach((variable, property) -> {
			Object value = variables.getProperty(variable);
			if (value != null && !value.toString().isBlank()) {
				properties.put(property, value.toString().strip());
			}
		});
		if (!properties.isEmpty()) {
			environment.getPropertySources().addAfter(variables.getName(), new PgVariablesPropertySource(properties));
		}
	}

	/**
	 * Replaces variables that are blank or have surrounding white space, if there are
	 * any.
	 */
	private static void strip(ConfigurableEnvironment environment, PropertySource<?> variables) {
		if (!(variables.getSource() instanceof Map<?, ?> source)) {
			return;
		}
		Map<String, Object> stripped = new LinkedHashMap<>();
		source.forEach((key, value) -> {
			String name = String.valueOf(key);
			boolean ours = name.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
			if (!ours) {
				stripped.put(name, value);
			}
			else if (!value.toString().isBlank()) {
				stripped.put(name, value.toString().strip());
			}
		});
		if (!stripped.equals(source)) {
			environment.getPropertySources()
				.replace(variables.getName(), new StrippedVariablesPropertySource(variables.getName(), stripped));
		}
	}

	/**
	 * Before the configuration files are read, so that they can refer to
	 * {@code soong.host}.
	 */
	@Override
	public int getOrder() {
		return ConfigDataEnvironmentPostProcessor.ORDER - 1;
	}

	static @Nullable String variableOf(String property) {
		return ALIASES.entrySet()
			.stream()
			.filter((alias) -> alias.getValue().equals(property))
			.map(Map.Entry::getKey)
			.findFirst()
			.orElse(null);
	}

	private static final class StrippedVariablesPropertySource extends SystemEnvironmentPropertySource
			implements OriginLookup<String> {

		StrippedVariablesPropertySource(String name, Map<String, Object> variables) {
			super(name, variables);
		}

		@Override
		public @Nullable Origin getOrigin(String property) {
			return containsProperty(property) ? new SystemEnvironmentOrigin(resolvePropertyName(property)) : null;
		}

	}

	private static final class PgVariablesPropertySource extends MapPropertySource implements OriginLookup<String> {

		PgVariablesPropertySource(Map<String, Object> properties) {
			super("pgVariables", properties);
		}

		@Override
		public @Nullable Origin getOrigin(String property) {
			String variable = variableOf(property);
			return (variable != null && containsProperty(property)) ? new SystemEnvironmentOrigin(variable) : null;
		}

	}

}
