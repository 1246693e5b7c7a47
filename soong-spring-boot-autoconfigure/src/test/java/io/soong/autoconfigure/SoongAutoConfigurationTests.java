package io.soong.autoconfigure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.sql.DataSource;

import com.sun.net.httpserver.HttpServer;
import io.soong.auth.DatabaseCredentials;
import io.soong.auth.DatabaseCredentialsProvider;
import io.soong.auth.DatabaseEndpoint;
import io.soong.auth.RdsIamCredentialsProvider;
import io.soong.jdbc.ConnectionSettings;
import io.soong.jdbc.ConnectionSettings.SslMode;
import io.soong.jdbc.SoongConnectionException;
import io.soong.jdbc.SoongDataSource;
import io.soong.lambda.SoongFunctionInvoker;
import io.soong.sql.SoongTemplate;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.util.Throwables;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsUtilities;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.transaction.PlatformTransactionManager;

import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@ExtendWith(OutputCaptureExtension.class)
class SoongAutoConfigurationTests {

	private static final String RDS = "gizmos.c0ffee123456.eu-central-1.rds.amazonaws.com";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SoongAutoConfiguration.class, SoongTemplateAutoConfiguration.class,
				DataSourceAutoConfiguration.class, JdbcTemplateAutoConfiguration.class,
				DataSourceTransactionManagerAutoConfiguration.class, SslAutoConfiguration.class));

	@Test
	void beansWhenNothingIsSetAreThere() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(DataSource.class)
				.hasSingleBean(SoongDataSource.class)
				.hasSingleBean(SoongTemplate.class)
				.hasSingleBean(JdbcTemplate.class)
				.hasSingleBean(PlatformTransactionManager.class);
			assertThat(dataSource(context)).hasToString("SoongDataSource[localhost:5432/default]");
			assertThat(dataSource(context).settings().sslMode()).isEqualTo(SslMode.PREFER);
			assertThat(dataSource(context).settings().endpoint().user()).isEqualTo(System.getProperty("user.name"));
		});
	}

	@Test
	void beansWhenDisabledAreNotThere() {
		this.runner.withPropertyValues("soong.enabled=false", "spring.datasource.url=jdbc:postgresql://localhost/x")
			.run((context) -> assertThat(context).doesNotHaveBean(SoongDataSource.class)
				.doesNotHaveBean(SoongTemplate.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "true", "on", " TRUE " })
	void beansWhenEnabledIsBlankOrTrueAreThere(String value) {
		this.runner.withPropertyValues("soong.host=db.example.com", "soong.enabled=" + value)
			.run((context) -> assertThat(context).hasSingleBean(SoongDataSource.class)
				.hasSingleBean(SoongTemplate.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "off", "no", "0", " False " })
	void beansWhenEnabledIsFalseInAnyFormAreNotThere(String value) {
		this.runner.withPropertyValues("soong.host=db.example.com", "soong.enabled=" + value)
			.run((context) -> assertThat(context).doesNotHaveBean(SoongDataSource.class)
				.doesNotHaveBean(SoongTemplate.class));
	}

	@Test
	void startWhenEnabledIsNoBooleanNamesPropertyAndValue() {
		assertRefused("soong.enabled=maybe").contains("soong.enabled", "'maybe'", "Set it to true or false.");
	}

	@Test
	void dataSourceWhenDriverIsAbsentIsLeftToBoot() {
		this.runner.withClassLoader(new FilteredClassLoader("org.postgresql"))
			.run((context) -> assertThat(context).doesNotHaveBean("soongDataSource"));
	}

	@Test
	void dataSourceWhenUserHasOneBacksOffSaysSoAndTemplateUsesIt(CapturedOutput output) {
		this.runner.withBean("reports", DataSource.class, SimpleDriverDataSource::new)
			.run((context) -> assertThat(context).hasSingleBean(DataSource.class)
				.doesNotHaveBean(SoongDataSource.class)
				.hasSingleBean(SoongTemplate.class));
		assertThat(output.getOut().lines().filter((line) -> line.contains("Soong configures no data source")))
			.hasSize(1)
			.first(InstanceOfAssertFactories.STRING)
			.contains("reports", "@Bean(defaultCandidate = false)");
	}

	@Test
	void dataSourceWhenAnotherIsNoDefaultCandidateStaysAndBothHaveATemplate(CapturedOutput output) {
		this.runner.withUserConfiguration(Reader.class)
			.withPropertyValues("soong.host=" + RDS, "soong.user=jane_doe", "soong.connect-timeout=7")
			.run((context) -> {
				assertThat(context).hasBean("soongDataSource").hasSingleBean(PlatformTransactionManager.class);
				assertThat(context.getBean(JdbcTemplate.class).getDataSource())
					.isSameAs(context.getBean("soongDataSource"));
				assertThat(context.getBean(SoongTemplate.class)).isSameAs(context.getBean("soongTemplate"))
					.isNotSameAs(context.getBean("readerTemplate"));
				SoongDataSource reader = context.getBean("reader", SoongDataSource.class);
				assertThat(reader).hasToString("SoongDataSource[" + Reader.HOST + ":5432/default]");
				assertThat(reader.settings().endpoint().user()).isEqualTo("jane_doe");
				assertThat(reader.settings().sslMode()).isEqualTo(SslMode.VERIFY_FULL);
				assertThat(reader.getLoginTimeout()).isEqualTo(7);
				assertThat(context.getBean("soongDataSource")).asString().contains(RDS);
			});
		assertThat(output).doesNotContain("Soong configures no data source");
	}

	@Test
	void dataSourceHasTheNameOfBootsToo() {
		this.runner.run((context) -> assertThat(context.getBean("dataSource")).isSameAs(dataSource(context)));
	}

	@Test
	void dataSourceWhenApplicationHasABeanOfThatNameLeavesItAlone() {
		this.runner
			.withBean("dataSource", SimpleDriverDataSource.class, SimpleDriverDataSource::new,
					(definition) -> ((AbstractBeanDefinition) definition).setDefaultCandidate(false))
			.run((context) -> {
				assertThat(context).hasSingleBean(SoongDataSource.class);
				assertThat(context.getBean("dataSource")).isInstanceOf(SimpleDriverDataSource.class);
			});
	}

	@Test
	void nameOfBootsDataSourceWhenThereIsNoneIsNotTaken() {
		this.runner.withBean("reports", DataSource.class, SimpleDriverDataSource::new)
			.run((context) -> assertThat(context).doesNotHaveBean("dataSource"));
	}

	@Test
	void dataSourceWhenConnectionsAreFetchedLazilyIsWrapped() {
		this.runner.withPropertyValues("spring.datasource.connection-fetch=lazy")
			.run((context) -> assertThat(context).getBean(DataSource.class)
				.isInstanceOf(LazyConnectionDataSourceProxy.class)
				.satisfies((dataSource) -> assertThat(dataSource.unwrap(SoongDataSource.class)).isNotNull()));
		this.runner.withPropertyValues("spring.datasource.connection-fetch=eager")
			.run((context) -> assertThat(context).getBean(DataSource.class).isInstanceOf(SoongDataSource.class));
	}

	@Test
	void dataSourceWhenBootsUrlIsSetAndSoongsHostIsNotBacksOff() {
		// The starter brings no pool, so that Boot wants to be told the type
		this.runner
			.withPropertyValues("spring.datasource.url=jdbc:postgresql://localhost/x",
					"spring.datasource.type=" + SimpleDriverDataSource.class.getName())
			.run((context) -> assertThat(context).hasSingleBean(DataSource.class)
				.doesNotHaveBean(SoongDataSource.class)
				.hasSingleBean(SoongTemplate.class));
		this.runner
			.withPropertyValues("spring.datasource.url=jdbc:postgresql://localhost/x", "soong.host=db.example.com")
			.run((context) -> assertThat(dataSource(context))
				.hasToString("SoongDataSource[db.example.com:5432/default]"));
	}

	@Test
	void connectionDetailsReplaceHostUserPasswordAuthAndTls(CapturedOutput output) {
		this.runner
			.withPropertyValues("soong.host=" + RDS, "soong.user=jane_doe", "soong.auth=iam",
					"soong.ssl.mode=verify-full")
			.withBean(JdbcConnectionDetails.class, TestDetails::new)
			.run((context) -> {
				assertThat(dataSource(context)).hasToString("SoongDataSource[127.0.0.1:5499/test]");
				assertThat(dataSource(context).settings().sslMode()).isEqualTo(SslMode.PREFER);
				assertThat(dataSource(context).settings().endpoint().user()).isEqualTo("tester");
			});
		assertThat(output).contains("Connecting to 127.0.0.1:5499/test as given by TestDetails")
			.doesNotContain("s3cret");
	}

	@Test
	void settingsWhenHostIsOfRdsVerifyFully() {
		this.runner.withPropertyValues("soong.host=" + RDS)
			.run((context) -> assertThat(dataSource(context).settings().sslMode()).isEqualTo(SslMode.VERIFY_FULL));
		this.runner.withPropertyValues("soong.host=db.example.com", "soong.iam.host=" + RDS)
			.run((context) -> assertThat(dataSource(context).settings().sslMode()).isEqualTo(SslMode.VERIFY_FULL));
	}

	@Test
	void settingsWhenRootsAreGivenVerifyFully() {
		this.runner
			.withPropertyValues("soong.host=db.example.com",
					"soong.ssl.root-cert=classpath:io/soong/jdbc/rds-roots/eu-west-1.pem")
			.run((context) -> assertThat(dataSource(context).settings().sslMode()).isEqualTo(SslMode.VERIFY_FULL));
	}

	@Test
	void settingsWhenOnLambdaVerifyFullyAndWarnOfThePassword(CapturedOutput output) {
		this.runner
			.withPropertyValues("AWS_LAMBDA_RUNTIME_API=127.0.0.1:9001", "soong.host=db.example.com",
					"soong.password=s3cret")
			.run((context) -> assertThat(dataSource(context).settings().sslMode()).isEqualTo(SslMode.VERIFY_FULL));
		assertThat(output).containsOnlyOnce("logs in to db.example.com:5432/default with a password")
			.doesNotContain("s3cret");
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.springframework.cloud.function.adapter.aws.FunctionInvoker",
			"org.springframework.cloud.function.adapter.aws.FunctionInvoker::handleRequest", "com.example.Nowhere" })
	void handlerWhenItOpensNoInvocationIsWarnedOf(String handler, CapturedOutput output) {
		this.runner
			.withPropertyValues("AWS_LAMBDA_RUNTIME_API=127.0.0.1:9001", "soong.host=db.example.com",
					"soong.password=s3cret", "_HANDLER=" + handler)
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).containsOnlyOnce("The function's handler is " + handler.replace("::handleRequest", ""));
	}

	@Test
	void handlerWhenSoongsOwnOrNotOnLambdaIsNotWarnedOf(CapturedOutput output) {
		ApplicationContextRunner runner = this.runner.withPropertyValues("soong.host=db.example.com",
				"soong.password=s3cret");
		runner.withPropertyValues("_HANDLER=com.example.Nowhere").run((context) -> assertThat(context).hasNotFailed());
		runner
			.withPropertyValues("AWS_LAMBDA_RUNTIME_API=127.0.0.1:9001",
					"_HANDLER=io.soong.lambda.SoongFunctionInvoker")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain("The function's handler is");
	}

	@Test
	void handlerWhenItExtendsSoongsIsNotWarnedOf(CapturedOutput output) {
		this.runner
			.withPropertyValues("AWS_LAMBDA_RUNTIME_API=127.0.0.1:9001", "soong.host=db.example.com",
					"soong.password=s3cret", "_HANDLER=" + OwnHandler.class.getName())
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain("The function's handler is");
	}

	static class OwnHandler extends SoongFunctionInvoker {

	}

	@Test
	void settingsWhenModeIsSetTakeIt() {
		this.runner.withPropertyValues("soong.host=" + RDS, "soong.ssl.mode=verify-ca")
			.run((context) -> assertThat(dataSource(context).settings().sslMode()).isEqualTo(SslMode.VERIFY_CA));
	}

	@Test
	void endpointWhenIamHostAndPortAreSetIsThat() {
		this.runner
			.withPropertyValues("soong.host=db.example.com", "soong.iam.host=" + RDS, "soong.iam.port=6432",
					"soong.auth=iam", "soong.user=jane_doe")
			.run((context) -> assertThat(dataSource(context)).hasToString("SoongDataSource[" + RDS + ":6432/default]"));
	}

	@Test
	void durationWhenBareNumberIsInSeconds() {
		this.runner.withPropertyValues("soong.connect-timeout=7")
			.run((context) -> assertThat(context.getBean(SoongProperties.class).connectTimeout())
				.isEqualTo(Duration.ofSeconds(7)));
	}

	@Test
	void credentialsProviderOfUserReplacesIam() {
		DatabaseCredentialsProvider provider = (endpoint) -> {
			throw new SQLException("asked for " + endpoint.user());
		};
		this.runner.withPropertyValues("soong.host=" + RDS, "soong.auth=iam")
			.withBean(DatabaseCredentialsProvider.class, () -> provider)
			.run((context) -> assertThat(context.getBean(DataSource.class))
				.satisfies((dataSource) -> assertThatThrownBy(() -> {
					try (Connection connection = dataSource.getConnection()) {
						assertThat(connection).isNull();
					}
				}).hasStackTraceContaining("asked for null")));
	}

	@Test
	void startWhenIamContradictsPasswordNamesBothAndHidesThePassword() {
		assertRefused("soong.auth=iam", "soong.host=" + RDS, "soong.user=jane_doe", "soong.password=s3cret")
			.contains("soong.password", "soong.auth=iam", "Remove the password, or set soong.auth=password.");
	}

	@Test
	void startWhenIamHasNoHostSaysSo() {
		assertRefused("soong.auth=iam", "soong.user=jane_doe")
			.contains("soong.host (or the variable PG_HOST) is not set", "Set PG_HOST");
	}

	@Test
	void startWhenIamHasNoUserSaysSo() {
		assertRefused("soong.auth=iam", "soong.host=" + RDS).contains("soong.user (or the variable PG_USER) is not set",
				"granted rds_iam");
	}

	@Test
	void startWhenAutoIsIamOnLambdaHasNoHostOffersAPassword() {
		assertRefused("AWS_LAMBDA_RUNTIME_API=127.0.0.1:9001").contains("PG_HOST", "or set PG_PASSWORD");
	}

	@ParameterizedTest
	@ValueSource(strings = { "disable", "allow", "prefer", "require", "verify-ca" })
	void startWhenIamIsNotFullyVerifiedIsRefused(String mode) {
		assertRefused("soong.auth=iam", "soong.host=" + RDS, "soong.user=jane_doe", "soong.ssl.mode=" + mode)
			.contains("soong.ssl.mode has the value '" + mode + "'", "soong.ssl.allow-unverified=true");
	}

	@Test
	void startWhenUnverifiedIamIsAllowedWarns(CapturedOutput output) {
		this.runner
			.withPropertyValues("soong.auth=iam", "soong.host=" + RDS, "soong.user=jane_doe", "soong.ssl.mode=require",
					"soong.ssl.allow-unverified=true")
			.run((context) -> assertThat(dataSource(context).settings().sslMode()).isEqualTo(SslMode.REQUIRE));
		assertThat(output).contains("WARN").contains("not fully verified (soong.ssl.mode=require");
	}

	@Test
	void startWhenRdsRootsAreMissingNamesTheDownload() {
		assertRefused("soong.host=db.abcde123.mx-central-1.rds.amazonaws.com").contains("soong.host",
				"https://truststore.pki.rds.amazonaws.com/mx-central-1/mx-central-1-bundle.pem", "soong.ssl.root-cert");
	}

	@ParameterizedTest
	@ValueSource(strings = { "soong.port=0", "soong.port=65536", "soong.iam.port=-1", "soong.hostaddr=db.example.com",
			"soong.connect-timeout=0", "soong.connect-timeout=-5s", "soong.connection.acquire-timeout=-1s",
			"soong.connection.validate-after=-1s", "soong.connection.max-lifetime=-1s", "soong.connection.max=0",
			"soong.deadline-margin=-1s", "soong.slow-query-threshold=-1s", "soong.ssl.root-cert=/no/such/file.pem",
			"soong.ssl.bundle=nowhere" })
	void startWhenPropertyIsWrongNamesPropertyAndValue(String property) {
		int equals = property.indexOf('=');
		assertRefused(property).contains(property.substring(0, equals), "'" + property.substring(equals + 1) + "'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "bundle", "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----" })
	void startWhenRootCertHoldsNoCertificateSaysSo(String content, @TempDir Path directory) throws IOException {
		Path file = Files.writeString(directory.resolve("ca.pem"), content);
		assertRefused("soong.ssl.root-cert=" + file).contains("soong.ssl.root-cert", "'" + file + "'",
				"the file holds no certificate", "-----BEGIN CERTIFICATE-----");
		assertRefused("soong.ssl.root-cert=" + directory).contains("soong.ssl.root-cert", "'" + directory + "'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "PGHOST", "password", "sslmode", "ssl", "sslrootcert", "sslfactory", "sslhostnameverifier",
			"sslpassword", "gssEncMode", "socketFactory", "connectTimeout", "authenticationPluginClassName", "service",
			"pasword" })
	void driverPropertyWhenTakenOrUnknownIsNamedWithoutItsValue(String name) {
		assertRefused("soong.connection.properties." + name + "=CANARY")
			.contains("soong.connection.properties." + name.toLowerCase(Locale.ROOT))
			.doesNotContain("CANARY");
	}

	@Test
	void driverPropertyWhenItsNameIsInBracketsIsNamedWithItsOrigin() {
		assertRefused("soong.connection.properties[foo_bar]=CANARY")
			.contains("The property soong.connection.properties.foo_bar comes from")
			.doesNotContain("CANARY", "unknown source");
	}

	@Test
	void driverPropertyWhenNotAsExpectedIsRefused() {
		for (String value : new String[] { "abc", "-1", "", "99999999" }) {
			assertRefused("soong.connection.properties.socketTimeout=" + value).contains("number of seconds");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "soong.host", "soong.iam.host" })
	void hostWhenItIsNoNameOfAServerIsRefusedWithTheFix(String property) {
		for (String url : new String[] { "postgres://bob:s3cret@db", "postgres://bob:s3cret@db:5432/gizmos",
				"jdbc:postgresql://db/gizmos?user=bob&password=s3cret", "bob:s3cret@db", "http://db/",
				"postgres://bob:s3cret@4%/?#@db", "jdbc:postgresql:gizmos?password=s3cret",
				"jdbc:postgresql://db/gizmos?password=s3c@s3cret" }) {
			assertRefused(property + "=" + url).contains("The property " + property + " has the value '", "it is a URL",
					"to the name of the server only");
		}
		assertRefused(property + "=db.example.com:5432").contains("'db.example.com:5432'", "it contains a port",
				property.equals("soong.host") ? "soong.port (PG_PORT)" : "soong.iam.port");
		assertRefused(property + "=[::1]:5432").contains("it contains a port");
		assertRefused(property + "=/var/run/postgresql").contains("it contains a path", "Unix-domain sockets");
		assertRefused(property + "=db.example.com/gizmos").contains("it contains a path", "soong.dbname");
		assertRefused(property + "=a.example.com,b.example.com").contains("it is a list", "one name");
		assertRefused(property + "=\"db.example.com\"").contains("it contains quotes", "Remove the quotes.");
		assertRefused(property + "='db.example.com'").contains("it contains quotes");
		assertRefused(property + "=db example").contains("it contains white space");
		assertRefused(property + "=host=db password=s3cret").contains("'******'", "it contains white space");
		for (String separators : new String[] { ".", "..", "-", "_" }) {
			assertRefused(property + "=" + separators).contains("neither a letter nor a digit");
		}
		assertRefused(property + "=${DB_HOST:#{null}}").contains("a character that a server name cannot contain");
	}

	@ParameterizedTest
	@ValueSource(strings = { "db", "my_db", "DB.example.com.", "10.0.0.1", "::1", "fe80::1", "b\u00fccher.example" })
	void hostWhenNameOrAddressIsTaken(String host) {
		this.runner.withPropertyValues("soong.host=" + host)
			.run((context) -> assertThat(context).hasSingleBean(SoongDataSource.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "soong.dbname", "soong.user" })
	void nameWhenUrlIsRefusedWithoutItsPassword(String property) {
		assertRefused(property + "=postgres://bob:s3cret@db/gizmos").contains(property, "'postgres://******@db/gizmos'",
				"it is a URL");
	}

	@Test
	void failureWhenUrlStandsForAnotherKindOfValueHidesItsPassword(CapturedOutput output) {
		assertThat(start(Map.of("PG_PORT", "postgres://bob:s3cret@db:5432/gizmos"))).isNull();
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("soong.port has the value 'postgres://******@db:5432/gizmos'")
			.contains("System Environment Property \"PG_PORT\"")
			.doesNotContain("s3cret");
	}

	@Test
	void failureWhenHostIsUrlNamesTheVariableAndHidesThePassword(CapturedOutput output) {
		assertThat(start(Map.of("PG_HOST", "postgres://bob:s3cret@db:5432/gizmos"))).isNull();
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("soong.host has the value 'postgres://******@db:5432/gizmos'")
			.contains("System Environment Property \"PG_HOST\"")
			.contains("it is a URL")
			.doesNotContain("s3cret")
			.doesNotContain("\tat ");
	}

	@Test
	void variableWhenBlankCountsAsUnset() {
		Map<String, Object> variables = Map.of("SOONG_DBNAME", "", "SOONG_ENABLED", " ", "SOONG_PORT", "",
				"SOONG_SSL_MODE", "\t", "SOONG_ERRORS_VALUES", "", "PG_DBNAME", "gizmos");
		try (ConfigurableApplicationContext context = start(variables, "soong.port=5433", "soong.host=db")) {
			assertThat(context).isNotNull();
			assertThat(dataSource(context)).hasToString("SoongDataSource[db:5433/gizmos]");
		}
	}

	@Test
	void valueWhenWhiteSpaceIsAroundItIsTakenWithout() {
		Map<String, Object> variables = Map.of("SOONG_DBNAME", " gizmos\n", "SOONG_CONNECT_TIMEOUT", " 7 ", "PG_PORT",
				" 5433", "PG_SSLMODE", "require ", "OTHER", " kept ");
		try (ConfigurableApplicationContext context = start(variables, "soong.host= db ", "soong.user= jane_doe",
				"soong.connection.acquire-timeout= 3s ", "soong.connection.scope= invocation",
				"soong.connection.properties.socketTimeout= 9 ", "soong.slow-query-threshold=  ")) {
			assertThat(context).isNotNull();
			assertThat(dataSource(context)).hasToString("SoongDataSource[db:5433/gizmos]");
			assertThat(dataSource(context).settings().endpoint().user()).isEqualTo("jane_doe");
			assertThat(dataSource(context).settings().sslMode()).isEqualTo(SslMode.REQUIRE);
			SoongProperties properties = context.getBean(SoongProperties.class);
			assertThat(properties.connectTimeout()).isEqualTo(Duration.ofSeconds(7));
			assertThat(properties.connection().acquireTimeout()).isEqualTo(Duration.ofSeconds(3));
			assertThat(properties.connection().scope()).isEqualTo(ConnectionSettings.Scope.INVOCATION);
			assertThat(context.getEnvironment().getProperty("OTHER")).isEqualTo(" kept ");
		}
	}

	@Test
	void failureWhenVariableWasStrippedNamesItStill(CapturedOutput output) {
		assertThat(start(Map.of("SOONG_HOST", " db:5432 "))).isNull();
		assertThat(output).contains("soong.host has the value 'db:5432'")
			.contains("System Environment Property \"SOONG_HOST\"");
	}

	@Test
	void connectionWhenNothingIsConfiguredFailsAtTheFirstRefusalAndNamesTheTestKit() throws Exception {
		int closed;
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			closed = socket.getLocalPort();
		}
		this.runner.withPropertyValues("soong.port=" + closed)
			.run((context) -> assertThatThrownBy(dataSource(context)::getConnection)
				.hasMessageStartingWith(
						"No database is configured, and there is none on this machine (localhost:" + closed)
				.hasMessageContaining("PG_HOST")
				.hasMessageContaining("@AutoConfigureTestDatabase")
				.hasMessageContaining("spring-boot:test-run")
				.isInstanceOfSatisfying(SoongConnectionException.class, (failure) -> {
					assertThat(failure.isTransient()).isFalse();
					assertThat(failure.diagnosis()).contains("1 attempt\n");
				}));
		for (String configured : new String[] { "soong.host=localhost", "soong.hostaddr=127.0.0.1",
				"soong.iam.host=db.example.com", "AWS_LAMBDA_RUNTIME_API=127.0.0.1:9001" }) {
			this.runner
				.withPropertyValues("soong.port=" + closed, "soong.connect-timeout=1ms", "soong.auth=password",
						configured)
				.run((context) -> assertThatThrownBy(dataSource(context)::getConnection)
					.isInstanceOfSatisfying(SoongConnectionException.class, (failure) -> {
						assertThat(failure.isTransient()).isTrue();
						assertThat(failure.getMessage()).doesNotContain("No database is configured");
					}));
		}
	}

	@Test
	void propertiesWhenUserHasADataSourceAreNotResolved() {
		this.runner.withBean(DataSource.class, SimpleDriverDataSource::new)
			.withPropertyValues("soong.host=${NOWHERE}", "soong.port=${NOWHERE}", "soong.connect-timeout=${NOWHERE}",
					"spring.datasource.url=${NOWHERE}", "soong.ssl.mode=nonsense")
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(DataSource.class)
				.doesNotHaveBean(SoongProperties.class)
				.hasSingleBean(SoongTemplate.class));
		this.runner.withPropertyValues("soong.port=${NOWHERE}").run((context) -> assertThat(context).hasFailed());
	}

	@Test
	void tokenWhenApplicationHasRdsUtilitiesIsSignedByThem() {
		RdsUtilities signer = RdsUtilities.builder()
			.region(Region.US_WEST_2)
			.credentialsProvider(() -> AwsBasicCredentials.create("AKIDOFTHESDK", "secret"))
			.build();
		ApplicationContextRunner iam = this.runner.withBean(RdsUtilities.class, () -> signer)
			.withPropertyValues("soong.auth=iam", "soong.user=jane_doe", "soong.port=5433");
		iam.withPropertyValues("soong.host=" + RDS).run((context) -> {
			DatabaseCredentials credentials = credentials(context);
			assertThat(credentials.isToken()).isTrue();
			assertThat(credentials.user()).isEqualTo("jane_doe");
			assertThat(credentials.region()).hasValue("eu-central-1");
			assertThat(credentials.secret()).startsWith(RDS + ":5433/?").contains("AKIDOFTHESDK", "DBUser=jane_doe");
		});
		// Neither the name nor a property says for which region
		iam.withPropertyValues("soong.host=db.example.com")
			.run((context) -> assertThat(credentials(context).region()).hasValue("us-west-2"));
		this.runner.withBean(RdsUtilities.class, () -> signer)
			.withPropertyValues("soong.host=" + RDS, "soong.user=bob", "soong.password=s3cret")
			.run((context) -> assertThat(credentials(context).secret()).isEqualTo("s3cret"));
	}

	@Test
	void tokenWhenApplicationHasNoRdsUtilitiesIsSignedBySoong() {
		ApplicationContextRunner iam = this.runner
			.withBean(AwsCredentialsProvider.class, () -> () -> AwsBasicCredentials.create("AKIDOFABEAN", "secret"))
			.withPropertyValues("soong.auth=iam", "soong.user=jane_doe", "soong.host=" + RDS);
		iam.run((context) -> assertThat(credentials(context).secret()).contains("AKIDOFABEAN"));
		iam.withClassLoader(new FilteredClassLoader("software.amazon.awssdk.services.rds")).run((context) -> {
			assertThat(context).doesNotHaveBean(RdsTokenSource.class);
			assertThat(credentials(context).secret()).contains("AKIDOFABEAN");
		});
	}

	@Test
	void regionIsThatOfThePropertyElseOfTheEndpointElseOfTheEnvironment() {
		System.setProperty("aws.region", "us-west-2");
		try {
			ApplicationContextRunner iam = this.runner
				.withBean(AwsCredentialsProvider.class, () -> () -> AwsBasicCredentials.create("AKIDOFABEAN", "secret"))
				.withPropertyValues("soong.auth=iam", "soong.user=jane_doe");
			iam.withPropertyValues("soong.host=" + RDS, "soong.iam.region=eu-west-1")
				.run((context) -> assertThat(credentials(context).region()).hasValue("eu-west-1"));
			iam.withPropertyValues("soong.host=" + RDS)
				.run((context) -> assertThat(credentials(context).region()).hasValue("eu-central-1"));
			iam.withPropertyValues("soong.host=db.example.com")
				.run((context) -> assertThat(credentials(context).region()).hasValue("us-west-2"));
		}
		finally {
			System.clearProperty("aws.region");
		}
	}

	@ParameterizedTest
	@CsvSource({ "lambda-managed-instances, 3, 3", "lambda-managed-instances, 8, 8", "lambda-managed-instances, 9, 8",
			"lambda-managed-instances, 64, 8", "on-demand, 64, 1" })
	void connectionsOnManagedInstancesAreAsManyAsTheirConcurrencyButAtMostEight(String type, int concurrency, int max) {
		this.runner
			.withPropertyValues("AWS_LAMBDA_RUNTIME_API=127.0.0.1:9001", "AWS_LAMBDA_INITIALIZATION_TYPE=" + type,
					"AWS_LAMBDA_MAX_CONCURRENCY=" + concurrency, "soong.host=db.example.com", "soong.auth=password",
					"soong.connection.eager=off")
			.run((context) -> assertThat(dataSource(context).settings()).extracting("values.max").isEqualTo(max));
	}

	@Test
	void settingsOfTheConnectionAreWhatThePropertiesSay() {
		this.runner
			.withPropertyValues("soong.connection.acquire-timeout=3", "soong.connection.validate-after=4",
					"soong.connection.max-lifetime=5", "soong.deadline-margin=6", "soong.slow-query-threshold=7",
					"soong.connection.max=2", "soong.connection.scope=invocation", "soong.connection.reset=discard",
					"soong.snapstart.prime=false", "AWS_LAMBDA_FUNCTION_NAME=gizmos", "AWS_LAMBDA_FUNCTION_VERSION=12")
			.run((context) -> assertThat(dataSource(context).settings()).extracting("values")
				.extracting("acquireTimeout", "validateAfter", "maxLifetime", "deadlineMargin", "slowQueryThreshold",
						"max", "scope", "reset", "prime", "applicationName")
				.containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(4), Duration.ofSeconds(5),
						Duration.ofSeconds(6), Duration.ofSeconds(7), 2, ConnectionSettings.Scope.INVOCATION,
						ConnectionSettings.Reset.DISCARD, false, "gizmos:12"));
	}

	@ParameterizedTest
	@CsvSource({ "on-demand, auto, true", "provisioned-concurrency, auto, true", "snap-start, auto, false",
			"lambda-managed-instances, auto, false", "snap-start, on, true", "on-demand, off, false" })
	void connectionIsOpenedEagerlyUnlessASnapshotIsTaken(String type, String eager, boolean opened) {
		CountDownLatch over = new CountDownLatch(1);
		DatabaseCredentialsProvider hanging = (endpoint) -> {
			try {
				over.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			throw new SQLException("no credentials");
		};
		Set<Thread> before = Thread.getAllStackTraces().keySet();
		this.runner.withBean(DatabaseCredentialsProvider.class, () -> hanging)
			.withPropertyValues("AWS_LAMBDA_RUNTIME_API=127.0.0.1:9001", "AWS_LAMBDA_INITIALIZATION_TYPE=" + type,
					"soong.host=db.example.com", "soong.connection.eager=" + eager)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(startedSince(before).anyMatch("soong-eager-connection"::equals)).isEqualTo(opened);
			});
		over.countDown();
	}

	@ParameterizedTest
	@CsvSource({ "on-demand, auto, true", "snap-start, auto, false", "snap-start, on, true", "on-demand, off, false" })
	void connectionToWhereConnectionDetailsLeadIsOpenedEagerlyToo(String type, String eager, boolean opened)
			throws IOException {
		try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			Set<Thread> before = Thread.getAllStackTraces().keySet();
			this.runner
				.withBean(JdbcConnectionDetails.class,
						() -> new TestDetails("jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/test"))
				.withPropertyValues("AWS_LAMBDA_RUNTIME_API=127.0.0.1:9001", "AWS_LAMBDA_INITIALIZATION_TYPE=" + type,
						"soong.connection.eager=" + eager)
				.run((context) -> assertThat(startedSince(before).anyMatch("soong-eager-connection"::equals))
					.isEqualTo(opened));
		}
	}

	private static Stream<String> startedSince(Set<Thread> before) {
		Set<Thread> started = new HashSet<>(Thread.getAllStackTraces().keySet());
		started.removeAll(before);
		return started.stream().map(Thread::getName);
	}

	@ParameterizedTest
	@CsvSource({ "connectTimeout=5, 5", "connectTimeout=0, 7", "sslmode=prefer, 7" })
	void connectTimeoutOfConnectionDetailsIsTheirsUnlessItIsUnlimited(String parameter, int seconds) {
		this.runner.withPropertyValues("soong.connect-timeout=7")
			.withBean(JdbcConnectionDetails.class,
					() -> new TestDetails("jdbc:postgresql://127.0.0.1/test?" + parameter))
			.run((context) -> assertThat(dataSource(context).getLoginTimeout()).isEqualTo(seconds));
	}

	@Test
	void rootCertOfConnectionDetailsIsThatOfTheUrl() {
		this.runner
			.withBean(JdbcConnectionDetails.class,
					() -> new TestDetails("jdbc:postgresql://127.0.0.1/test?sslmode=verify-ca&sslrootcert=/tmp/ca.pem"))
			.withPropertyValues("soong.ssl.root-cert=/no/such/file.pem")
			.run((context) -> {
				assertThat(dataSource(context).settings()).extracting("values.rootCert")
					.isEqualTo(new FileSystemResource("/tmp/ca.pem"));
				assertThat(dataSource(context).settings()).extracting("values.driverProperties").isEqualTo(Map.of());
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " " })
	void propertyOfTlsOrIamWhenItIsBlankIsUnset(String blank) {
		this.runner
			.withPropertyValues("soong.host=db.example.com", "soong.ssl.mode=" + blank, "soong.ssl.root-cert=" + blank,
					"soong.ssl.bundle=" + blank, "soong.iam.host=" + blank, "soong.iam.region=" + blank)
			.run((context) -> assertThat(dataSource(context).settings().sslMode()).isEqualTo(SslMode.PREFER));
		this.runner.withPropertyValues("soong.host=" + RDS, "soong.iam.host=" + blank)
			.run((context) -> assertThat(dataSource(context).settings().sslMode()).isEqualTo(SslMode.VERIFY_FULL));
		this.runner
			.withPropertyValues("soong.host=" + RDS, "soong.ssl.mode=" + blank, "soong.ssl.root-cert=" + blank,
					"soong.ssl.bundle=" + blank, "soong.iam.host=" + blank, "soong.iam.region=" + blank,
					"soong.auth=iam", "soong.user=jane_doe")
			.withBean(AwsCredentialsProvider.class, () -> () -> AwsBasicCredentials.create("AKIDOFABEAN", "secret"))
			.run((context) -> {
				assertThat(dataSource(context).settings().sslMode()).isEqualTo(SslMode.VERIFY_FULL);
				assertThat(credentials(context).region()).hasValue("eu-central-1");
			});
	}

	@Test
	void everyPropertyOfTheConnectionWhenItIsBlankIsUnset() {
		this.runner
			.withPropertyValues(Stream
				.of("host", "hostaddr", "port", "dbname", "user", "password", "connect-timeout", "auth", "iam.region",
						"iam.host", "iam.port", "ssl.mode", "ssl.root-cert", "ssl.bundle", "ssl.allow-unverified",
						"connection.scope", "connection.eager", "connection.validate-after", "connection.max-lifetime",
						"connection.reset", "connection.acquire-timeout", "connection.max", "deadline-margin",
						"slow-query-threshold", "invocation-log", "metrics.emf", "snapstart.prime", "snapstart.event",
						"snapstart.repetitions", "errors.values")
				.map((property) -> "soong." + property + "=")
				.toArray(String[]::new))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(dataSource(context)).hasToString("SoongDataSource[localhost:5432/default]");
				SoongProperties properties = context.getBean(SoongProperties.class);
				assertThat(properties.snapstart().prime()).isTrue();
				assertThat(properties.connection().maxLifetime()).isEqualTo(Duration.ofHours(1));
				assertThat(properties.snapstart().repetitions()).isEqualTo(10);
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "EU-Central-1", "eu-central-1a", "Frankfurt", "eu central 1", "eu-central" })
	void regionWhenItIsNoneIsRefused(String region) {
		assertRefused("soong.auth=iam", "soong.host=" + RDS, "soong.user=jane_doe", "soong.iam.region=" + region)
			.contains("soong.iam.region has the value '" + region + "'", "eu-central-1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "us-gov-west-1", "eusc-de-east-1", "us-isob-east-1", "mars-north-12" })
	void regionWhenItIsNotKnownIsTaken(String region) {
		this.runner
			.withPropertyValues("soong.auth=iam", "soong.host=" + RDS, "soong.user=jane_doe",
					"soong.iam.region=" + region)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void bundleIsTakenInPlaceOfRootsAndVerifiedFully() {
		this.runner
			.withPropertyValues("soong.host=db.example.com", "soong.ssl.bundle=mine", "soong.ssl.root-cert=",
					"spring.ssl.bundle.pem.mine.truststore.certificate="
							+ "classpath:io/soong/jdbc/rds-roots/eu-west-1.pem")
			.run((context) -> {
				assertThat(dataSource(context).settings().sslMode()).isEqualTo(SslMode.VERIFY_FULL);
				assertThat(dataSource(context).settings()).extracting("values.sslContext")
					.isInstanceOfSatisfying(Supplier.class,
							(bundle) -> assertThat(bundle.get()).isInstanceOf(SSLContext.class));
			});
	}

	@Test
	void connectionDetailsWithoutUserAndPasswordTakeThoseOfTheUrl() {
		JdbcConnectionDetails details = new JdbcConnectionDetails() {

			@Override
			public @Nullable String getUsername() {
				return null;
			}

			@Override
			public @Nullable String getPassword() {
				return null;
			}

			@Override
			public String getJdbcUrl() {
				return "jdbc:postgresql://127.0.0.1/test?user=bob&password=s3cret&socketTimeout=9";
			}

		};
		this.runner.withBean(JdbcConnectionDetails.class, () -> details).run((context) -> {
			assertThat(credentials(context)).isEqualTo(new DatabaseCredentials("bob", "s3cret"));
			assertThat(dataSource(context).settings()).extracting("values.driverProperties")
				.isEqualTo(Map.of("socketTimeout", "9"));
		});
	}

	@Test
	void hostaddrWhenUrlWithPasswordHidesIt() {
		assertRefused("soong.hostaddr=postgres://bob:s3cret@db").contains("postgres://******@db");
	}

	@Test
	void iamProviderOfUserIsHeldToVerifiedTls() {
		this.runner.withBean(DatabaseCredentialsProvider.class, () -> new RdsIamCredentialsProvider("eu-central-1"))
			.withPropertyValues("soong.host=db.example.com", "soong.user=jane_doe")
			.run((context) -> assertThat(dataSource(context).settings().sslMode()).isEqualTo(SslMode.VERIFY_FULL));
		this.runner.withBean(DatabaseCredentialsProvider.class, () -> new RdsIamCredentialsProvider("eu-central-1"))
			.withPropertyValues("soong.host=" + RDS, "soong.user=jane_doe", "soong.ssl.mode=disable")
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("soong.ssl.mode has the value 'disable'"));
	}

	@Test
	void wrappedIamProviderOfUserIsHeldToVerifiedTlsWhereTheTokenIsUsed() {
		DatabaseCredentialsProvider iam = new RdsIamCredentialsProvider("eu-central-1",
				() -> AwsBasicCredentials.create("AKIDEXAMPLE", "secret"));
		this.runner.withBean(DatabaseCredentialsProvider.class, () -> (endpoint) -> iam.credentials(endpoint))
			.withPropertyValues("soong.host=" + RDS, "soong.user=jane_doe", "soong.ssl.mode=prefer")
			.run((context) -> assertThatThrownBy(dataSource(context)::getConnection)
				.hasMessageStartingWith("No IAM token was sent to " + RDS)
				.hasMessageContaining("soong.ssl.mode is prefer"));
	}

	@Test
	void credentialsProviderOfUserIsHeldToVerifiedTlsByDefault() {
		this.runner
			.withBean(DatabaseCredentialsProvider.class, () -> (endpoint) -> new DatabaseCredentials("bob", "pw"))
			.run((context) -> assertThat(dataSource(context).settings().sslMode()).isEqualTo(SslMode.VERIFY_FULL));
	}

	@ParameterizedTest
	@CsvSource({ "sslmode=verify-full,VERIFY_FULL", "sslmode=REQUIRE,REQUIRE", "ssl=true,VERIFY_FULL",
			"ssl=false,PREFER", "connectTimeout=5,PREFER" })
	void connectionDetailsWhenUrlHasParametersAreTakenAtTheirWord(String parameter, SslMode mode) {
		this.runner
			.withBean(JdbcConnectionDetails.class,
					() -> new TestDetails("jdbc:postgresql://127.0.0.1/test?" + parameter))
			.run((context) -> assertThat(dataSource(context).settings().sslMode()).isEqualTo(mode));
	}

	@ParameterizedTest
	@ValueSource(strings = { "jdbc:postgresql://127.0.0.1/test?sslmode=tls", "jdbc:postgresql://h1:1,h2:2/test",
			"jdbc:mysql://127.0.0.1/test", "jdbc:postgresql://127.0.0.1/test?connectTimeout=soon" })
	void connectionDetailsWhenUrlIsUnsupportedSayWhatToDo(String url) {
		this.runner.withBean(JdbcConnectionDetails.class, () -> new TestDetails(url))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.satisfies((cause) -> assertThat(context.getStartupFailure())
					.hasStackTraceContaining("Change or remove the bean, or set soong.enabled=false.")));
	}

	@Test
	void connectionDetailsWhenNumberIsNoneDoNotShowIt() {
		this.runner
			.withBean(JdbcConnectionDetails.class,
					() -> new TestDetails("jdbc:postgresql://127.0.0.1/test?connectTimeout=s3cret"))
			.run((context) -> assertThat(context.getStartupFailure())
				.hasStackTraceContaining("its port or connectTimeout is not a number")
				.extracting(Throwables::getStackTrace, InstanceOfAssertFactories.STRING)
				.doesNotContain("s3cret"));
	}

	@Test
	void tokenWhenEverythingIsLoggedIsNot(CapturedOutput output) throws SQLException {
		try (ConfigurableApplicationContext context = start(Map.of(), "logging.level.root=TRACE")) {
			assertThat(context).isNotNull();
			String token = new RdsIamCredentialsProvider("eu-central-1",
					() -> AwsSessionCredentials.create("AKIDEXAMPLE", "SECRETCANARY", "SESSIONCANARY"))
				.credentials(new DatabaseEndpoint(RDS, 5432, "gizmos", "jane_doe"))
				.secret();
			assertThat(token).contains("SESSIONCANARY");
		}
		finally {
			LoggingSystem.get(getClass().getClassLoader()).setLogLevel("ROOT", LogLevel.INFO);
		}
		assertThat(output).contains("TRACE")
			.doesNotContain("SESSIONCANARY")
			.doesNotContain("SECRETCANARY")
			.doesNotContain("X-Amz-Signature");
	}

	@Test
	void authorizationForTheContainersCredentialsWhenEverythingIsLoggedIsNot(CapturedOutput output) throws Exception {
		HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		List<String> authorizations = new CopyOnWriteArrayList<>();
		server.createContext("/", (exchange) -> {
			authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
			byte[] answer = """
					{"AccessKeyId": "ASIAEXAMPLE", "SecretAccessKey": "SECRETCANARY", "Token": "SESSIONCANARY",
					"Expiration": "2099-01-01T00:00:00Z"}""".getBytes(StandardCharsets.UTF_8);
			exchange.sendResponseHeaders(200, answer.length);
			exchange.getResponseBody().write(answer);
			exchange.close();
		});
		server.start();
		System.setProperty("aws.containerCredentialsFullUri",
				"http://127.0.0.1:" + server.getAddress().getPort() + "/creds");
		System.setProperty("aws.containerAuthorizationToken", "AUTHORIZATIONCANARY");
		try (ConfigurableApplicationContext context = start(Map.of(), "logging.level.root=TRACE");
				ContainerCredentialsProvider container = ContainerCredentialsProvider.builder().build()) {
			assertThat(context).isNotNull();
			new RdsIamCredentialsProvider("eu-central-1", container)
				.credentials(new DatabaseEndpoint(RDS, 5432, "gizmos", "jane_doe"));
		}
		finally {
			LoggingSystem.get(getClass().getClassLoader()).setLogLevel("ROOT", LogLevel.INFO);
			System.clearProperty("aws.containerCredentialsFullUri");
			System.clearProperty("aws.containerAuthorizationToken");
			server.stop(0);
		}
		assertThat(authorizations).containsExactly("AUTHORIZATIONCANARY");
		assertThat(output).contains("TRACE")
			.doesNotContain("AUTHORIZATIONCANARY")
			.doesNotContain("SESSIONCANARY")
			.doesNotContain("SECRETCANARY");
	}

	@Test
	void flywayLocksWithoutASecondConnectionUnlessToldOtherwise() {
		try (ConfigurableApplicationContext context = start(Map.of())) {
			assertThat(context).isNotNull();
			assertThat(context.getEnvironment().getProperty("spring.flyway.postgresql.transactional-lock"))
				.isEqualTo("false");
		}
		try (ConfigurableApplicationContext context = start(Map.of(),
				"spring.flyway.postgresql.transactional-lock=true")) {
			assertThat(context).isNotNull();
			assertThat(context.getEnvironment().getProperty("spring.flyway.postgresql.transactional-lock"))
				.isEqualTo("true");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "soong.connection.max=0", "soong.deadline-margin=-1s", "soong.connection.properties.x=y" })
	void connectionSettingsApplyToConnectionDetailsToo(String property) {
		this.runner.withBean(JdbcConnectionDetails.class, TestDetails::new)
			.withPropertyValues(property)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidSoongPropertyException.class)
				.hasMessageContaining(property.substring(0, property.indexOf('='))));
	}

	@Test
	void eventsAreNotLoggedUnlessWanted() {
		String adapter = "logging.level.org.springframework.cloud.function.adapter.aws.";
		try (ConfigurableApplicationContext context = start(Map.of())) {
			assertThat(context).isNotNull();
			assertThat(context.getEnvironment().getProperty(adapter + "AWSLambdaUtils")).isEqualTo("warn");
			assertThat(context.getEnvironment().getProperty(adapter + "CustomRuntimeInitializer")).isEqualTo("info");
		}
		try (ConfigurableApplicationContext context = start(Map.of(), adapter + "AWSLambdaUtils=info")) {
			assertThat(context).isNotNull();
			assertThat(context.getEnvironment().getProperty(adapter + "AWSLambdaUtils")).isEqualTo("info");
		}
	}

	@Test
	void startWhenRootCertContradictsBundleSaysSo() {
		assertRefused("soong.ssl.bundle=mine", "soong.ssl.root-cert=classpath:io/soong/jdbc/rds-roots/eu-west-1.pem")
			.contains("soong.ssl.bundle", "contradicts soong.ssl.root-cert");
	}

	@Test
	void driverPropertyWhenOfSoongNamesTheOneToSet() {
		assertRefused("soong.connection.properties.connectTimeout=3").contains("soong.connect-timeout");
	}

	@Test
	void driverPropertyWhenKnownIsTakenHoweverItIsWritten() {
		this.runner
			.withPropertyValues("soong.connection.properties.prepare-threshold=0",
					"soong.connection.properties.defaultrowfetchsize=100")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void failureWhenVariableIsWrongNamesTheVariableAndListsTheModes(CapturedOutput output) {
		assertThat(start(Map.of("PG_SSLMODE", "verify-fully"))).isNull();
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("soong.ssl.mode")
			.contains("verify-fully")
			.contains("System Environment Property \"PG_SSLMODE\"")
			.contains("    verify-full")
			.doesNotContain("\tat ");
	}

	@Test
	void failureWhenVariableContradictsNamesTheVariable(CapturedOutput output) {
		assertThat(start(Map.of("PG_HOST", RDS, "PG_USER", "jane_doe", "PG_PASSWORD", "s3cret", "SOONG_AUTH", "iam")))
			.isNull();
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("System Environment Property \"PG_PASSWORD\"")
			.contains("Remove the password, or set soong.auth=password.")
			.doesNotContain("s3cret")
			.doesNotContain("\tat ");
	}

	@Test
	void failureWhenDataSourceIsLeftToBootWithoutAPoolSaysWhatToDo(CapturedOutput output) {
		assertThat(start(NeedsSoongTemplate.class, Map.of(), "spring.datasource.url=jdbc:postgresql://localhost/x"))
			.isNull();
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("There is no SoongTemplate: spring.datasource.url is set and soong.host (PG_HOST) is not")
			.contains("add a pool (com.zaxxer:HikariCP)");
	}

	@Test
	void failureWhenBeanIsMissingForAnotherReasonIsLeftToBoot(CapturedOutput output) {
		assertThat(start(NeedsSoongTemplate.class, Map.of(), "soong.enabled=false")).isNull();
		assertThat(output).contains("required a bean of type 'io.soong.sql.SoongTemplate'").doesNotContain("HikariCP");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class NeedsSoongTemplate {

		@Bean
		String user(SoongTemplate soong) {
			return soong.toString();
		}

	}

	@Test
	void failureWhenRegionIsUnknownSaysWhatToSet(CapturedOutput output) {
		System.setProperty("aws.disableEc2Metadata", "true");
		try {
			assertThat(start(Map.of("PG_HOST", "db.example.com", "PG_USER", "jane_doe", "SOONG_AUTH", "iam"))).isNull();
		}
		finally {
			System.clearProperty("aws.disableEc2Metadata");
		}
		assertThat(output).contains("soong.iam.region is not set")
			.contains("db.example.com")
			.contains("Set soong.iam.region, or AWS_REGION")
			.doesNotContain("\tat ");
	}

	@Test
	void variablesStandBelowTheirPropertysVariableAndAboveFiles() {
		Map<String, Object> variables = Map.of("PG_HOST", "pg.example.com", "SOONG_HOST", "soong.example.com",
				"PG_PORT", "5433", "PG_DBNAME", "  ", "PG_CONNECT_TIMEOUT", "3", "PG_USER", "jane_doe", "PG_HOSTADDR",
				"127.0.0.1");
		try (ConfigurableApplicationContext context = start(variables, "soong.port=1", "soong.dbname=file")) {
			assertThat(context).isNotNull();
			SoongProperties properties = context.getBean(SoongProperties.class);
			assertThat(properties.host()).isEqualTo("soong.example.com");
			assertThat(properties.port()).isEqualTo(5433);
			assertThat(properties.dbname()).isEqualTo("file");
			assertThat(properties.connectTimeout()).isEqualTo(Duration.ofSeconds(3));
			assertThat(properties.user()).isEqualTo("jane_doe");
			assertThat(properties.hostaddr()).isEqualTo("127.0.0.1");
		}
	}

	@Test
	void everyAliasIsOfAKnownProperty() {
		assertThat(PgVariablesEnvironmentPostProcessor.ALIASES).containsOnlyKeys("PG_HOST", "PG_HOSTADDR", "PG_PORT",
				"PG_DBNAME", "PG_USER", "PG_PASSWORD", "PG_CONNECT_TIMEOUT", "PG_SSLMODE", "PG_SSLROOTCERT");
	}

	@Test
	void sanitizingWhenActuatorIsThereHidesSecretsWhateverItIsToldToShow() {
		this.runner.run((context) -> {
			SanitizingFunction function = context.getBean(SanitizingFunction.class);
			assertThat(Stream.of("soong.password", "SOONG_PASSWORD", "PG_PASSWORD", "AWS_SECRET_ACCESS_KEY",
					"AWS_SESSION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN", "aws.secretAccessKey", "aws.sessionToken",
					"soong.connection.properties.sslpassword", "SOONG_CONNECTION_PROPERTIES_OPTIONS"))
				.allSatisfy((key) -> assertThat(shown(function, key)).isEqualTo("******"));
			assertThat(Stream.of("soong.host", "soong.connection.max", "AWS_ACCESS_KEY_ID", "PG_USER"))
				.allSatisfy((key) -> assertThat(shown(function, key)).isEqualTo("value"));
		});
		this.runner.withClassLoader(new FilteredClassLoader(SanitizingFunction.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("soongSanitizingFunction"));
	}

	private static @Nullable Object shown(SanitizingFunction function, String key) {
		return function.applyUnlessFiltered(new SanitizableData(null, key, "value")).getValue();
	}

	@Test
	void propertiesWhenPrintedHideThePassword() {
		this.runner.withPropertyValues("soong.password=s3cret")
			.run((context) -> assertThat(context.getBean(SoongProperties.class).toString()).doesNotContain("s3cret"));
	}

	/**
	 * Starts an application in an environment of exactly these variables, with defaults
	 * that stand where those of a properties file would.
	 */
	private static @Nullable ConfigurableApplicationContext start(Map<String, ?> variables, String... defaults) {
		return start(SoongAutoConfiguration.class, variables, defaults);
	}

	private static @Nullable ConfigurableApplicationContext start(Class<?> source, Map<String, ?> variables,
			String... defaults) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new SystemEnvironmentPropertySource(
					StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new HashMap<>(variables)));
		SpringApplication application = new SpringApplication(source);
		application.setEnvironment(environment);
		Map<String, Object> properties = new HashMap<>();
		for (String property : defaults) {
			properties.put(property.substring(0, property.indexOf('=')), property.substring(property.indexOf('=') + 1));
		}
		application.setDefaultProperties(properties);
		try {
			return application.run();
		}
		catch (RuntimeException ex) {
			return null;
		}
	}

	private AbstractStringAssert<?> assertRefused(String... properties) {
		StringBuilder message = new StringBuilder();
		this.runner.withPropertyValues(properties).run((context) -> {
			assertThat(context).hasFailed();
			Throwable failure = context.getStartupFailure();
			while (failure != null && !(failure instanceof InvalidSoongPropertyException)) {
				failure = failure.getCause();
			}
			assertThat(failure).isInstanceOf(InvalidSoongPropertyException.class);
			message.append(String.valueOf(failure.getMessage()));
		});
		return assertThat(message.toString()).doesNotContain("s3cret");
	}

	/**
	 * Asks the data source's provider, as an attempt to connect does.
	 */
	private static DatabaseCredentials credentials(ApplicationContext context) throws SQLException {
		SoongDataSource dataSource = dataSource(context);
		DatabaseCredentialsProvider provider = (DatabaseCredentialsProvider) ReflectionTestUtils
			.getField(Objects.requireNonNull(ReflectionTestUtils.getField(dataSource, "opener")), "credentials");
		return Objects.requireNonNull(provider).credentials(dataSource.settings().endpoint());
	}

	private static SoongDataSource dataSource(ApplicationContext context) {
		return context.getBean(SoongDataSource.class);
	}

	private static final class TestDetails implements JdbcConnectionDetails {

		private final String url;

		TestDetails() {
			this("jdbc:postgresql://127.0.0.1:5499/test?loggerLevel=OFF");
		}

		TestDetails(String url) {
			this.url = url;
		}

		@Override
		public String getUsername() {
			return "tester";
		}

		@Override
		public String getPassword() {
			return "s3cret";
		}

		@Override
		public String getJdbcUrl() {
			return this.url;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Reader {

		private static final String HOST = "gizmos.cluster-ro-c0ffee123456.eu-central-1.rds.amazonaws.com";

		@Bean(defaultCandidate = false)
		@Qualifier("reader")
		SoongDataSource reader(SoongDataSource dataSource) {
			return dataSource.forHost(HOST);
		}

		@Bean(defaultCandidate = false)
		@Qualifier("reader")
		SoongTemplate readerTemplate(@Qualifier("reader") SoongDataSource dataSource) {
			return new SoongTemplate(new JdbcTemplate(dataSource));
		}

	}

}
