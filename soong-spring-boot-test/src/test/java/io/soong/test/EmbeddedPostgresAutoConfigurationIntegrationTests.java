package io.soong.test;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;

import javax.sql.DataSource;

import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link EmbeddedPostgresAutoConfiguration}, without Soong itself.
 */
class EmbeddedPostgresAutoConfigurationIntegrationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EmbeddedPostgresAutoConfiguration.class));

	private final ApplicationContextRunner withDatabase = this.contextRunner
		.withPropertyValues("spring.test.database.replace=connection");

	private final ApplicationContextRunner withIam = this.withDatabase.withPropertyValues("soong.test.iam=true");

	@Test
	void contextWhenNoTestDatabaseIsAskedForIsLeftAlone() {
		this.contextRunner.run((context) -> assertThat(context).doesNotHaveBean(JdbcConnectionDetails.class));
		this.contextRunner.withPropertyValues("spring.test.database.replace=none", "soong.test.iam=true")
			.run((context) -> {
				assertThat(context).doesNotHaveBean(RdsLookalike.class);
				assertThat(context.getEnvironment().containsProperty("spring.sql.init.mode")).isFalse();
			});
	}

	@Test
	void databaseIsOfItsContextAndGoesWithIt() {
		this.withDatabase.run((context) -> {
			JdbcConnectionDetails details = context.getBean(JdbcConnectionDetails.class);
			assertThat(context.getEnvironment().getProperty("spring.sql.init.mode")).isEqualTo("always");
			try (Connection left = connect(details)) {
				left.createStatement().execute("CREATE TABLE gizmos (id int)");
				this.withDatabase
					.run((other) -> assertThat(count(other.getBean(JdbcConnectionDetails.class))).isZero());
				assertThat(count(details)).isOne();
				context.close();
				assertThatExceptionOfType(SQLException.class).isThrownBy(() -> connect(details).close())
					.withMessageContaining("does not exist");
			}
		});
	}

	@Test
	void databaseWhenPropertiesSayOtherwiseKeepsScriptsOff() {
		this.withDatabase.withPropertyValues("spring.sql.init.mode=never")
			.run((context) -> assertThat(context.getEnvironment().getProperty("spring.sql.init.mode"))
				.isEqualTo("never"));
	}

	@Test
	void databaseWhenConnectionDetailsAreThereIsNotMade() {
		this.withDatabase.withBean("container", JdbcConnectionDetails.class, ContainerDetails::new)
			.run((context) -> assertThat(context.getBean(JdbcConnectionDetails.class))
				.isInstanceOf(ContainerDetails.class));
	}

	@Test
	void databaseWhenTheDataSourceIsTheApplicationsOwnStopsTheStart() {
		this.withDatabase.withUserConfiguration(OwnDataSource.class)
			.run((context) -> assertThat(context).getFailure()
				.hasMessageContaining("'production'")
				.hasMessageContaining("spring.test.database.replace=none"));
		this.contextRunner.withUserConfiguration(OwnDataSource.class)
			.withPropertyValues("spring.test.database.replace=none")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void iamGivesTheContextALookalikeAndItsProperties() {
		this.withIam.withBean("soongDataSource", PGSimpleDataSource.class)
			.withPropertyValues("soong.host=production", "soong.password=secret")
			.run((context) -> {
				RdsLookalike rds = context.getBean(RdsLookalike.class);
				assertThat(context).hasSingleBean(AwsCredentialsProvider.class);
				assertThat(context).doesNotHaveBean(JdbcConnectionDetails.class);
				assertThat(context.getEnvironment().getProperty("soong.host")).isEqualTo(rds.endpoint());
				assertThat(context.getEnvironment().getProperty("soong.dbname")).isEqualTo(rds.database());
				assertThat(context.getEnvironment().getProperty("soong.password")).isEmpty();
				context.close();
				assertThatExceptionOfType(SQLException.class).isThrownBy(rds::openAdminConnection)
					.withMessageContaining("refused");
			});
	}

	@Test
	void iamWithoutTheSdkLeavesCredentialsToTheApplication() {
		this.withIam.withBean("soongDataSource", PGSimpleDataSource.class)
			.withClassLoader(new FilteredClassLoader(AwsCredentialsProvider.class))
			.run((context) -> assertThat(context).hasSingleBean(RdsLookalike.class));
	}

	@Test
	void iamWhenSoongDoesNotLogInStopsTheStart() {
		this.withIam.run((context) -> assertThat(context).getFailure()
			.hasMessageContaining("soong.test.iam")
			.hasMessageContaining("spring.datasource.url"));
		this.withIam.withBean("soongDataSource", PGSimpleDataSource.class)
			.withBean("container", JdbcConnectionDetails.class, ContainerDetails::new)
			.run((context) -> assertThat(context).hasFailed());
	}

	private static Connection connect(JdbcConnectionDetails details) throws SQLException {
		return DriverManager.getConnection(details.getJdbcUrl(), details.getUsername(), details.getPassword());
	}

	private static int count(JdbcConnectionDetails details) throws SQLException {
		try (Connection connection = connect(details);
				ResultSet result = connection.createStatement()
					.executeQuery("SELECT count(*) FROM pg_tables WHERE tablename = 'gizmos'")) {
			result.next();
			return result.getInt(1);
		}
	}

	private static final class ContainerDetails implements JdbcConnectionDetails {

		@Override
		public String getUsername() {
			return "jane_doe";
		}

		@Override
		public String getPassword() {
			return "";
		}

		@Override
		public String getJdbcUrl() {
			return "jdbc:postgresql://localhost/gizmos";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDataSource {

		@Bean
		DataSource production() {
			return new PGSimpleDataSource();
		}

	}

}
