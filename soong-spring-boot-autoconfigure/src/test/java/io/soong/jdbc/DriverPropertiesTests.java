package io.soong.jdbc;

import java.util.Properties;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DriverPropertiesTests {

	@Test
	void propertiesAreThoseThatSoongReliesOn() {
		Properties properties = DriverProperties.base(ConnectionSettings.builder("db.example.com").build());
		assertThat(properties).containsEntry("assumeMinServerVersion", "10")
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

	@Test
	void propertyOfTheUserWins() {
		Properties properties = DriverProperties
			.base(ConnectionSettings.builder("p.proxy-c0ffee.eu-central-1.rds.amazonaws.com")
				.driverProperty("prepare-threshold", "3")
				.build());
		assertThat(properties).containsEntry("prepareThreshold", "3");
	}

}
