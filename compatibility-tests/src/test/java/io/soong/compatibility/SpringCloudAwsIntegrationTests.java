package io.soong.compatibility;

import io.soong.test.Login;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Spring Cloud AWS, whose credentials sign the token of a login by IAM.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.NONE,
		properties = { "soong.auth=iam", "spring.cloud.aws.credentials.access-key=AKIAEXAMPLE",
				"spring.cloud.aws.credentials.secret-key=secret-of-a-test" })
class SpringCloudAwsIntegrationTests {

	private static final RdsLookalike RDS = RdsLookalike.builder()
		.credentials("AKIAEXAMPLE", "secret-of-a-test", null)
		.start();

	@DynamicPropertySource
	static void connect(DynamicPropertyRegistry properties) {
		properties.add("soong.host", RDS::endpoint);
		properties.add("soong.hostaddr", RDS::address);
		properties.add("soong.port", RDS::port);
		properties.add("soong.dbname", RDS::database);
		properties.add("soong.user", () -> RDS.environment().get("PG_USER"));
		properties.add("soong.ssl.root-cert", () -> RDS.caCertificate().toUri().toString());
		properties.add("spring.cloud.aws.region.static", RDS::region);
	}

	@AfterAll
	static void stop() {
		RDS.close();
	}

	@Test
	void loginIsSignedWithItsCredentials(@Autowired JdbcTemplate template) {
		assertThat(template.queryForObject("SELECT session_user", String.class))
			.isEqualTo(RDS.environment().get("PG_USER"));
		assertThat(RDS.logins()).isNotEmpty().allSatisfy((login) -> {
			assertThat(login.accepted()).isTrue();
			assertThat(login.method()).isEqualTo(Login.Method.IAM_TOKEN);
		});
	}

	/**
	 * Without what the other tests define.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Connecting {

	}

}
