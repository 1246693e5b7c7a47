package io.soong.slices;

import io.soong.jdbc.SoongDataSource;
import io.soong.sql.SoongTemplate;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

@Configuration(proxyBeanMethods = false)
class ReaderConfiguration {

	@Bean(defaultCandidate = false)
	@Qualifier("reader")
	SoongDataSource readerDataSource(SoongDataSource dataSource, @Value("${reader.host}") String host) {
		return dataSource.forHost(host);
	}

	@Bean(defaultCandidate = false)
	@Qualifier("reader")
	SoongTemplate readerTemplate(@Qualifier("reader") SoongDataSource dataSource) {
		return new SoongTemplate(new JdbcTemplate(dataSource));
	}

}
