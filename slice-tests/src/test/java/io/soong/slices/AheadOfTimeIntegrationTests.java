package io.soong.slices;

import java.util.Map;
import java.util.function.Consumer;

import io.soong.autoconfigure.SoongAutoConfiguration;
import io.soong.autoconfigure.SoongTemplateAutoConfiguration;
import io.soong.sql.SoongTemplate;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.Test;

import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application with JPA that is processed ahead of time.
 */
class AheadOfTimeIntegrationTests {

	private static final String PASSWORD = "secret-of-a-test";

	private static final String[] BUILD = { "spring.flyway.enabled=false", "spring.liquibase.enabled=false",
			"spring.sql.init.mode=always" };

	@Test
	@CompileWithForkedClassLoader
	void repositoryUsesTheConnectionOfSoong() {
		try (RdsLookalike rds = RdsLookalike.builder().passwordUser("jane", PASSWORD).start()) {
			processAheadOfTime((initializer) -> {
				try (GenericApplicationContext context = new GenericApplicationContext()) {
					TestPropertyValues.of(BUILD)
						.and("soong.host=" + rds.address(), "soong.port=" + rds.port(),
								"soong.dbname=" + rds.database(), "soong.user=jane", "soong.password=" + PASSWORD,
								"soong.ssl.mode=require")
						.applyTo(context);
					initializer.initialize(context);
					context.refresh();
					JpaGizmos gizmos = context.getBean(JpaGizmos.class);
					gizmos.save(new GizmoEntity("Flux"));
					assertThat(gizmos.findByName("Flux")).isPresent();
					assertThat(context.getBean(SoongTemplate.class).get("gizmos", Map.of("name", "Flux"))).isPresent();
				}
			});
		}
	}

	private static void processAheadOfTime(Consumer<ApplicationContextInitializer<GenericApplicationContext>> start) {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			TestPropertyValues.of(BUILD).applyTo(context);
			context.register(Jpa.class);
			TestGenerationContext generated = new TestGenerationContext(AheadOfTimeIntegrationTests.class);
			var initializer = new ApplicationContextAotGenerator().processAheadOfTime(context, generated);
			generated.writeGeneratedContent();
			TestCompiler.forSystem().with(generated).compile((compiled) -> {
				@SuppressWarnings("unchecked")
				ApplicationContextInitializer<GenericApplicationContext> instance = compiled
					.getInstance(ApplicationContextInitializer.class, initializer.reflectionName());
				start.accept(instance);
			});
		}
	}

	/**
	 * JPA alone, of what is on the class path.
	 */
	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage
	@ImportAutoConfiguration({ SoongAutoConfiguration.class, SoongTemplateAutoConfiguration.class,
			DataSourceAutoConfiguration.class, DataSourceInitializationAutoConfiguration.class,
			JdbcTemplateAutoConfiguration.class, HibernateJpaAutoConfiguration.class,
			DataJpaRepositoriesAutoConfiguration.class, TransactionAutoConfiguration.class })
	static class Jpa {

	}

}
