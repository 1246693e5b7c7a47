package io.soong.lambda;

import java.util.function.Function;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.function.context.config.ContextFunctionCatalogAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextRefreshedEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StartedApplicationTests {

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ContextFunctionCatalogAutoConfiguration.class))
		.withUserConfiguration(Functions.class);

	private final StartedApplication started = new StartedApplication();

	@AfterEach
	void forget() {
		StartedApplication.take();
	}

	@Test
	void applicationThatWasNotExpectedIsLeftAlone() {
		this.application.run((context) -> this.started.onApplicationEvent(new ContextRefreshedEvent(context)));
		assertThat(StartedApplication.take()).isNull();
	}

	@Test
	void applicationThatStartsAfterTheExpectedOneIsLeftAlone() {
		StartedApplication.expect("first");
		this.application.run((context) -> {
			this.started.onApplicationEvent(new ContextRefreshedEvent(context));
			assertThat(StartedApplication.take()).isNotNull();
			this.started.onApplicationEvent(new ContextRefreshedEvent(context));
			assertThat(StartedApplication.take()).isNull();
		});
	}

	@Test
	void applicationThatStartsAfterAFailureIsLeftAlone() {
		StartedApplication.expect("no-such-function");
		this.application.run((context) -> {
			assertThatExceptionOfType(UndecidedFunctionException.class)
				.isThrownBy(() -> this.started.onApplicationEvent(new ContextRefreshedEvent(context)));
			this.started.onApplicationEvent(new ContextRefreshedEvent(context));
			assertThat(StartedApplication.take()).isNull();
		});
	}

	@Test
	void contextWithoutFunctionsIsNotTheApplication() {
		StartedApplication.expect("first");
		new ApplicationContextRunner()
			.run((context) -> this.started.onApplicationEvent(new ContextRefreshedEvent(context)));
		this.application.run((context) -> {
			this.started.onApplicationEvent(new ContextRefreshedEvent(context));
			assertThat(StartedApplication.take()).isNotNull();
			assertThat(StartedApplication.take()).isNull();
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Functions {

		@Bean
		Function<String, String> first() {
			return (event) -> "first";
		}

		@Bean
		Function<String, String> second() {
			return (event) -> "second";
		}

	}

}
