package io.soong.test;

import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TestDatabaseEnvironmentPostProcessor}.
 */
class TestDatabaseEnvironmentPostProcessorTests {

	private static final String REPLACE = "spring.test.database.replace";

	private final TestDatabaseEnvironmentPostProcessor postProcessor = new TestDatabaseEnvironmentPostProcessor();

	@Test
	void replaceWhenUnsetIsTheConnection() {
		StandardEnvironment environment = new StandardEnvironment();
		this.postProcessor.postProcessEnvironment(environment, new SpringApplication());
		assertThat(environment.getProperty(REPLACE)).isEqualTo("connection");
	}

	@Test
	void replaceWhenSetByTheApplicationIsKept() {
		MockEnvironment environment = new MockEnvironment().withProperty(REPLACE, "none");
		this.postProcessor.postProcessEnvironment(environment, new SpringApplication());
		assertThat(environment.getProperty(REPLACE)).isEqualTo("none");
	}

	@Test
	void replaceWhenADefaultOfTheApplicationIsKept() {
		StandardEnvironment environment = new StandardEnvironment();
		DefaultPropertiesPropertySource.addOrMerge(Map.of(REPLACE, "any"), environment.getPropertySources());
		this.postProcessor.postProcessEnvironment(environment, new SpringApplication());
		assertThat(environment.getProperty(REPLACE)).isEqualTo("any");
	}

}
