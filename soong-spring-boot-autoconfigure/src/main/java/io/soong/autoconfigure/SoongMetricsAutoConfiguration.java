package io.soong.autoconfigure;

import io.micrometer.core.instrument.MeterRegistry;
import io.soong.jdbc.SoongDataSource;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
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
@ConditionalOnEnabled({ ConditionalOnEnabled.ALL, "soong.metrics.enabled" })
public final class SoongMetricsAutoConfiguration {

	@Bean
	static DataSourceMeters soongMeters(ObjectProvider<MeterRegistry> registry) {
		return new DataSourceMeters(registry);
	}

}
