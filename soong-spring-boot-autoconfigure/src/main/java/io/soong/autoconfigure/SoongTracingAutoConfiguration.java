package io.soong.autoconfigure;

import io.soong.jdbc.SoongDataSource;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of what keeps a {@link SoongDataSource} injectable that a tracer
 * wraps: datasource-micrometer, or another that uses datasource-proxy.
 */
@AutoConfiguration
@ConditionalOnClass(name = "net.ttddyy.dsproxy.support.ProxyDataSource")
@ConditionalOnEnabled
public final class SoongTracingAutoConfiguration {

	@Bean
	static WrappedDataSourcePostProcessor soongWrappedDataSourcePostProcessor(Environment environment) {
		return new WrappedDataSourcePostProcessor(environment);
	}

}
