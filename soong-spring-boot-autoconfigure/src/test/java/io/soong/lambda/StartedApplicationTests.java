package io.soong.lambda;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.function.context.config.ContextFunctionCatalogAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextRefreshedEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class StartedApplicationTests {

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ContextFunctionCatalogAutoConfiguration.class))
		.withUserConfiguration(FunctionEndpointTests.Functions.class);

	private final StartedApplication started = new StartedApplication();

	@AfterEach
	void forget() {
		System.clearProperty("MAIN_CLASS");
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
	void applicationThatStartsAfterAnUndecidedFunctionIsLeftAlone() {
		StartedApplication.expect("no-such-function");
		assertThatExceptionOfType(UndecidedFunctionException.class).isThrownBy(
				() -> start(ContextFunctionCatalogAutoConfiguration.class, FunctionEndpointTests.Functions.class));
		assertThatNextApplicationIsLeftAlone();
	}

	@Test
	void applicationThatStartsAfterABrokenOneIsLeftAlone() {
		StartedApplication.expect("first");
		assertThatExceptionOfType(BeanCreationException.class).isThrownBy(() -> start(Broken.class));
		assertThatNextApplicationIsLeftAlone();
	}

	@Test
	void applicationThatStartsAfterAnUnknownMainClassIsLeftAlone() {
		System.setProperty("MAIN_CLASS", "com.example.Missing");
		assertThatIllegalStateException().isThrownBy(SoongFunctionInvoker::new)
			.withMessage("MAIN_CLASS is 'com.example.Missing', but the deployed package has no such class. Set "
					+ "MAIN_CLASS to the full name of the class with @SpringBootApplication");
		assertThatNextApplicationIsLeftAlone();
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

	private void assertThatNextApplicationIsLeftAlone() {
		this.application.run((context) -> this.started.onApplicationEvent(new ContextRefreshedEvent(context)));
		assertThat(StartedApplication.take()).isNull();
	}

	// With the listeners of META-INF/spring.factories
	private static void start(Class<?>... sources) {
		SpringApplication application = new SpringApplication(sources);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.run();
	}

	@Configuration(proxyBeanMethods = false)
	static class Broken {

		@Bean
		String broken() {
			throw new IllegalStateException("broken");
		}

	}

}
