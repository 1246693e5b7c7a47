package io.soong.slices;

import java.util.Map;

import javax.sql.DataSource;

import io.soong.jdbc.SoongDataSource;
import io.soong.sql.SoongTemplate;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.jdbc.test.autoconfigure.DataJdbcTest;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;
import org.springframework.boot.jooq.test.autoconfigure.JooqTest;
import org.springframework.boot.jpa.test.autoconfigure.TestEntityManager;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Spring Boot's own slices, which keep Soong's data source and find an embedded database
 * behind it.
 */
class BootSlicesIntegrationTests {

	private static final String BACKEND = "SELECT pg_backend_pid()";

	@Nested
	@JdbcTest
	class OfJdbc {

		@Test
		void sliceUsesSoong(@Autowired DataSource dataSource, @Autowired JdbcClient jdbc) {
			assertThat(dataSource).isInstanceOf(SoongDataSource.class);
			assertThat(jdbc.sql("SELECT name FROM gizmos").query(String.class).single()).isEqualTo("Gizmo42");
		}

	}

	@Nested
	@DataJdbcTest
	class OfDataJdbc {

		@Test
		void sliceUsesSoong(@Autowired DataSource dataSource, @Autowired JdbcGizmos gizmos,
				@Autowired SoongTemplate soong) {
			assertThat(dataSource).isInstanceOf(SoongDataSource.class);
			Gizmo flux = gizmos.save(new Gizmo(null, "Flux"));
			assertThat(soong.get("gizmos", Map.of("name", "Flux")))
				.hasValueSatisfying((row) -> assertThat(row.get("id", Integer.class)).isEqualTo(flux.id()));
		}

	}

	@Nested
	@DataJpaTest
	class OfDataJpa {

		@Test
		void sliceUsesSoong(@Autowired DataSource dataSource, @Autowired JpaGizmos gizmos,
				@Autowired TestEntityManager entities, @Autowired SoongTemplate soong) {
			assertThat(dataSource).isInstanceOf(SoongDataSource.class);
			gizmos.saveAndFlush(new GizmoEntity("Flux"));
			assertThat(soong.select("gizmos").count()).isEqualTo(2);
			soong.insert("gizmos", Map.of("name", "Portal gun"));
			assertThat(gizmos.findByName("Portal gun")).isPresent();
			assertThat(entities.getEntityManager().createNativeQuery(BACKEND, Integer.class).getSingleResult())
				.isEqualTo(soong.query(Integer.class, BACKEND).get(0));
		}

	}

	@Nested
	@JooqTest
	class OfJooq {

		@Test
		void sliceUsesSoong(@Autowired DataSource dataSource, @Autowired DSLContext jooq) {
			assertThat(dataSource).isInstanceOf(SoongDataSource.class);
			assertThat(jooq.dialect()).isEqualTo(SQLDialect.POSTGRES);
			jooq.execute("INSERT INTO gizmos (name) VALUES ('Flux')");
			assertThat(jooq.fetchValues("SELECT name FROM gizmos ORDER BY id"))
				.asInstanceOf(InstanceOfAssertFactories.LIST)
				.containsExactly("Gizmo42", "Flux");
		}

		@Test
		void testIsRolledBack(@Autowired DSLContext jooq) {
			assertThat(jooq.fetchCount(DSL.table("gizmos"))).isOne();
		}

	}

}
