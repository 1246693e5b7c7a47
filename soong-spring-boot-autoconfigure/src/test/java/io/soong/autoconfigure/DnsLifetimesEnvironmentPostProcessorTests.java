package io.soong.autoconfigure;

import java.security.Security;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

class DnsLifetimesEnvironmentPostProcessorTests {

	private static final Map<String, Object> ON_LAMBDA = Map.of("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001");

	private final @Nullable String positive = Security.getProperty(DnsLifetimesEnvironmentPostProcessor.POSITIVE);

	private final @Nullable String negative = Security.getProperty(DnsLifetimesEnvironmentPostProcessor.NEGATIVE);

	@BeforeEach
	void setWhatJdkComesWith() {
		set("", "10");
	}

	@AfterEach
	void restore() {
		set((this.positive != null) ? this.positive : "", (this.negative != null) ? this.negative : "10");
		System.clearProperty("sun.net.inetaddr.ttl");
		System.clearProperty("sun.net.inetaddr.negative.ttl");
	}

	@Test
	void lifetimesOnLambdaAreLowered() {
		process(ON_LAMBDA);
		assertLifetimes("1", "0");
	}

	@Test
	void lifetimeThatRuntimeOfLambdaSetIsLowered() {
		set("", "1");
		process(ON_LAMBDA);
		assertLifetimes("1", "0");
	}

	@Test
	void lifetimeThatUserSetByVariableOfLambdaStays() {
		set("", "1");
		process(Map.of("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001", "AWS_LAMBDA_JAVA_NETWORKADDRESS_CACHE_NEGATIVE_TTL",
				"1"));
		assertLifetimes("1", "1");
	}

	@Test
	void lifetimesElsewhereStay() {
		process(Map.of());
		assertLifetimes("", "10");
	}

	@Test
	void lifetimesWhenSoongIsDisabledStay() {
		process(Map.of("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:9001", "soong.enabled", "false"));
		assertLifetimes("", "10");
	}

	@Test
	void lifetimesThatUserSetStay() {
		set("5", "3");
		process(ON_LAMBDA);
		assertLifetimes("5", "3");
	}

	@Test
	void lifetimesThatUserSetBySystemPropertyStay() {
		System.setProperty("sun.net.inetaddr.ttl", "5");
		System.setProperty("sun.net.inetaddr.negative.ttl", "3");
		process(ON_LAMBDA);
		assertLifetimes("", "10");
	}

	private static void process(Map<String, Object> variables) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("test", variables));
		new DnsLifetimesEnvironmentPostProcessor().postProcessEnvironment(environment, new SpringApplication());
	}

	private static void set(String positive, String negative) {
		Security.setProperty(DnsLifetimesEnvironmentPostProcessor.POSITIVE, positive);
		Security.setProperty(DnsLifetimesEnvironmentPostProcessor.NEGATIVE, negative);
	}

	private static void assertLifetimes(String positive, String negative) {
		assertThat(Security.getProperty(DnsLifetimesEnvironmentPostProcessor.POSITIVE)).isEqualTo(positive);
		assertThat(Security.getProperty(DnsLifetimesEnvironmentPostProcessor.NEGATIVE)).isEqualTo(negative);
	}

}
