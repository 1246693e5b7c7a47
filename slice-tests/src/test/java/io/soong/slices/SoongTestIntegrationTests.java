package io.soong.slices;

import java.util.Map;

import javax.sql.DataSource;

import io.soong.jdbc.SoongDataSource;
import io.soong.sql.SoongTemplate;
import io.soong.test.RdsLookalike;
import io.soong.test.SoongTest;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.cloud.function.context.FunctionCatalog;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SoongTest}.
 */
@SoongTest
class SoongTestIntegrationTests {

	@Autowired
	private ApplicationContext context;

	@Autowired
	private SoongTemplate soong;

	@Test
	void sliceHasWhatTalksToTheDatabaseAndNothingElse() {
		assertThat(this.context.getBean(DataSource.class)).isInstanceOf(SoongDataSource.class);
		assertThat(this.context.getBeansOfType(JdbcClient.class)).hasSize(1);
		assertThat(this.context.getBeansOfType(JsonMapper.class)).hasSize(1);
		assertThat(this.context.getBeansOfType(FunctionCatalog.class)).isEmpty();
		assertThat(this.context.getBeansOfType(Catalog.class)).isEmpty();
		assertThat(this.context.getBeansOfType(RdsLookalike.class)).isEmpty();
	}

	@Test
	void databaseIsOfThisContextAndEmbedded() {
		assertThat(this.soong.query(String.class, "SELECT current_database()"))
			.allMatch((name) -> name.matches("test_\\d+"));
		assertThat(this.soong.query(String.class, "SELECT host(inet_server_addr())")).containsExactly("127.0.0.1");
		assertThat(this.soong.query(Boolean.class, "SELECT rolsuper FROM pg_roles WHERE rolname = session_user"))
			.containsExactly(false);
	}

	@RepeatedTest(2)
	void testStartsWithSchemaAndDataAndIsRolledBack() {
		assertThat(this.soong.select("gizmos").columns("name").list(String.class)).containsExactly("Gizmo42");
		this.soong.insert("gizmos", Map.of("name", "Flux", "properties", Map.of("watts", 1210)));
		assertThat(this.soong.query(Integer.class, "SELECT (properties ->> 'watts')::int FROM gizmos WHERE name = ?",
				"Flux"))
			.containsExactly(1210);
	}

}
