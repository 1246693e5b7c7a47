package io.soong.autoconfigure;

import javax.sql.DataSource;

import io.soong.jdbc.SoongDataSource;
import liquibase.integration.spring.SpringLiquibase;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.flyway.autoconfigure.FlywayProperties;
import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.boot.jdbc.autoconfigure.ApplicationDataSourceScriptDatabaseInitializer;
import org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseConnectionDetails;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseProperties;
import org.springframework.boot.sql.autoconfigure.init.ApplicationScriptDatabaseInitializer;
import org.springframework.boot.sql.autoconfigure.init.ConditionalOnSqlInitialization;
import org.springframework.boot.sql.autoconfigure.init.SqlInitializationProperties;
import org.springframework.boot.sql.init.dependency.DatabaseInitializationDependencyConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.util.StringUtils;

/**
 * Auto-configuration of migrations with a role of their own: {@code spring.flyway.user},
 * {@code spring.liquibase.user} and {@code spring.sql.init.username}. Spring Boot would
 * derive a data source with that name and a password from the URL of the application's
 * data source. Soong's has no URL, because it may log in by IAM. Whether a role is set is
 * decided at run time, so that the environment can set it for an application processed
 * ahead of time.
 */
@AutoConfiguration(after = SoongAutoConfiguration.class, before = DataSourceInitializationAutoConfiguration.class,
		beforeName = { "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
				"org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration" },
		afterName = "org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration")
@ConditionalOnEnabled
@ConditionalOnBean(SoongDataSource.class)
public final class SoongMigrationAutoConfiguration {

	/**
	 * Flyway.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ Flyway.class, FlywayConnectionDetails.class })
	@ConditionalOnMissingBean(FlywayConnectionDetails.class)
	@EnableConfigurationProperties(FlywayProperties.class)
	static class FlywayConfiguration {

		@Bean
		RoleFlywayConnectionDetails soongFlywayConnectionDetails(FlywayProperties properties,
				ObjectProvider<DataSource> dataSource) {
			return new RoleFlywayConnectionDetails(properties, dataSource);
		}

		/**
		 * Runs before the application's own customizers, which can override it.
		 */
		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		FlywayConfigurationCustomizer soongFlywayRole(RoleFlywayConnectionDetails details,
				ObjectProvider<DataSource> dataSource) {
			return (configuration) -> {
				DataSource role = details.dataSource();
				if (role != null && configuration.getDataSource() == dataSource.getIfUnique()) {
					configuration.dataSource(role);
				}
			};
		}

	}

	/**
	 * The connection details of Flyway.
	 */
	static final class RoleFlywayConnectionDetails extends RoleConnectionDetails implements FlywayConnectionDetails {

		RoleFlywayConnectionDetails(FlywayProperties properties, ObjectProvider<DataSource> application) {
			super(application, properties.getUrl(), properties.getUser(), properties.getPassword(),
					properties.getDriverClassName());
		}

	}

	/**
	 * Liquibase.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ SpringLiquibase.class, LiquibaseConnectionDetails.class })
	@ConditionalOnMissingBean({ LiquibaseConnectionDetails.class, SpringLiquibase.class })
	@EnableConfigurationProperties(LiquibaseProperties.class)
	static class LiquibaseConfiguration {

		@Bean
		RoleLiquibaseConnectionDetails soongLiquibaseConnectionDetails(LiquibaseProperties properties,
				ObjectProvider<DataSource> dataSource) {
			return new RoleLiquibaseConnectionDetails(properties, dataSource);
		}

		@Bean
		static RoleLiquibasePostProcessor soongLiquibaseRole(ObjectProvider<RoleLiquibaseConnectionDetails> details,
				ObjectProvider<DataSource> dataSource) {
			return new RoleLiquibasePostProcessor(details, dataSource);
		}

	}

	/**
	 * The connection details of Liquibase.
	 */
	static final class RoleLiquibaseConnectionDetails extends RoleConnectionDetails
			implements LiquibaseConnectionDetails {

		RoleLiquibaseConnectionDetails(LiquibaseProperties properties, ObjectProvider<DataSource> application) {
			super(application, properties.getUrl(), properties.getUser(), properties.getPassword(),
					properties.getDriverClassName());
		}

		@Override
		public @Nullable String getDriverClassName() {
			String driverClassName = super.getDriverClassName();
			return (driverClassName != null) ? driverClassName : LiquibaseConnectionDetails.super.getDriverClassName();
		}

	}

	/**
	 * Sets the role's data source on Spring Boot's {@link SpringLiquibase} before it
	 * migrates.
	 */
	record RoleLiquibasePostProcessor(ObjectProvider<RoleLiquibaseConnectionDetails> details,
			ObjectProvider<DataSource> dataSource) implements BeanPostProcessor {

		@Override
		public Object postProcessBeforeInitialization(Object bean, String beanName) {
			if (bean instanceof SpringLiquibase liquibase
					&& liquibase.getDataSource() == this.dataSource.getIfUnique()) {
				DataSource role = this.details.getObject().dataSource();
				if (role != null) {
					liquibase.setDataSource(role);
				}
			}
			return bean;
		}

	}

	/**
	 * {@code schema.sql} and {@code data.sql}.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingBean(ApplicationScriptDatabaseInitializer.class)
	@ConditionalOnSingleCandidate(DataSource.class)
	@ConditionalOnSqlInitialization
	@Import(DatabaseInitializationDependencyConfigurer.class)
	@EnableConfigurationProperties(SqlInitializationProperties.class)
	static class ScriptsConfiguration {

		@Bean
		ApplicationDataSourceScriptDatabaseInitializer dataSourceScriptDatabaseInitializer(
				ObjectProvider<DataSource> dataSource, SqlInitializationProperties properties) {
			DataSource role = new RoleConnectionDetails(dataSource, null, properties.getUsername(),
					properties.getPassword(), null)
				.dataSource();
			return new ApplicationDataSourceScriptDatabaseInitializer((role != null) ? role : dataSource.getObject(),
					properties);
		}

	}

	/**
	 * The details from a tool's properties. They name the role only if Spring Boot has to
	 * connect as it.
	 */
	private static class RoleConnectionDetails {

		private final ObjectProvider<DataSource> application;

		private final @Nullable String url;

		private final @Nullable String user;

		private final @Nullable String password;

		private final @Nullable String driverClassName;

		RoleConnectionDetails(ObjectProvider<DataSource> application, @Nullable String url, @Nullable String user,
				@Nullable String password, @Nullable String driverClassName) {
			this.application = application;
			this.url = url;
			this.user = user;
			this.password = password;
			this.driverClassName = driverClassName;
		}

		/**
		 * Returns the application's data source for the role.
		 * @return {@code null} if no role is set, the tool has a URL of its own, or the
		 * data source is not Soong's
		 */
		final @Nullable DataSource dataSource() {
			DataSource application = (this.url == null && StringUtils.hasText(this.user))
					? this.application.getIfUnique() : null;
			SoongDataSource soong = (application != null)
					? DataSourceUnwrapper.unwrap(application, SoongDataSource.class) : null;
			return (soong != null && this.user != null)
					? soong.forRole(this.user, StringUtils.hasText(this.password) ? this.password : null) : null;
		}

		public @Nullable String getUsername() {
			return (StringUtils.hasText(this.user) && dataSource() == null) ? this.user : null;
		}

		public @Nullable String getPassword() {
			return this.password;
		}

		public @Nullable String getJdbcUrl() {
			return this.url;
		}

		public @Nullable String getDriverClassName() {
			return this.driverClassName;
		}

	}

}
