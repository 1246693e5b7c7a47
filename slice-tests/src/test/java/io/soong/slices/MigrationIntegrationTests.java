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

	@Nested
	@SoongTest(properties = { "spring.flyway.enabled=true", "spring.sql.init.mode=never", "spring.flyway.user=owner",
			"spring.flyway.password=secret" })
	class ByFlywayWithARoleOfProduction {

		@Test
		void databaseIsMigratedByTheTestsRole(@Autowired SoongTemplate soong) {
			assertThat(soong.query(String.class, NAMES)).containsExactly("Migrated by Flyway");
		}

	}

	@Nested
	@SoongTest(iam = true,
			properties = { "spring.sql.init.username=owner",
					"spring.sql.init.schema-locations=classpath:other-schema.sql",
					"spring.sql.init.data-locations=optional:classpath:none.sql" })
	class ByScriptsWithARoleOfProduction {

		@Test
		void scriptsAreAppliedByTheTestsRole(@Autowired SoongTemplate soong) {
			assertThat(soong.select("gizmos").count()).isZero();
		}

	}

}
