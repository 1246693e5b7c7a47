package io.soong.compatibility;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Actuator's health of the data source.
 */
@CompatibilityTest
class HealthIntegrationTests {

	@Test
	void databaseIsUp(@Autowired @Qualifier("dbHealthContributor") HealthIndicator database) {
		Health health = database.health();
		assertThat(health).isNotNull();
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsEntry("database", "PostgreSQL");
	}

}
