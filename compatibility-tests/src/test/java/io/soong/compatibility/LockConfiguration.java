package io.soong.compatibility;

import javax.sql.DataSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.jdbc.lock.DefaultLockRepository;

/**
 * What Spring Integration's locks are kept by.
 */
@Configuration(proxyBeanMethods = false)
class LockConfiguration {

	@Bean
	DefaultLockRepository lockRepository(DataSource dataSource) {
		return new DefaultLockRepository(dataSource);
	}

}
