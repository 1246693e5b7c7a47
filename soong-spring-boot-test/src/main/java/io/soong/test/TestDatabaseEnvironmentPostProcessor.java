package io.soong.test;

import java.util.Map;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;

/**
 * Makes {@code @JdbcTest}, {@code @DataJdbcTest}, {@code @DataJpaTest}, {@code @JooqTest}
 * and other tests with {@code @AutoConfigureTestDatabase} keep the application's data
 * source, and replace the database that it connects to. Spring Boot would replace the
 * data source by one for an in-memory database. If the property or the annotation's
 * attribute is set, Spring Boot's behaviour applies.
 */
final class TestDatabaseEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	static final String REPLACE = "spring.test.database.replace";

	/**
	 * Not a value of Spring Boot, so that its auto-configuration does not apply.
	 */
	static final String CONNECTION = "connection";

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		// Default properties of the application have precedence
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
