package io.soong.test;

import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.type.MethodMetadata;

/**
 * Configures an embedded PostgreSQL for a context, with login by password or by IAM. It
 * is part of {@code @AutoConfigureTestDatabase}, and so of {@link SoongTest},
 * {@code @JdbcTest}, {@code @DataJdbcTest}, {@code @DataJpaTest} and {@code @JooqTest}.
 * Connection details of a container or a Docker Compose service replace it.
 */
@AutoConfiguration(before = DataSourceAutoConfiguration.class,
		beforeName = "io.soong.autoconfigure.SoongAutoConfiguration",
		afterName = "org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration")
@ConditionalOnProperty(name = TestDatabaseEnvironmentPostProcessor.REPLACE,
		havingValue = TestDatabaseEnvironmentPostProcessor.CONNECTION)
final class EmbeddedPostgresAutoConfiguration {

	private static final Pattern KNOWN_TO_USE_CONNECTION_DETAILS = Pattern
		.compile("org\\.springframework\\.boot\\.|io\\.soong\\.autoconfigure\\.");

	private static final String SOONG = "soongDataSource";

	private static final String SOONG_TYPE = "io.soong.jdbc.SoongDataSource";

	private static final List<String> ROLES = List.of("spring.flyway.user", "spring.liquibase.user",
			"spring.sql.init.username");

	/**
	 * Spring Boot applies {@code schema.sql} by default to in-memory databases only. This
	 * database exists for tests, so the default is to apply it, with the test's own role,
	 * which owns the database and is the only one.
	 */
	@Bean
	static BeanFactoryPostProcessor soongTestScriptsAreApplied(ConfigurableEnvironment environment) {
		return (beanFactory) -> {
			refuseOwnDataSources(beanFactory);
			MutablePropertySources sources = environment.getPropertySources();
			sources.addLast(new MapPropertySource("soongTestDefaults", Map.of("spring.sql.init.mode", "always")));
			Map<String, Object> roles = new LinkedHashMap<>();
			ROLES.stream().filter(environment::containsProperty).forEach((role) -> roles.put(role, ""));
			sources.addFirst(new MapPropertySource("soongTestRoles", roles));
		};
	}

	/**
	 * Replaces other data sources of Soong, such as that of a reader, by the one that
	 * connects to the test's database. They then do not connect to their own hosts, and
	 * see what a test's transaction has written.
	 */
	@Bean
	static BeanPostProcessor soongTestHasOneDatabase(ConfigurableListableBeanFactory beanFactory) {
		return new BeanPostProcessor() {

			@Override
			public Object postProcessAfterInitialization(Object bean, String beanName) {
				if (!isBesideSoongs(bean.getClass(), beanName, beanFactory)) {
					return bean;
				}
				try {
					return beanFactory.getBean(SOONG, DataSource.class).unwrap(bean.getClass());
				}
				catch (SQLException ex) {
					throw new IllegalStateException("There is no " + SOONG_TYPE + " behind " + SOONG, ex);
				}
			}

		};
	}

	private static boolean isBesideSoongs(@Nullable Class<?> type, String name,
			ConfigurableListableBeanFactory beanFactory) {
		return type != null && type.getName().equals(SOONG_TYPE) && !name.equals(SOONG)
				&& beanFactory.containsBeanDefinition(SOONG);
	}

	private static void refuseOwnDataSources(ConfigurableListableBeanFactory beanFactory) {
		for (String name : beanFactory.getBeanNamesForType(DataSource.class, true, false)) {
			if (isBesideSoongs(beanFactory.getType(name, false), name, beanFactory)) {
				continue;
			}
			MethodMetadata method = (beanFactory.getMergedBeanDefinition(name) instanceof AnnotatedBeanDefinition bean)
					? bean.getFactoryMethodMetadata() : null;
			if (method != null
					&& !KNOWN_TO_USE_CONNECTION_DETAILS.matcher(method.getDeclaringClassName()).lookingAt()) {
				throw new IllegalStateException(
						"The application's DataSource bean '" + name + "' would connect to a database "
								+ "other than the test's. Declare it as a SoongDataSource beside "
								+ "Soong's own (@Bean(defaultCandidate = false)), leave it out of the test, or let it "
								+ "connect with spring.test.database.replace=none");
			}
		}
	}

	@Bean
	@ConditionalOnBooleanProperty(name = "soong.test.iam", havingValue = false, matchIfMissing = true)
	@ConditionalOnMissingBean(JdbcConnectionDetails.class)
	EmbeddedConnectionDetails embeddedConnectionDetails() {
		return new EmbeddedConnectionDetails(SharedPostgres.get());
	}

	/**
	 * A lookalike of RDS, and the properties to log in to it.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBooleanProperty("soong.test.iam")
	static class IamConfiguration {

		/**
		 * Starts a separate server, because a test may demote it or make it read-only.
		 */
		@Bean
		static RdsLookalike rdsLookalike() {
			return RdsLookalike.start();
		}

		/**
		 * Sets the properties before a bean binds {@code soong.*}, with the highest
		 * precedence.
		 */
		@Bean
		static BeanFactoryPostProcessor soongTestIamProperties(ConfigurableEnvironment environment, RdsLookalike rds) {
			return (beanFactory) -> {
				requireSoong(beanFactory);
				MutablePropertySources sources = environment.getPropertySources();
				sources.addFirst(new MapPropertySource("soongTestIam", properties(rds)));
			};
		}

		private static void requireSoong(ConfigurableListableBeanFactory beanFactory) {
			if (!beanFactory.containsBean(SOONG)
					|| beanFactory.getBeanNamesForType(JdbcConnectionDetails.class, true, false).length > 0) {
				throw new IllegalStateException("soong.test.iam requires a login by IAM, but Soong's DataSource is not "
						+ "configured by its own properties. Remove spring.datasource.url, the "
						+ "DataSource bean, or the container or service that provides JdbcConnectionDetails");
			}
		}

		private static Map<String, Object> properties(RdsLookalike rds) {
			Map<String, Object> properties = new LinkedHashMap<>();
			properties.put("soong.host", rds.endpoint());
			properties.put("soong.hostaddr", rds.address());
			properties.put("soong.port", rds.port());
			properties.put("soong.dbname", rds.database());
			properties.put("soong.user", rds.environment().get("PG_USER"));
			properties.put("soong.password", "");
			properties.put("soong.auth", "iam");
			properties.put("soong.iam.region", rds.region());
			properties.put("soong.iam.host", "");
			properties.put("soong.iam.port", rds.port());
			properties.put("soong.ssl.mode", "verify-full");
			properties.put("soong.ssl.root-cert", rds.caCertificate().toUri().toString());
			properties.put("soong.ssl.bundle", "");
			return properties;
		}

		/**
		 * The execution role's credentials, regardless of the machine's credentials.
		 */
		@Configuration(proxyBeanMethods = false)
		@ConditionalOnClass(AwsCredentialsProvider.class)
		static class CredentialsConfiguration {

			@Bean
			@Primary
			AwsCredentialsProvider soongTestAwsCredentials(RdsLookalike rds) {
				return () -> {
					Map<String, String> role = rds.environment();
					return AwsSessionCredentials.create(role.get("AWS_ACCESS_KEY_ID"),
							role.get("AWS_SECRET_ACCESS_KEY"), role.get("AWS_SESSION_TOKEN"));
				};
			}

		}

	}

}
