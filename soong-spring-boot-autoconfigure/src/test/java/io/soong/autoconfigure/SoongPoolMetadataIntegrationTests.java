package io.soong.autoconfigure;

import java.sql.Connection;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.soong.SharedRds;
import io.soong.jdbc.SoongDataSource;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.metrics.DataSourcePoolMetricsAutoConfiguration;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Boot's meters of connections, on a real data source.
 */
class SoongPoolMetadataIntegrationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SoongAutoConfiguration.class, DataSourceAutoConfiguration.class,
				DataSourcePoolMetricsAutoConfiguration.class))
		.withBean(MeterRegistry.class, SimpleMeterRegistry::new);

	@Test
	void metersCountConnections() {
		this.runner
			.withBean(SoongDataSource.class,
					() -> new SoongDataSource(SharedRds.settings().max(3).build(), SharedRds.iam()))
			.run((context) -> {
				SoongDataSource dataSource = context.getBean(SoongDataSource.class);
				context.getBeansOfType(MeterBinder.class)
					.values()
					.forEach((binder) -> binder.bindTo(context.getBean(MeterRegistry.class)));
				assertThat(value(context.getBean(MeterRegistry.class), "max")).isEqualTo(3);
				assertThat(value(context.getBean(MeterRegistry.class), "idle")).isZero();
				try (Connection connection = dataSource.getConnection()) {
					assertThat(connection.isValid(1)).isTrue();
					assertThat(value(context.getBean(MeterRegistry.class), "active")).isEqualTo(1);
				}
				assertThat(value(context.getBean(MeterRegistry.class), "active")).isZero();
				assertThat(value(context.getBean(MeterRegistry.class), "idle")).isEqualTo(1);
			});
	}

	private static double value(MeterRegistry registry, String name) {
		return registry.get("jdbc.connections." + name).gauge().value();
	}

	@Test
	void providerWithoutMetersIsAbsent() {
		this.runner.withClassLoader(new FilteredClassLoader(MeterRegistry.class))
			.run((context) -> assertThat(context).doesNotHaveBean(DataSourcePoolMetadataProvider.class));
	}

}
