package io.soong.autoconfigure;

import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

import io.micrometer.core.instrument.MeterRegistry;
import io.soong.auth.DatabaseEndpoint;
import io.soong.jdbc.SoongDataSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of Soong's meters, for every bean that is a {@link SoongDataSource},
 * where there is a {@link MeterRegistry}.
 */
@AutoConfiguration(afterName = {
		"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
		"org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration" })
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnSingleCandidate(MeterRegistry.class)
@ConditionalOnBooleanProperty(name = { "soong.enabled", "soong.metrics.enabled" }, matchIfMissing = true)
public final class SoongMetricsAutoConfiguration {

	private static final Log logger = LogFactory.getLog(SoongDataSource.class);

	@Bean
	DataSourceObservation soongMeters(MeterRegistry registry) {
		Set<SoongDataSource> observed = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
		return (dataSource) -> {
			if (observed.add(dataSource)) {
				observe(dataSource, registry);
			}
		};
	}

	/**
	 * Never throws, because a registry that fails must not prevent the start.
	 */
	private static void observe(SoongDataSource dataSource, MeterRegistry registry) {
		DatabaseEndpoint endpoint = dataSource.settings().endpoint();
		try {
			dataSource.observe(new ConnectionMeters(registry, endpoint));
		}
		catch (RuntimeException | LinkageError ex) {
			logger
				.warn("There are no meters of the connections to " + endpoint + ", because the meter registry failed. "
						+ "Correct the registry, or set soong.metrics.enabled=false", ex);
		}
	}

	@Bean
	static BeanPostProcessor soongMetersPostProcessor(ObjectProvider<DataSourceObservation> meters) {
		return new MetersPostProcessor(meters);
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
				this.meters.getObject().observe(dataSource);
			}
			return bean;
		}

	}

}
