package io.soong.autoconfigure;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.soong.SharedRds;
import io.soong.jdbc.SoongDataSource;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * {@code soong.doctor=true}, within this JVM and in one of its own.
 */
@Timeout(180)
class DoctorIntegrationTests {

	private final RdsLookalike rds = SharedRds.rds();

	@Test
	void settingsAreShownWithTheirOriginAndWithoutThePassword() {
		Map<String, Object> variables = variables();
		variables.put("PG_USER", "bob");
		variables.put("PG_PASSWORD", SharedRds.PASSWORD);
		variables.put("SOONG_USER", "bob");
		Run run = run(variables, "--soong.user=bob", "--soong.auth=password", "--soong.dbname=" + this.rds.database());
		assertThat(run.exitCode).as(run.text).isZero();
		assertThat(run.text).containsPattern("settings +passed +database " + this.rds.endpoint())
			.containsPattern("soong.host " + this.rds.endpoint() + ", from System Environment Property \"PG_HOST\"")
			.containsPattern(
					"soong.ssl.root-cert +file:/\\S+\\.pem, from System Environment Property \"PG_SSLROOTCERT\"")
			.containsPattern("soong.password +\\*{6}, from System Environment Property \"PG_PASSWORD\"")
			.containsPattern("soong.user +bob, from \"soong.user\" from property source \"commandLineArgs\"")
			.contains("All steps passed")
			.doesNotContain(SharedRds.PASSWORD);
	}

	@Test
	void settingWhenItOverridesAnotherSaysSo() {
		Map<String, Object> variables = variables();
		variables.put("SOONG_USER", "jane_doe");
		variables.put("PG_USER", "bob");
		Run run = run(variables, "--soong.auth=iam");
		assertThat(run.text).containsPattern(
				"soong.user +jane_doe, from System Environment Property \"SOONG_USER\"; overrides System Environment "
						+ "Property \"PG_USER\"");
		assertThat(run.exitCode).as(run.text).isZero();
	}

	@Test
	void settingsWhenTheyContradictEachOtherFail() {
		Map<String, Object> variables = variables();
		variables.put("PG_PASSWORD", SharedRds.PASSWORD);
		Run run = run(variables, "--soong.auth=iam");
		assertThat(run.exitCode).isOne();
		assertThat(run.text).containsPattern("settings +failed +The property soong.password comes from")
			.contains("it contradicts soong.auth=iam", "Fix: Remove the password, or set soong.auth=password",
					"Failed: settings")
			.containsPattern("dns +skipped +needs settings")
			.doesNotContain(SharedRds.PASSWORD);
	}

	@Test
	void urlInPlaceOfAHostIsShownWithoutItsPassword() {
		Run run = run(variables(), "--soong.host=postgresql://bob:" + SharedRds.PASSWORD + "@db.example.com/x",
				"--soong.auth=iam");
		assertThat(run.exitCode).isOne();
		assertThat(run.text).containsPattern("settings +failed").doesNotContain(SharedRds.PASSWORD);
	}

	@Test
	void valueWhenOfAnotherTypeFails() {
		Run run = run(variables(), "--soong.port=s3cret", "--soong.auth=iam");
		assertThat(run.exitCode).isOne();
		assertThat(run.text).contains("The property soong.port has a value of the wrong type");
	}

	@Test
	void dataSourceWhenLeftToBootFails() {
		Map<String, Object> variables = variables();
		variables.remove("PG_HOST");
		Run run = run(variables, "--spring.datasource.url=jdbc:postgresql://db.example.com/x",
				"--spring.datasource.password=" + SharedRds.PASSWORD);
		assertThat(run.exitCode).isOne();
		assertThat(run.text).contains("Soong configured no data source", "Set soong.host (PG_HOST)")
			.doesNotContain(SharedRds.PASSWORD);
	}

	@Test
	void grantsAreThoseOfTheTablesNamed() throws Exception {
		this.rds.execute("CREATE TABLE beds (id int)");
		try {
			Map<String, Object> variables = variables();
			variables.put("SOONG_DOCTOR_TABLES", "beds,nowhere");
			Run run = run(variables, "--soong.auth=iam");
			assertThat(run.exitCode).isOne();
			assertThat(run.text).containsPattern("grants +failed +\"public\".\"beds\": missing SELECT, INSERT")
				.contains("\"nowhere\": there is no such table",
						"Fix: GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE \"public\".\"beds\" TO \"jane_doe\"");
		}
		finally {
			this.rds.execute("DROP TABLE beds");
		}
	}

	@Test
	void tableWithACommaInItsNameIsOne() throws Exception {
		this.rds.execute("CREATE TABLE \"a,b\" (id int); CREATE TABLE beds (id int); "
				+ "GRANT ALL ON \"a,b\", beds TO jane_doe");
		try {
			Run run = run(variables(), "--soong.auth=iam", "--soong.doctor.tables=\"a,b\", beds,public.\"a,b\"");
			assertThat(run.exitCode).as(run.text).isZero();
			assertThat(run.text).containsPattern("grants +passed +\"public\".\"a,b\": SELECT, INSERT")
				.contains(" \"public\".\"beds\": SELECT, INSERT");
			Run list = run(variables(), "--soong.auth=iam", "--soong.doctor.tables[0]=a,b",
					"--soong.doctor.tables[1]=beds");
			assertThat(list.exitCode).as(list.text).isZero();
			assertThat(list.text).contains("\"public\".\"a,b\": SELECT", "\"public\".\"beds\": SELECT");
		}
		finally {
			this.rds.execute("DROP TABLE \"a,b\", beds");
		}
	}

