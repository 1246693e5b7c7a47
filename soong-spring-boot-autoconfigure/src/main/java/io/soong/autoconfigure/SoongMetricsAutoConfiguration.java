package io.soong.autoconfigure;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

import io.micrometer.core.instrument.MeterRegistry;
import io.soong.jdbc.SoongDataSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of Soong's meters, where there is a {@link MeterRegistry}, and of
 * what lets tracers wrap a {@link SoongDataSource}, where there is one that does.
 */
@AutoConfiguration(afterName = {
		"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
		"org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration" })
@ConditionalOnBooleanProperty(name = "soong.enabled", matchIfMissing = true)
public final class SoongMetricsAutoConfiguration {

	/**
	 * Meters of every bean that is a {@link SoongDataSource}.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterRegistry.class)
	@ConditionalOnSingleCandidate(MeterRegistry.class)
	@ConditionalOnBooleanProperty(name = "soong.metrics.enabled", matchIfMissing = true)
	static class MetersConfiguration {

		@Bean
		DataSourceObservation soongMeters(MeterRegistry registry) {
			Set<SoongDataSource> observed = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
			return (dataSource) -> {
				if (observed.add(dataSource)) {
					dataSource.observe(new ConnectionMeters(registry, dataSource.settings().endpoint()));
				}
			};
		}

		@Bean
		static BeanPostProcessor soongMetersPostProcessor(ObjectProvider<DataSourceObservation> meters) {
			return new MetersPostProcessor(meters);
		}

	}

	/**
	 * For datasource-micrometer, and others that use datasource-proxy.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "net.ttddyy.dsproxy.support.ProxyDataSource")
	static class WrappersConfiguration {

		@Bean
		static WrappedDataSourcePostProcessor soongWrappedDataSourcePostProcessor(Environment environment) {
			return new WrappedDataSourcePostProcessor(environment);
		}

	}

	/**
	 * Sees data sources before others wrap them.
	 */
	private static final class MetersPostProcessor implements BeanPostProcessor {

		private final ObjectProvider<DataSourceObservation> meters;

		MetersPostProcessor(ObjectProvider<DataSourceObservation> meters) {
			this.meters = meters;
		}

		@Override
		public Object postProcessBeforeInitialization(Object bean, String beanName) {
			if (bean instanceof SoongDataSource dataSource) {
				this.meters.forEach((meters) -> meters.observe(dataSource));
			}
			return bean;
		}

	}

}
