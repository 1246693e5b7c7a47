package io.soong.test;

import java.util.Map;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;

/**
 * Has {@code @JdbcTest}, {@code @DataJdbcTest}, {@code @DataJpaTest}, {@code @JooqTest}
 * and whatever else asks for a test database keep the application's data source and
 * replace what that connects to. Spring Boot would put an in-memory database of another
 * make in its place. Where the property or the annotation's attribute is set otherwise,
 * Spring Boot's own behaviour applies.
 */
final class TestDatabaseEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	static final String REPLACE = "spring.test.database.replace";

	/**
	 * None of Spring Boot's own values, so that its auto-configuration does not apply.
	 */
	static final String CONNECTION = "connection";

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		// What the application itself gives for defaults goes before
		PropertySource<?> existing = environment.getPropertySources().get(DefaultPropertiesPropertySource.NAME);
		if (existing == null || !existing.containsProperty(REPLACE)) {
			DefaultPropertiesPropertySource.addOrMerge(Map.of(REPLACE, CONNECTION), environment.getPropertySources());
		}
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