	@Test
	void applicationWhenNotAskedStartsWithoutTheDoctor() throws Exception {
		Finished finished = spawn(Map.of("SOONG_AUTH", "iam"), "-Xlog:class+load:stdout", "--soong.doctor=false");
		assertThat(finished.exitCode).isZero();
		assertThat(finished.output.lines().filter((line) -> line.contains(" io.soong.")))
			.anyMatch((line) -> line.contains(" io.soong.jdbc.SoongDataSource "))
			.noneMatch((line) -> line.replace("DoctorIntegrationTests", "").contains("Doctor"));
	}

	@Test
	void programWhenAllIsWellEndsWithZero() throws Exception {
		Finished finished = spawn(Map.of("SOONG_DOCTOR", "true", "SOONG_AUTH", "iam"), "-Dspring.aot.enabled=false");
		assertThat(finished.exitCode).as(finished.output).isZero();
		assertThat(finished.output).contains("All steps passed").doesNotContain("a bean connected");
	}

	@Test
	void programWhenAStepFailsEndsWithOneBeforeABeanConnects() throws Exception {
		Finished finished = spawn(Map.of("SOONG_DOCTOR", "true", "SOONG_AUTH", "iam", "PG_USER", "bob"),
				"-Dspring.aot.enabled=false");
		assertThat(finished.exitCode).as(finished.output).isOne();
		assertThat(finished.output).containsPattern("login +failed")
			.contains("GRANT rds_iam TO \"bob\"")
			.doesNotContain("a bean connected", "APPLICATION FAILED TO START")
			.doesNotContain(this.rds.environment().get("AWS_SECRET_ACCESS_KEY"))
			.doesNotContain(this.rds.environment().get("AWS_SESSION_TOKEN"))
			.doesNotContain("X-Amz-");
	}

	@Test
	void testIsNotEnded() {
		SpringApplication application = application(variables(), Clinic.class);
		application.setWebApplicationType(WebApplicationType.SERVLET);
		assertThatThrownBy(() -> application.run("--soong.doctor=true", "--soong.auth=iam"))
			.isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("soong.doctor=true would end the program with 0, and with it the tests")
			.hasMessageContaining("Remove soong.doctor (SOONG_DOCTOR)");
		// The beans of a web server would be created before the doctor runs
		assertThat(application.getWebApplicationType()).isEqualTo(WebApplicationType.NONE);
	}

	@Test
	void dataSourcesWhenSeveralAreNamed() {
		Run run = run(variables(), Branches.class, "--soong.auth=iam");
		assertThat(run.exitCode).isOne();
		assertThat(run.text)
			.containsPattern("several data sources, and none of them is primary: (east, west|west, east)")
			.contains("Fix: Declare the one to check as @Primary");
	}

	private Map<String, Object> variables() {
		return new HashMap<>(this.rds.environment());
	}

	/**
	 * Runs an application in this JVM. What would end it throws.
	 */
	private static Run run(Map<String, Object> variables, String... arguments) {
		return run(variables, Clinic.class, arguments);
	}

	private static Run run(Map<String, Object> variables, Class<?> configuration, String... arguments) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		SpringApplication application = application(variables, configuration);
		application
			.addInitializers(new DoctorInitializer(new PrintStream(out, true, StandardCharsets.UTF_8), (code) -> {
				throw new Ended(code);
			}));
		Ended[] ended = new Ended[1];
		assertThatThrownBy(() -> application.run(arguments)).isInstanceOfSatisfying(Ended.class,
				(end) -> ended[0] = end);
		return new Run(ended[0].code, out.toString(StandardCharsets.UTF_8));
	}

	private static SpringApplication application(Map<String, Object> variables, Class<?> configuration) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new SystemEnvironmentPropertySource(
					StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
		SpringApplication application = new SpringApplication(configuration, Pharmacy.class);
		application.setEnvironment(environment);
		return application;
	}

	private Finished spawn(Map<String, String> variables, String option, String... arguments) throws Exception {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						option, "-cp", System.getProperty("java.class.path"), Clinic.class.getName()));
		command.addAll(List.of(arguments));
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
		builder.environment().putAll(this.rds.environment());
		builder.environment().putAll(variables);
		File output = File.createTempFile("doctor", ".txt");
		try {
			Process process = builder.redirectOutput(output).start();
			if (!process.waitFor(120, TimeUnit.SECONDS)) {
				process.destroyForcibly();
			}
			return new Finished(process.waitFor(), Files.readString(output.toPath()));
		}
		finally {
			assertThat(output.delete()).isTrue();
		}
	}

	private record Run(int exitCode, String text) {

	}

	private record Finished(int exitCode, String output) {

	}

	private static final class Ended extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private final int code;

		Ended(int code) {
			this.code = code;
		}

	}

	/**
	 * Supplies the credentials that a function's role has.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Pharmacy {

		@Bean
		AwsCredentialsProvider awsCredentials() {
			return SharedRds::awsCredentials;
		}

	}

	/**
	 * An application with two data sources.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Branches {

		@Bean
		SoongDataSource east() {
			return new SoongDataSource(SharedRds.settings().build(), SharedRds.iam());
		}

		@Bean
		SoongDataSource west() {
			return new SoongDataSource(SharedRds.settings().build(), SharedRds.iam());
		}

	}

	/**
	 * An application with a bean that connects when it is created, as a migration does.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Clinic {

		public static void main(String[] arguments) {
			SpringApplication.run(Clinic.class, arguments);
		}

		@Bean
		InitializingBean connecting(SoongDataSource dataSource) {
			return () -> {
				dataSource.getConnection().close();
				System.out.println("a bean connected");
			};
		}

	}

}
