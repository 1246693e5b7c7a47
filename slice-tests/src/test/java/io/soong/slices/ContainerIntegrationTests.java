package io.soong.slices;

import javax.sql.DataSource;

import io.soong.jdbc.SoongDataSource;
import io.soong.sql.SoongTemplate;
import io.soong.test.SoongTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.postgresql.PostgreSQLContainer;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A container takes the place of the embedded database. Skipped where no Docker engine
 * answers; {@code docker-engine.sh}, among the test resources, makes one that needs no
 * registry.
 */
@Testcontainers(disabledWithoutDocker = true)
class ContainerIntegrationTests {

	private static final String IMAGE = "postgres:15";

	@Nested
	@SoongTest
	class AsField {

		@Container
		@ServiceConnection
		static final PostgreSQLContainer postgres = new PostgreSQLContainer(IMAGE);

		@Test
		void containerIsUsed(@Autowired DataSource dataSource, @Autowired SoongTemplate soong) {
			assertThat(dataSource).isInstanceOf(SoongDataSource.class);
			assertThat(soong.query(String.class, "SELECT current_database()"))
				.containsExactly(postgres.getDatabaseName());
			assertThat(soong.query(String.class, "SHOW server_version"))
				.allMatch((version) -> version.startsWith("15."));
			assertThat(soong.select("gizmos").count()).isOne();
		}

	}

	@Nested
	@JdbcTest
	@Import(AsBean.Containers.class)
	class AsBean {

		@Test
		void containerIsUsed(@Autowired DataSource dataSource, @Autowired SoongTemplate soong,
				@Autowired PostgreSQLContainer postgres) {
			assertThat(dataSource).isInstanceOf(SoongDataSource.class);
			assertThat(soong.query(String.class, "SELECT current_user")).containsExactly(postgres.getUsername());
			assertThat(soong.select("gizmos").count()).isOne();
		}

		@TestConfiguration(proxyBeanMethods = false)
		static class Containers {

			@Bean
			@ServiceConnection
			PostgreSQLContainer postgres() {
				return new PostgreSQLContainer(IMAGE).withDatabaseName("gizmos").withUsername("john_doe");
			}

		}

	}

}
