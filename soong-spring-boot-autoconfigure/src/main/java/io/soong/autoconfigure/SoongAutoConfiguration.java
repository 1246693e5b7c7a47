package io.soong.autoconfigure;

import javax.sql.DataSource;

import io.soong.auth.DatabaseCredentialsProvider;
import io.soong.jdbc.SoongDataSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.postgresql.jdbc.PgConnection;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.rds.RdsUtilities;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/**
 * Auto-configuration of the {@link SoongDataSource}. Backs off if the application has a
 * {@link DataSource} of its own, or sets {@code spring.datasource.url} and not
 * {@code soong.host}. It then resolves no property but {@code soong.enabled}.
 */
@AutoConfiguration(before = DataSourceAutoConfiguration.class)
@ConditionalOnClass({ PgConnection.class, DataSourceAutoConfiguration.class })
@ConditionalOnEnabled
public final class SoongAutoConfiguration {

	static final String DATA_SOURCE = "soongDataSource";

	private static final String ALIAS = "dataSource";

	private static final Log logger = LogFactory.getLog(SoongDataSource.class);

	@Bean(DATA_SOURCE)
	@ConditionalOnMissingBean(DataSource.class)
	@ConditionalOnSoongDataSource
	SoongDataSource soongDataSource(PropertiesDataSourceFactory factory, EarlyDataSource early,
			ObjectProvider<JdbcConnectionDetails> connectionDetails, ObjectProvider<DataSourceMeters> meters) {
		SoongDataSource opened = early.take();
		if (opened != null) {
			return opened;
		}
		JdbcConnectionDetails details = connectionDetails.getIfAvailable();
		SoongDataSource dataSource = (details != null)
				? new ConnectionDetailsDataSourceFactory(details, factory.mapping()).create() : factory.create();
		DataSourceMeters observer = meters.getIfAvailable();
		if (observer != null) {
			observer.observe(dataSource);
		}
		if (factory.mapping().opensEagerly()) {
			dataSource.openEagerly();
		}
		return dataSource;
	}

	@Bean
	static LazyConnectionsPostProcessor soongLazyConnectionsPostProcessor(Environment environment) {
		return new LazyConnectionsPostProcessor(environment);
	}

	@Bean
	static EarlyDataSource soongEarlyDataSource(Environment environment) {
		return new EarlyDataSource(environment);
	}

	/**
	 * Gives the data source the name of Spring Boot's, by which Spring Batch looks for
	 * it. A bean of the application keeps that name.
	 */
	@Bean
	static BeanFactoryPostProcessor soongDataSourceAlias() {
		return (beanFactory) -> {
			if (beanFactory.containsBeanDefinition(DATA_SOURCE) && !beanFactory.containsBean(ALIAS)) {
				beanFactory.registerAlias(DATA_SOURCE, ALIAS);
			}
		};
	}

	@Bean
	static BeanFactoryPostProcessor soongMessageSource() {
		return (beanFactory) -> {
			if (!beanFactory.containsLocalBean(AbstractApplicationContext.MESSAGE_SOURCE_BEAN_NAME)) {
				beanFactory.registerSingleton(AbstractApplicationContext.MESSAGE_SOURCE_BEAN_NAME,
						new LazyMessageSource());
			}
		};
	}

	/**
	 * Binds the properties only if a data source is created from them. In an application
	 * with its own data source they may contain unresolvable placeholders. Member classes
	 * are processed before bean methods, so that the data source is not defined yet.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingBean(DataSource.class)
	@ConditionalOnSoongDataSource
	@EnableConfigurationProperties(SoongProperties.class)
	static class PropertiesConfiguration {

		@Bean
		static SoongBindHandlerAdvisor soongBindHandlerAdvisor(Environment environment) {
			return new SoongBindHandlerAdvisor(environment);
		}

		@Bean
		static PropertiesDataSourceFactory soongDataSourceFactory(SoongProperties properties, Environment environment,
				ResourceLoader resourceLoader, ObjectProvider<DatabaseCredentialsProvider> credentials,
				ObjectProvider<AwsCredentialsProvider> awsCredentials, ObjectProvider<RdsTokenSource> rdsTokens,
				ObjectProvider<SslBundles> sslBundles) {
			return new PropertiesDataSourceFactory(properties, environment, resourceLoader, credentials, awsCredentials,
					rdsTokens, sslBundles);
		}

	}

	/**
	 * Uses the AWS SDK's own signer of tokens, if the application has one.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(RdsUtilities.class)
	static class RdsUtilitiesConfiguration {

		@Bean
		RdsTokenSource soongRdsTokenSource(ObjectProvider<RdsUtilities> rdsUtilities) {
			return new RdsTokenSource(rdsUtilities);
		}

	}

	/**
	 * Supplies the values of Boot's meters {@code jdbc.connections.*}, if there is a
	 * meter registry.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "io.micrometer.core.instrument.MeterRegistry")
	static class PoolMetadataConfiguration {

		@Bean
		DataSourcePoolMetadataProvider soongPoolMetadataProvider() {
			return (dataSource) -> {
				SoongDataSource soong = DataSourceUnwrapper.unwrap(dataSource, SoongDataSource.class);
				return (soong != null) ? new SoongPoolMetadata(soong) : null;
			};
		}

	}

	/**
	 * Logs that a {@link DataSource} of the application replaces Soong's, if the
	 * application may have intended to have both. Member classes are processed before
	 * bean methods, so that no other data source is defined yet.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean(DataSource.class)
	static class ReplacedConfiguration {

		@Bean
		SmartInitializingSingleton soongDataSourceReplacement(ListableBeanFactory beanFactory) {
			return () -> logger.info("Soong configures no data source, because the application has one: "
					+ String.join(", ", beanFactory.getBeanNamesForType(DataSource.class, true, false))
					+ ". To have both, declare the application's as @Bean(defaultCandidate = false)");
		}

	}

	/**
	 * Actuator hides all values by default; these stay hidden in any case.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(SanitizingFunction.class)
	static class SanitizingConfiguration {

		@Bean
		SanitizingFunction soongSanitizingFunction() {
			return SanitizingFunction.sanitizeValue()
				.ifKeyMatchesIgnoringCase(String::startsWith, "soong.connection.properties.",
						"SOONG_CONNECTION_PROPERTIES_")
				.ifKeyMatchesIgnoringCase(String::equals, "soong.password", "SOONG_PASSWORD", "PG_PASSWORD",
						"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN",
						"aws.secretAccessKey", "aws.sessionToken");
		}

	}

	/**
	 * The doctor's report, where the application exposes the endpoint and grants access.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
	static class EndpointConfiguration {

		@Bean
		@ConditionalOnAvailableEndpoint
		SoongEndpoint soongEndpoint(ListableBeanFactory beanFactory, Environment environment) {
			return new SoongEndpoint(beanFactory, environment);
		}

	}

}
