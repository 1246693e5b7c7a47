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
 * Adds defaults for properties of other libraries, with the lowest precedence.
 * <ul>
 * <li>Flyway by default locks with a second connection, but there is only one.</li>
 * <li>Spring Cloud Function's AWS adapter logs every complete event at INFO, and the
 * environment, including the keys of the function's role, at DEBUG.</li>
 * <li>The JDK's HTTP client logs the headers of every request at DEBUG, including the
 * authorization for the container's credentials.</li>
 * </ul>
 * <p>
 * With {@code soong.doctor=true} it also makes the application check its connection.
 */
final class SoongDefaultsEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	private static final String ADAPTER = "logging.level.org.springframework.cloud.function.adapter.aws.";

	private static final Map<String, Object> DEFAULTS = Map.of("spring.flyway.postgresql.transactional-lock", "false",
			ADAPTER + "AWSLambdaUtils", "warn", ADAPTER + "CustomRuntimeInitializer", "info",
			"logging.level.sun.net.www.protocol.http", "info");

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		Map<String, Object> defaults = new HashMap<>(DEFAULTS);
		// The application's own default properties take precedence
		PropertySource<?> existing = environment.getPropertySources().get(DefaultPropertiesPropertySource.NAME);
		if (existing != null) {
			defaults.keySet().removeIf(existing::containsProperty);
		}
		DefaultPropertiesPropertySource.addOrMerge(defaults, environment.getPropertySources());
		if ("true".equalsIgnoreCase(environment.getProperty("soong.doctor"))) {
			DoctorInitializer.addTo(application, environment);
		}
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
