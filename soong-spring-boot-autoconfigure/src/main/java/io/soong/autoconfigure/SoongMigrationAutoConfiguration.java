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
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
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
 * Auto-configuration of migrations that have a role of their own:
 * {@code spring.flyway.user}, {@code spring.liquibase.user} and
 * {@code spring.sql.init.username}. Spring Boot would derive a data source with that name
 * and a password from the URL of the application's, and Soong's has none: it may log in
 * by IAM. Whether a role is set is decided at run time, so that an application processed
 * ahead of time can be told by its environment.
 */
@AutoConfiguration(after = SoongAutoConfiguration.class, before = DataSourceInitializationAutoConfiguration.class,
		beforeName = { "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
				"org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration" },
		afterName = "org.springframework.boot.testcontainers.service.connection.ServiceConnectionAutoConfiguration")
@ConditionalOnBooleanProperty(name = "soong.enabled", matchIfMissing = true)
@ConditionalOnBean(SoongDataSource.class)
public final class SoongMigrationAutoConfiguration {

	/**
	 * Returns the application's data source as a role sees it.
	 * @return {@code null} if no role is set, or the data source is not Soong's
	 */
	private static @Nullable DataSource ofRole(@Nullable DataSource dataSource, @Nullable String user,
			@Nullable String password) {
		SoongDataSource soong = (dataSource != null && StringUtils.hasText(user))
				? DataSourceUnwrapper.unwrap(dataSource, SoongDataSource.class) : null;
		return (soong != null && user != null) ? soong.forRole(user, StringUtils.hasText(password) ? password : null)
				: null;
	}

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
		 * Before the application's own, which may know better.
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
	 * The properties' own details, except the role, which is that of Soong's data source.
	 */
	static final class RoleFlywayConnectionDetails implements FlywayConnectionDetails {

		private final FlywayProperties properties;

		private final ObjectProvider<DataSource> dataSource;

		RoleFlywayConnectionDetails(FlywayProperties properties, ObjectProvider<DataSource> dataSource) {
			this.properties = properties;
			this.dataSource = dataSource;
		}

		@Nullable DataSource dataSource() {
			return (getJdbcUrl() == null)
					? ofRole(this.dataSource.getIfUnique(), this.properties.getUser(), this.properties.getPassword())
					: null;
		}

		@Override
		public @Nullable String getUsername() {
			String user = this.properties.getUser();
			return (StringUtils.hasText(user) && dataSource() == null) ? user : null;
		}

		@Override
		public @Nullable String getPassword() {
			return this.properties.getPassword();
		}

		@Override
		public @Nullable String getJdbcUrl() {
			return this.properties.getUrl();
		}

		@Override
		public @Nullable String getDriverClassName() {
			return this.properties.getDriverClassName();
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
	 * The properties' own details, except the role, which is that of Soong's data source.
	 */
	static final class RoleLiquibaseConnectionDetails implements LiquibaseConnectionDetails {

		private final LiquibaseProperties properties;

		private final ObjectProvider<DataSource> dataSource;

		RoleLiquibaseConnectionDetails(LiquibaseProperties properties, ObjectProvider<DataSource> dataSource) {
			this.properties = properties;
			this.dataSource = dataSource;
		}

		@Nullable DataSource dataSource() {
			return (getJdbcUrl() == null)
					? ofRole(this.dataSource.getIfUnique(), this.properties.getUser(), this.properties.getPassword())
					: null;
		}

		@Override
		public @Nullable String getUsername() {
			String user = this.properties.getUser();
			return (StringUtils.hasText(user) && dataSource() == null) ? user : null;
		}

		@Override
		public @Nullable String getPassword() {
			return this.properties.getPassword();
		}

		@Override
		public @Nullable String getJdbcUrl() {
			return this.properties.getUrl();
		}

		@Override
		public @Nullable String getDriverClassName() {
			String driverClassName = this.properties.getDriverClassName();
			return (driverClassName != null) ? driverClassName : LiquibaseConnectionDetails.super.getDriverClassName();
		}

	}

	/**
	 * Gives Spring Boot's {@link SpringLiquibase} the role's data source before it
	 * migrates.
	 */
	static final class RoleLiquibasePostProcessor implements BeanPostProcessor {

		private final ObjectProvider<RoleLiquibaseConnectionDetails> details;

		private final ObjectProvider<DataSource> dataSource;

		RoleLiquibasePostProcessor(ObjectProvider<RoleLiquibaseConnectionDetails> details,
				ObjectProvider<DataSource> dataSource) {
			this.details = details;
			this.dataSource = dataSource;
		}

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
		ApplicationDataSourceScriptDatabaseInitializer dataSourceScriptDatabaseInitializer(DataSource dataSource,
				SqlInitializationProperties properties) {
			DataSource role = ofRole(dataSource, properties.getUsername(), properties.getPassword());
			return new ApplicationDataSourceScriptDatabaseInitializer((role != null) ? role : dataSource, properties);
		}

	}

}
