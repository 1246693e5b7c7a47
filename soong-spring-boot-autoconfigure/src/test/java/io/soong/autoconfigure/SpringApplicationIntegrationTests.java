package io.soong.autoconfigure;

import java.util.HashMap;
import java.util.Map;

import io.soong.SharedRds;
import io.soong.sql.SoongTemplate;
import io.soong.test.Login;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * A Spring Boot application with the variables of a function on Lambda, and what Spring
 * Boot puts on top of the data source.
 */
class SpringApplicationIntegrationTests {

	private static final RdsLookalike rds = SharedRds.rds();

	private static ConfigurableApplicationContext context;

	private final SoongTemplate soong;

	private final JdbcTemplate jdbcTemplate;

	private final PlatformTransactionManager transactionManager;

	SpringApplicationIntegrationTests() {
		this.soong = context.getBean(SoongTemplate.class);
		this.jdbcTemplate = context.getBean(JdbcTemplate.class);
		this.transactionManager = context.getBean(PlatformTransactionManager.class);
	}

	@BeforeAll
	static void start() throws Exception {
		rds.execute("CREATE TABLE stars (name text PRIMARY KEY); GRANT ALL ON stars TO jane_doe");
		Map<String, Object> variables = new HashMap<>(rds.environment());
		variables.put("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001");
		variables.put("AWS_LAMBDA_FUNCTION_NAME", "stars");
		variables.put("AWS_LAMBDA_FUNCTION_VERSION", "7");
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new SystemEnvironmentPropertySource(
					StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
		SpringApplication application = new SpringApplication(Application.class);
		application.setEnvironment(environment);
		context = application.run();
	}

	@AfterAll
	static void stop() {
		context.close();
	}

	@BeforeEach
	void empty() {
		this.soong.execute("TRUNCATE stars");
	}

	@Test
	void everybodyUsesTheOneConnectionThatLoggedInByIam() {
		String backend = "SELECT pg_backend_pid()";
		Integer pid = this.jdbcTemplate.queryForObject(backend, Integer.class);
		assertThat(this.soong.query(Integer.class, backend)).containsExactly(pid);
		assertThat(context.getBean(JdbcClient.class).sql(backend).query(Integer.class).single()).isEqualTo(pid);
		assertThat(rds.logins()).last().satisfies((login) -> {
			assertThat(login.method()).isEqualTo(Login.Method.IAM_TOKEN);
			assertThat(login.accepted()).isTrue();
		});
		assertThat(this.soong.query(String.class, "SHOW application_name")).containsExactly("stars:7");
	}

	@Test
	void transactionOfSpringIsJoinedAndRolledBack() {
		assertThatIllegalStateException()
			.isThrownBy(() -> new TransactionTemplate(this.transactionManager).executeWithoutResult((status) -> {
				this.soong.insert("stars", Map.of("name", "Sirius"));
				this.soong.inTransaction(() -> {
					this.soong.insert("stars", Map.of("name", "Vega"));
				});
				assertThat(this.soong.select("stars").count()).isEqualTo(2);
				throw new IllegalStateException("roll back");
			}));
		assertThat(this.soong.select("stars").count()).isZero();
	}

	@Test
	void transactionWhenSuspendedForAnotherFailsAtOnceAndRollsBack() {
		TransactionTemplate another = new TransactionTemplate(this.transactionManager);
		another.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		assertThatThrownBy(() -> this.soong.inTransaction(() -> {
			this.soong.insert("stars", Map.of("name", "Sirius"));
			another.executeWithoutResult((status) -> this.soong.insert("stars", Map.of("name", "Vega")));
		})).hasStackTraceContaining("soong.connection.max");
		assertThat(this.soong.select("stars").count()).isZero();
	}

	@Test
	void transactionWhenReadOnlyRefusesToWriteAndKeepsTheConnection() {
		Integer pid = this.jdbcTemplate.queryForObject("SELECT pg_backend_pid()", Integer.class);
		TransactionTemplate readOnly = new TransactionTemplate(this.transactionManager);
		readOnly.setReadOnly(true);
		assertThatThrownBy(
				() -> readOnly.executeWithoutResult((status) -> this.soong.insert("stars", Map.of("name", "Sirius"))))
			.hasStackTraceContaining("read-only");
		assertThat(this.soong.insert("stars", Map.of("name", "Sirius"))).isOne();
		assertThat(this.jdbcTemplate.queryForObject("SELECT pg_backend_pid()", Integer.class)).isEqualTo(pid);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		AwsCredentialsProvider awsCredentials() {
			return () -> AwsSessionCredentials.create(rds.environment().get("AWS_ACCESS_KEY_ID"),
					rds.environment().get("AWS_SECRET_ACCESS_KEY"), rds.environment().get("AWS_SESSION_TOKEN"));
		}

	}

}
