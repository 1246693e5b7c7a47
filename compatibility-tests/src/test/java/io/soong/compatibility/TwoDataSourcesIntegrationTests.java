package io.soong.compatibility;

import io.soong.jdbc.SoongDataSource;
import io.soong.sql.SoongTemplate;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.support.TransactionOperations;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A second data source, which is no candidate by default.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.NONE,
		properties = { "soong.user=reports", "soong.password=secret-of-a-test", "soong.ssl.mode=require" })
class TwoDataSourcesIntegrationTests {

	private static final String BACKEND = "SELECT pg_backend_pid()";

	private static final RdsLookalike RDS = RdsLookalike.builder().passwordUser("reports", "secret-of-a-test").start();

	@Autowired
	private SoongTemplate template;

	@Autowired
	@Qualifier("reader")
	private SoongTemplate reader;

	@DynamicPropertySource
	static void connect(DynamicPropertyRegistry properties) {
		properties.add("soong.host", RDS::address);
		properties.add("soong.port", RDS::port);
		properties.add("soong.dbname", RDS::database);
	}

	@AfterAll
	static void stop() {
		RDS.close();
	}

	@Test
	void librariesAndTransactionsStayWithTheFirst(@Autowired JdbcClient client,
			@Autowired TransactionOperations transactions) {
		transactions.executeWithoutResult((status) -> {
			Integer backend = client.sql(BACKEND).query(Integer.class).single();
			assertThat(this.template.query(Integer.class, BACKEND)).containsExactly(backend);
			assertThat(this.reader.query(Integer.class, BACKEND)).doesNotContain(backend);
		});
	}

	/**
	 * Without what the other tests define.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Readers {

		@Bean(defaultCandidate = false)
		@Qualifier("reader")
		SoongDataSource readerDataSource(SoongDataSource dataSource) {
			return dataSource.forHost("localhost");
		}

		@Bean(defaultCandidate = false)
		@Qualifier("reader")
		SoongTemplate readerTemplate(@Qualifier("reader") SoongDataSource dataSource) {
			return new SoongTemplate(new JdbcTemplate(dataSource));
		}

	}

}
