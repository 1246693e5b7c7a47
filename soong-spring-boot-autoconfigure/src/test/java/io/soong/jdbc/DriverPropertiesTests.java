package io.soong.jdbc;

import java.util.List;
import java.util.Properties;

import io.soong.auth.DatabaseCredentials;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

class DriverPropertiesTests {

	@Test
	void propertiesAreThoseThatSoongReliesOn() {
		Properties properties = DriverProperties
			.base(ConnectionSettings.builder("db.example.com").dbname("gizmos").applicationName("shop").build());
		assertThat(properties).containsEntry("PGDBNAME", "gizmos")
			.containsEntry("ApplicationName", "shop")
			.containsEntry("assumeMinServerVersion", "10")
			.containsEntry("logServerErrorDetail", "false")
			.containsEntry("tcpKeepAlive", "true")
			.containsEntry("gssEncMode", "disable")
			.containsEntry("sslmode", "verify-full")
			.doesNotContainKey("prepareThreshold");
	}

	@Test
	void statementsBehindAProxyAreNotNamed() {
		Properties properties = DriverProperties
			.base(ConnectionSettings.builder("p.proxy-c0ffee.eu-central-1.rds.amazonaws.com").build());
		assertThat(properties).containsEntry("prepareThreshold", "0");
	}

	@ParameterizedTest
	@CsvSource({ "p.proxy-c0ffee, prepare-threshold, 5, prepareThreshold", "p.proxy-c0ffee, prepareThreshold, 0,",
			"p.proxy-c0ffee, current-schema, shop, currentSchema", "p.proxy-c0ffee, read-only-mode, transaction,",
			"p.proxy-c0ffee, read-only-mode, always, readOnlyMode", "p.proxy-c0ffee, socket-timeout, 5,",
			"gizmos.c0ffee, prepareThreshold, 5," })
	void pinningIsWhatTheUserSetBehindAProxy(String name, String property, String value, @Nullable String pinning) {
		ConnectionSettings settings = ConnectionSettings.builder(name + ".eu-central-1.rds.amazonaws.com")
			.driverProperty(property, value)
			.build();
		assertThat(DriverProperties.pinning(settings))
			.containsExactlyElementsOf((pinning != null) ? List.of(pinning) : List.of());
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void pinningIsWarnedOfWhenTheDataSourceIsCreated(CapturedOutput output) {
		ConnectionSettings settings = ConnectionSettings.builder("p.proxy-c0ffee.eu-central-1.rds.amazonaws.com")
			.driverProperty("currentSchema", "shop")
			.build();
		new SoongDataSource(settings, (endpoint) -> new DatabaseCredentials("bob", "secret")).close();
		assertThat(output).contains("soong.connection.properties.currentSchema makes an RDS Proxy pin sessions");
	}

	@Test
	void propertyOfTheUserWins() {
		Properties properties = DriverProperties
			.base(ConnectionSettings.builder("p.proxy-c0ffee.eu-central-1.rds.amazonaws.com")
				.driverProperty("prepare-threshold", "3")
				.build());
		assertThat(properties).containsEntry("prepareThreshold", "3");
	}

}
