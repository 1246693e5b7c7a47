package io.soong.autoconfigure;

import javax.sql.DataSource;

import io.soong.sql.SoongTemplate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.transaction.PlatformTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;

class DataSourceLeftToBootFailureAnalyzerTests {

	private final MockEnvironment environment = new MockEnvironment().withProperty("spring.datasource.url",
			"jdbc:postgresql://localhost/x");

	@ParameterizedTest
	@ValueSource(classes = { SoongTemplate.class, DataSource.class, JdbcTemplate.class, JdbcClient.class })
	void missingBeanThatNeedsADataSourceIsExplained(Class<?> type) {
		assertThat(analyze(new NoSuchBeanDefinitionException(type))).extracting(FailureAnalysis::getDescription)
			.asString()
			.startsWith("There is no " + type.getSimpleName());
	}

	@Test
	void missingBeanOfAnotherTypeIsLeftToBoot() {
		assertThat(analyze(new NoSuchBeanDefinitionException(PlatformTransactionManager.class))).isNull();
		assertThat(analyze(new NoSuchBeanDefinitionException(String.class))).isNull();
		assertThat(analyze(new NoSuchBeanDefinitionException("dataSource"))).isNull();
		assertThat(analyze(new IllegalStateException("no DataSource"))).isNull();
	}

	@Test
	void missingDataSourceWhereSoongsHostIsSetIsLeftToBoot() {
		this.environment.setProperty("soong.host", "db.example.com");
		assertThat(analyze(new NoSuchBeanDefinitionException(DataSource.class))).isNull();
	}

	@Test
	void missingDataSourceWhereNoUrlIsSetIsLeftToBoot() {
		this.environment.setProperty("spring.datasource.url", " ");
		assertThat(analyze(new NoSuchBeanDefinitionException(DataSource.class))).isNull();
	}

	private @Nullable FailureAnalysis analyze(Exception failure) {
		return new DataSourceLeftToBootFailureAnalyzer(this.environment).analyze(failure);
	}

}
