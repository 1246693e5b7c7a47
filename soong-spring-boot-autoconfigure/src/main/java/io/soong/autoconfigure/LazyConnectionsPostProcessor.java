package io.soong.autoconfigure;

import io.soong.jdbc.SoongDataSource;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

/**
 * Honours {@code spring.datasource.connection-fetch=lazy} for the auto-configured data
 * source, as Spring Boot does for its own: a transaction borrows the connection with its
 * first statement, and not at all if it has none.
 */
final class LazyConnectionsPostProcessor implements BeanPostProcessor {

	private final Environment environment;

	LazyConnectionsPostProcessor(Environment environment) {
		this.environment = environment;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (beanName.equals(SoongAutoConfiguration.DATA_SOURCE) && bean instanceof SoongDataSource dataSource
				&& "lazy".equalsIgnoreCase(this.environment.getProperty("spring.datasource.connection-fetch"))) {
			return new LazyConnections(dataSource);
		}
		return bean;
	}

	/**
	 * Knows how a loan begins, so that nothing is asked of the server in advance. The
	 * isolation is up to the role and is not assumed.
	 */
	private static final class LazyConnections extends LazyConnectionDataSourceProxy {

		LazyConnections(SoongDataSource dataSource) {
			setTargetDataSource(dataSource);
			setDefaultAutoCommit(true);
		}

		@Override
		public void checkDefaultConnectionProperties() {
		}

	}

}
