package io.soong.compatibility;

import javax.sql.DataSource;

import io.soong.jdbc.SoongDataSource;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Spring's JDBC support.
 */
@CompatibilityTest
class JdbcIntegrationTests {

	@Test
	void dataSourceIsSoong(@Autowired DataSource dataSource) {
		assertThat(dataSource).isInstanceOf(SoongDataSource.class);
	}

	@Test
	void templateWritesWhatClientReads(@Autowired JdbcTemplate template, @Autowired JdbcClient client) {
		template.update("INSERT INTO gizmos (name) VALUES (?)", "of JdbcTemplate");
		assertThat(client.sql("SELECT count(*) FROM gizmos WHERE name = :name")
			.param("name", "of JdbcTemplate")
			.query(Integer.class)
			.single()).isOne();
	}

}
