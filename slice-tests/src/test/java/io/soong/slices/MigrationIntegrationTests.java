package io.soong.slices;

import io.soong.sql.SoongTemplate;
import io.soong.test.SoongTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Flyway and Liquibase under {@link SoongTest}, over the one connection.
 */
class MigrationIntegrationTests {

	private static final String NAMES = "SELECT name FROM gizmos";

	@Nested
	@SoongTest(properties = { "spring.flyway.enabled=true", "spring.sql.init.mode=never" })
	class ByFlyway {

		@Test
		void databaseIsMigrated(@Autowired SoongTemplate soong) {
			assertThat(soong.query(String.class, NAMES)).containsExactly("Migrated by Flyway");
		}

	}

	@Nested
	@SoongTest(properties = { "spring.liquibase.enabled=true", "spring.sql.init.mode=never" })
	class ByLiquibase {

		@Test
		void databaseIsMigrated(@Autowired SoongTemplate soong) {
			assertThat(soong.query(String.class, NAMES)).containsExactly("Migrated by Liquibase");
		}

	}

}
