package io.soong.autoconfigure;

import java.sql.SQLException;
import java.util.List;

import io.soong.SharedRds;
import io.soong.auth.DatabaseCredentialsProvider;
import io.soong.jdbc.SoongDataSource;
import io.soong.sql.SoongTemplate;
import io.soong.test.Login;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.RdsUtilities;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class EarlyDataSourceIntegrationTests {

	private static final RdsLookalike rds = SharedRds.rds();

	private static int before;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SoongAutoConfiguration.class, SoongTemplateAutoConfiguration.class,
				JdbcTemplateAutoConfiguration.class))
		.withClassLoader(new FilteredClassLoader(RdsUtilities.class))
		.withPropertyValues("soong.host=" + rds.address(), "soong.port=" + rds.port(), "soong.dbname=" + rds.database(),
				"soong.user=bob", "soong.password=" + SharedRds.PASSWORD, "soong.ssl.mode=require",
				"soong.connection.eager=on");

	EarlyDataSourceIntegrationTests() {
		before = rds.logins().size();
	}

	@Test
	void connectionIsOpenedBeforeBeansAreCreatedAndIsTheOneThatIsUsed() {
		this.runner.withUserConfiguration(WaitsForLogin.class).run((context) -> {
			context.getBean(SoongTemplate.class).execute("SELECT 1");
			assertThat(since()).singleElement().extracting(Login::accepted).isEqualTo(true);
		});
	}

	@Test
	void connectionIsClosedWhenTheStartFails() {
		this.runner.withUserConfiguration(WaitsForLogin.class).withBean("broken", Object.class, () -> {
			throw new IllegalStateException("broken");
		}).run((context) -> {
			assertThat(context).hasFailed();
			await().until(() -> sessionsOfBob() == 0);
		});
	}

	@Test
	void credentialsOfABeanAreNotAnticipated() {
		this.runner.withPropertyValues("soong.password=wrong")
			.withBean(DatabaseCredentialsProvider.class, () -> SharedRds.password("bob", SharedRds.PASSWORD))
			.run((context) -> {
				context.getBean(SoongTemplate.class).execute("SELECT 1");
				assertThat(since()).singleElement().extracting(Login::accepted).isEqualTo(true);
			});
	}

	@Test
	void detailsOfABeanAreNotAnticipated() {
		this.runner.withBean(JdbcConnectionDetails.class, Details::new)
			.run((context) -> assertThat(context.getBean(EarlyDataSource.class).take()).isNull());
	}

	@Test
	void nothingIsOpenedForALazyBean() {
		this.runner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(context.getBean(EarlyDataSource.class).take()).isNull());
	}

	@Test
	void nothingIsOpenedWhereTheDataSourceIsTheApplications() {
		this.runner.withUserConfiguration(OwnDataSource.class)
			.run((context) -> assertThat(context.getBean(EarlyDataSource.class).take()).isNull());
	}

	@Test
	void mistakeInThePropertiesIsReportedByTheBean() {
		this.runner.withPropertyValues("soong.hostaddr=nowhere")
			.run((context) -> assertThat(context).getFailure()
				.hasRootCauseInstanceOf(InvalidSoongPropertyException.class));
	}

	private static List<Login> since() {
		List<Login> logins = rds.logins();
		return logins.subList(before, logins.size());
	}

	private static int sessionsOfBob() throws SQLException {
		try (var admin = rds.openAdminConnection();
				var sessions = admin.createStatement()
					.executeQuery("SELECT count(*) FROM pg_stat_activity WHERE usename = 'bob'")) {
			sessions.next();
			return sessions.getInt(1);
		}
	}

	/** Delays the start until a login. */
	@Configuration(proxyBeanMethods = false)
	static class WaitsForLogin {

		@Bean
		static BeanFactoryPostProcessor waitsForLogin() {
			return (beanFactory) -> await().until(() -> !since().isEmpty());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnDataSource {

		@Bean
		SoongDataSource soongDataSource() {
			return new SoongDataSource(SharedRds.settings().build(), SharedRds.iam());
		}

	}

	static class Details implements JdbcConnectionDetails {

		@Override
		public String getUsername() {
			return "bob";
		}

		@Override
		public String getPassword() {
			return SharedRds.PASSWORD;
		}

		@Override
		public String getJdbcUrl() {
			return "jdbc:postgresql://" + rds.address() + ":" + rds.port() + "/" + rds.database();
		}

	}

}
