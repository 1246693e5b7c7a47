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

/**
 * Adds meters to every bean that is a {@link SoongDataSource}, before others wrap it. A
 * bean only where there is a meter registry. Thread-safe.
 */
final class DataSourceMeters implements BeanPostProcessor {

	private static final Log logger = LogFactory.getLog(SoongDataSource.class);

	private final ObjectProvider<MeterRegistry> registry;

	private final Set<SoongDataSource> observed = Collections
		.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

	DataSourceMeters(ObjectProvider<MeterRegistry> registry) {
		this.registry = registry;
	}

	/**
	 * Adds the meters, once. Never throws, because a registry that fails must not prevent
	 * the start.
	 */
	void observe(SoongDataSource dataSource) {
		if (!this.observed.add(dataSource)) {
			return;
		}
		DatabaseEndpoint endpoint = dataSource.settings().endpoint();
		try {
			dataSource.observe(new ConnectionMeters(this.registry.getObject(), endpoint));
		}
		catch (RuntimeException | LinkageError ex) {
			logger
				.warn("There are no meters of the connections to " + endpoint + ", because the meter registry failed. "
						+ "Correct the registry, or set soong.metrics.enabled=false", ex);
		}
	}

	@Override
	public Object postProcessBeforeInitialization(Object bean, String beanName) {
		if (bean instanceof SoongDataSource dataSource) {
			observe(dataSource);
		}
		return bean;
	}

}
