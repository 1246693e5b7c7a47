package io.soong.autoconfigure;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import io.soong.auth.DatabaseCredentials;
import io.soong.auth.DatabaseCredentialsProvider;
import io.soong.sql.SoongTemplate;
import io.soong.test.Login;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.Driver;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Migrations by a role other than the application's.
 */
class SoongMigrationIntegrationTests {

	private static final String PASSWORD = "s3cret-of-owner";

	private static final Class<?>[] AUTO_CONFIGURATIONS = { SoongAutoConfiguration.class,
			SoongMigrationAutoConfiguration.class, SoongTemplateAutoConfiguration.class,
			DataSourceAutoConfiguration.class, JdbcTemplateAutoConfiguration.class,
			DataSourceInitializationAutoConfiguration.class, FlywayAutoConfiguration.class,
			LiquibaseAutoConfiguration.class };

	private static RdsLookalike rds;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(AUTO_CONFIGURATIONS))
		.withBean(AwsCredentialsProvider.class, SoongMigrationIntegrationTests::awsCredentials)
		.withPropertyValues(properties());

	private int loginsBefore;

	@BeforeAll
	static void start() {
		rds = RdsLookalike.builder()
			.iamUser("jane_doe")
			.iamUser("migrator")
			.passwordUser("bob", PASSWORD)
			.passwordUser("owner", PASSWORD)
			.start();
	}

	@AfterAll
	static void stop() {
		rds.close();
	}

	@BeforeEach
	void empty() throws SQLException {
		rds.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT ALL ON SCHEMA public TO PUBLIC;"
				+ " ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO PUBLIC");
		this.loginsBefore = rds.logins().size();
	}

	@ParameterizedTest
	@EnumSource
	void roleOfItsOwnMigratesByIamAndLeavesNoSession(Tool tool) {
		this.runner.withPropertyValues(tool.enabled()).withPropertyValues(tool.user + "=migrator").run((context) -> {
			assertThat(owner(tool)).isEqualTo("migrator");
			assertThat(sessions("migrator")).isZero();
			assertThat(context.getBean(SoongTemplate.class).query(String.class, "SELECT session_user"))
				.containsExactly("jane_doe");
			assertThat(logins("migrator")).isNotEmpty().allSatisfy((login) -> {
				assertThat(login.accepted()).isTrue();
				assertThat(login.method()).isEqualTo(Login.Method.IAM_TOKEN);
				assertThat(login.tlsProtocol()).isEqualTo("TLSv1.3");
			});
		});
	}

	@ParameterizedTest
	@EnumSource
	void roleWithAPasswordMigratesByThatThoughTheApplicationLogsInByIam(Tool tool) {
		this.runner.withPropertyValues(tool.enabled())
			.withPropertyValues(tool.user + "=owner", tool.password + "=" + PASSWORD)
			.run((context) -> {
				assertThat(owner(tool)).isEqualTo("owner");
				assertThat(sessions("owner")).isZero();
				assertThat(logins("owner")).isNotEmpty()
					.allMatch((login) -> login.accepted() && login.method() == Login.Method.PASSWORD);
			});
	}

	@ParameterizedTest
	@EnumSource
	void roleWithoutAPasswordHasThatOfTheApplication(Tool tool) {
		this.runner.withPropertyValues(tool.enabled())
			.withPropertyValues("soong.auth=password", "soong.user=bob", "soong.password=" + PASSWORD,
					tool.user + "=owner")
			.run((context) -> {
				assertThat(owner(tool)).isEqualTo("owner");
				assertThat(sessions("owner")).isZero();
			});
	}

	@ParameterizedTest
	@EnumSource
	void migrationWhenNoRoleIsSetUsesTheOneConnection(Tool tool) {
		for (String user : List.of("", " ")) {
			this.runner.withPropertyValues(tool.enabled())
				.withPropertyValues(tool.user + "=" + user)
				.run((context) -> assertThat(context).hasNotFailed());
		}
		assertThat(owner(tool)).isEqualTo("jane_doe");
		assertThat(rds.logins().subList(this.loginsBefore, rds.logins().size())).hasSize(2)
			.allMatch((login) -> login.user().equals("jane_doe"));
	}

	@ParameterizedTest
	@EnumSource
	void roleThatTheProviderDoesNotKnowStopsTheStart(Tool tool) {
		this.runner
			.withBean(DatabaseCredentialsProvider.class, () -> (endpoint) -> new DatabaseCredentials("bob", PASSWORD))
			.withPropertyValues(tool.enabled())
			.withPropertyValues(tool.user + "=owner")
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("was asked for the role 'owner'")
				.hasStackTraceContaining("returned credentials of 'bob'"));
		assertThat(owner(tool)).isEqualTo("none");
	}

	@Test
	@CompileWithForkedClassLoader
	void roleThatIsSetWhereAnAotProcessedApplicationRunsMigrates() {
		processAheadOfTime((initializer) -> {
			try (GenericApplicationContext context = new GenericApplicationContext()) {
				TestPropertyValues values = TestPropertyValues.of(properties()).and(enabled(Set.of(Tool.values())));
				for (Tool tool : Tool.values()) {
					values = values.and(tool.user + "=migrator");
				}
				values.applyTo(context);
				initializer.initialize(context);
				context.refresh();
				assertThat(Tool.values()).extracting(SoongMigrationIntegrationTests::owner).containsOnly("migrator");
				assertThat(sessions("migrator")).isZero();
			}
		});
	}

	@Test
	void urlOfFlywayItselfIsLeftToBoot() {
		this.runner.withPropertyValues(Tool.FLYWAY.enabled())
			.withPropertyValues("spring.flyway.url=jdbc:postgresql://" + rds.address() + ":" + rds.port() + "/"
					+ rds.database() + "?sslmode=require", "spring.flyway.user=owner",
					"spring.flyway.password=" + PASSWORD)
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(owner(Tool.FLYWAY)).isEqualTo("owner");
	}

	@ParameterizedTest
	@EnumSource
	void roleWhenTheDataSourceIsTheApplicationsOwnIsLeftToBoot(Tool tool) {
		this.runner
			.withBean(SimpleDriverDataSource.class,
					() -> new SimpleDriverDataSource(new Driver(),
							"jdbc:postgresql://" + rds.address() + ":" + rds.port() + "/" + rds.database()
									+ "?sslmode=require",
							"bob", PASSWORD))
			.withPropertyValues(tool.enabled())
			.withPropertyValues(tool.user + "=owner", tool.password + "=" + PASSWORD)
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(owner(tool)).isEqualTo("owner");
	}

	private static void processAheadOfTime(Started started) {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			TestPropertyValues.of(enabled(Set.of(Tool.values()))).applyTo(context);
			context.register(AwsCredentials.class);
			context.register(AUTO_CONFIGURATIONS);
			TestGenerationContext generated = new TestGenerationContext(SoongMigrationIntegrationTests.class);
			var initializer = new ApplicationContextAotGenerator().processAheadOfTime(context, generated);
			generated.writeGeneratedContent();
			TestCompiler.forSystem().with(generated).compile((compiled) -> {
				@SuppressWarnings("unchecked")
				ApplicationContextInitializer<GenericApplicationContext> instance = compiled
					.getInstance(ApplicationContextInitializer.class, initializer.reflectionName());
				started.with(instance);
			});
		}
	}

	private static String[] properties() {
		return new String[] { "soong.auth=iam", "soong.host=" + rds.endpoint(), "soong.hostaddr=" + rds.address(),
				"soong.port=" + rds.port(), "soong.dbname=" + rds.database(), "soong.user=jane_doe",
				"soong.iam.region=" + rds.region(), "soong.ssl.root-cert=file:" + rds.caCertificate(),
				"spring.flyway.postgresql.transactional-lock=false" };
	}

	private static String[] enabled(Set<Tool> tools) {
		return new String[] { "spring.flyway.enabled=" + tools.contains(Tool.FLYWAY),
				"spring.flyway.locations=classpath:migrations", "spring.flyway.baseline-on-migrate=true",
				"spring.flyway.baseline-version=0", "spring.liquibase.enabled=" + tools.contains(Tool.LIQUIBASE),
				"spring.liquibase.change-log=classpath:migrations/changelog.sql",
				"spring.sql.init.mode=" + (tools.contains(Tool.SCRIPTS) ? "always" : "never"),
				"spring.sql.init.schema-locations=classpath:migrations/schema.sql" };
	}

	private static AwsCredentialsProvider awsCredentials() {
		return () -> AwsSessionCredentials.create(rds.environment().get("AWS_ACCESS_KEY_ID"),
				rds.environment().get("AWS_SECRET_ACCESS_KEY"), rds.environment().get("AWS_SESSION_TOKEN"));
	}

	private static String owner(Tool tool) {
		return ask("SELECT coalesce(max(tableowner), 'none') FROM pg_tables WHERE tablename = '" + tool.table + "'");
	}

	/**
	 * The server notices the end of a session a moment after its client.
	 */
	private static int sessions(String user) {
		int sessions = -1;
		long giveUp = System.nanoTime() + 10_000_000_000L;
		while (sessions != 0 && System.nanoTime() < giveUp) {
			sessions = Integer.parseInt(ask("SELECT count(*) FROM pg_stat_activity WHERE usename = '" + user + "'"));
		}
		return sessions;
	}

	private static String ask(String sql) {
		try (Connection admin = rds.openAdminConnection();
				Statement statement = admin.createStatement();
				ResultSet resultSet = statement.executeQuery(sql)) {
			resultSet.next();
			return resultSet.getString(1);
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private List<Login> logins(String user) {
		Stream<Login> logins = rds.logins().stream().skip(this.loginsBefore);
		return logins.filter((login) -> login.user().equals(user)).toList();
	}

	/**
	 * What migrates, and what tells it the role.
	 */
	private enum Tool {

		FLYWAY("planets", "spring.flyway.user", "spring.flyway.password"),

		LIQUIBASE("moons", "spring.liquibase.user", "spring.liquibase.password"),

		SCRIPTS("comets", "spring.sql.init.username", "spring.sql.init.password");

		private final String table;

		private final String user;

		private final String password;

		Tool(String table, String user, String password) {
			this.table = table;
			this.user = user;
			this.password = password;
		}

		String[] enabled() {
			return SoongMigrationIntegrationTests.enabled(Set.of(this));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class AwsCredentials {

		@Bean
		AwsCredentialsProvider credentials() {
			return awsCredentials();
		}

	}

	@FunctionalInterface
	private interface Started {

		void with(ApplicationContextInitializer<GenericApplicationContext> initializer);

	}

}
