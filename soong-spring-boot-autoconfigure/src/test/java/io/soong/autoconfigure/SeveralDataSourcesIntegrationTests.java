package io.soong.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import javax.sql.DataSource;

import io.soong.SharedRds;
import io.soong.jdbc.SoongDataSource;
import io.soong.sql.SoongTemplate;
import io.soong.test.HostsFile;
import io.soong.test.LambdaRuntime;
import io.soong.test.Login;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A data source beside the auto-configured one, and that one where it lends lazily.
 */
class SeveralDataSourcesIntegrationTests {

	private static final String BACKEND = "SELECT pg_backend_pid()";

	private final RdsLookalike rds = SharedRds.rds();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SoongAutoConfiguration.class, SoongTemplateAutoConfiguration.class,
				DataSourceAutoConfiguration.class, JdbcTemplateAutoConfiguration.class,
				DataSourceTransactionManagerAutoConfiguration.class))
		.withPropertyValues("soong.host=" + this.rds.address(), "soong.port=" + this.rds.port(),
				"soong.dbname=" + this.rds.database(), "soong.user=bob", "soong.password=" + SharedRds.PASSWORD,
				"soong.ssl.mode=require");

	@Test
	void eachDataSourceHasItsConnectionAndTransactions() {
		this.runner.withUserConfiguration(Reader.class).withPropertyValues("reader.host=localhost").run((context) -> {
			SoongTemplate writer = context.getBean(SoongTemplate.class);
			SoongTemplate reader = context.getBean("readerTemplate", SoongTemplate.class);
			Integer backend = reader.query(Integer.class, BACKEND).get(0);
			writer.inTransaction(() -> {
				assertThat(writer.query(Integer.class, BACKEND)).doesNotContain(backend);
				reader.inTransaction(() -> assertThat(reader.query(Integer.class, BACKEND)).containsExactly(backend));
			});
		});
	}

	@Test
	void snapshotHoldsNoConnectionOfEither() throws Exception {
		try (HostsFile names = HostsFile.create();
				RdsLookalike rds = RdsLookalike.builder().names(names).iamUser("jane_doe").start();
				LambdaRuntime function = LambdaRuntime.builder()
					.classPath(System.getProperty("java.class.path"))
					.handler("io.soong.lambda.SoongFunctionInvoker")
					.environment("MAIN_CLASS", Application.class.getName())
					.environment(rds.environment())
					.environment("READER_HOST", rds.endpoint())
					.addJvmOptions(names.jvmOption())
					.credentials(rds::environment)
					.timeout(Duration.ofSeconds(30))
					.snapshot()) {
			assertThat(rds.logins()).as("logins before the snapshot").hasSizeGreaterThanOrEqualTo(2);
			assertThat(rds.killConnections()).as("sessions at the snapshot").isZero();
			rds.rotateCredentials();
			int before = rds.logins().size();
			function.restore();
			assertThat(function.invoke("\"session_user\"").payload()).isEqualTo("\"jane_doe jane_doe\"");
			assertThat(rds.logins()).hasSize(before + 2).allMatch(Login::accepted);
		}
	}

	@Test
	void transactionWhenConnectionsAreFetchedLazilyLogsInWithItsFirstStatement() {
		this.runner.withPropertyValues("spring.datasource.connection-fetch=lazy").run((context) -> {
			int before = this.rds.logins().size();
			TransactionTemplate transaction = new TransactionTemplate(
					context.getBean(PlatformTransactionManager.class));
			SoongTemplate soong = context.getBean(SoongTemplate.class);
			transaction.executeWithoutResult((status) -> assertThat(status.isNewTransaction()).isTrue());
			assertThat(this.rds.logins()).hasSize(before);
			soong.execute("DROP TABLE IF EXISTS asteroids");
			soong.execute("CREATE TABLE asteroids (name text)");
			transaction.executeWithoutResult((status) -> {
				soong.insertAll("asteroids", List.of(Map.of("name", "Ceres"), Map.of("name", "Vesta")));
				status.setRollbackOnly();
			});
			assertThat(soong.select("asteroids").count()).isZero();
			transaction.setIsolationLevel(TransactionDefinition.ISOLATION_SERIALIZABLE);
			transaction.setReadOnly(true);
			transaction.executeWithoutResult((status) -> {
				assertThat(soong.query(String.class, "SHOW transaction_isolation")).containsExactly("serializable");
				assertThat(soong.query(String.class, "SHOW transaction_read_only")).containsExactly("on");
			});
			assertThat(soong.query(String.class, "SHOW transaction_isolation")).containsExactly("read committed");
			soong.execute("DROP TABLE asteroids");
			assertThat(this.rds.logins()).hasSize(before + 1);
			assertThat(context.getBean(DataSource.class).unwrap(SoongDataSource.class)).isNotNull();
		});
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Reader.class)
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class Reader {

		@Bean(defaultCandidate = false)
		@Qualifier("reader")
		SoongDataSource readerDataSource(SoongDataSource dataSource, @Value("${reader.host}") String host) {
			return dataSource.forHost(host);
		}

		@Bean(defaultCandidate = false)
		@Qualifier("reader")
		SoongTemplate readerTemplate(@Qualifier("reader") SoongDataSource dataSource) {
			return new SoongTemplate(new JdbcTemplate(dataSource));
		}

		/**
		 * Uses both while the application starts.
		 */
		@Bean
		Function<String, String> who(SoongTemplate writer, @Qualifier("reader") SoongTemplate reader) {
			Function<String, String> function = (
					expression) -> writer.query(String.class, "SELECT " + expression).get(0) + " "
							+ reader.query(String.class, "SELECT " + expression).get(0);
			assertThat(function.apply("session_user")).isNotBlank();
			return function;
		}

	}

}
