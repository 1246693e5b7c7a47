package io.soong.autoconfigure;

import java.util.HashMap;
import java.util.Map;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;

/**
 * Contributes a default for a property of another's, below everything an application
 * sets: Flyway locks with a second connection unless it is told not to, and there is but
 * one.
 */
final class SoongDefaultsEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	private static final Map<String, Object> DEFAULTS = Map.of("spring.flyway.postgresql.transactional-lock", "false");

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		Map<String, Object> defaults = new HashMap<>(DEFAULTS);
		// What the application itself gives for defaults goes before
		PropertySource<?> existing = environment.getPropertySources().get(DefaultPropertiesPropertySource.NAME);
		if (existing != null) {
			defaults.keySet().removeIf(existing::containsProperty);
		}
		DefaultPropertiesPropertySource.addOrMerge(defaults, environment.getPropertySources());
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
