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

/**
 * Reads the {@code PG_*} variables of the Python library as {@code soong.*} properties.
 * They stand directly below the environment, so that {@code SOONG_HOST} wins over
 * {@code PG_HOST}, and both over a properties file. A blank variable counts as unset.
 */
final class PgVariablesEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

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
		Map<String, Object> properties = new LinkedHashMap<>();
		ALIASES.forEach((variable, property) -> {
			Object value = variables.getProperty(variable);
			if (value != null && !value.toString().isBlank()) {
				properties.put(property, value);
			}
		});
		if (!properties.isEmpty()) {
			environment.getPropertySources().addAfter(variables.getName(), new PgVariablesPropertySource(properties));
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
