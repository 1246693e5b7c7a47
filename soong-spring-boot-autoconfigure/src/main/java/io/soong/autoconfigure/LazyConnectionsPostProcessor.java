package io.soong.autoconfigure;

import io.soong.jdbc.SoongDataSource;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

/**
 * Applies {@code spring.datasource.connection-fetch=lazy} to the auto-configured data
 * source, as Spring Boot does for its own: a transaction borrows the connection with its
 * first statement, and never if it has none.
 */
record LazyConnectionsPostProcessor(Environment environment) implements BeanPostProcessor {

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (beanName.equals(SoongAutoConfiguration.DATA_SOURCE) && bean instanceof SoongDataSource dataSource
				&& "lazy".equalsIgnoreCase(this.environment.getProperty("spring.datasource.connection-fetch"))) {
			return new LazyConnections(dataSource);
		}
		return bean;
	}

	/**
	 * Declares the initial state of a loan, so that the server is not queried in advance.
	 * The isolation level depends on the role and is not assumed.
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
