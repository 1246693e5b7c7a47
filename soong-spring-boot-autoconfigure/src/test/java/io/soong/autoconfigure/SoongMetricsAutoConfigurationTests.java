package io.soong.autoconfigure;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.soong.jdbc.SoongDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Soong's meters in an application whose registry fails.
 */
@ExtendWith(OutputCaptureExtension.class)
class SoongMetricsAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SoongAutoConfiguration.class, SoongMetricsAutoConfiguration.class,
				DataSourceAutoConfiguration.class))
		.withPropertyValues("soong.host=db.example.com", "soong.dbname=gizmos");

	@Test
	void metersAreRegisteredBeforeTheFirstConnection() {
		this.runner.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.run((context) -> assertThat(context.getBean(MeterRegistry.class)
				.get("soong.statements.unknown")
				.tags("server.address", "db.example.com", "server.port", "5432", "db.namespace", "gizmos")
				.counter()
				.count()).isZero());
	}

	@Test
	void applicationWhoseRegistryFailsStartsWithOneWarning(CapturedOutput output) {
		this.runner.withBean(MeterRegistry.class, FailingRegistry::new).run((context) -> {
			assertThat(context).hasNotFailed().hasSingleBean(SoongDataSource.class);
			assertThat(output.getAll())
				.containsOnlyOnce("There are no meters of the connections to "
						+ "db.example.com:5432/gizmos, because the meter registry failed. Correct the registry, or set "
						+ "soong.metrics.enabled=false")
				.containsOnlyOnce("IllegalStateException: the registry is full");
		});
	}

	/**
	 * A registry that takes no counter.
	 */
	private static final class FailingRegistry extends SimpleMeterRegistry {

		@Override
		protected Counter newCounter(Meter.Id id) {
			throw new IllegalStateException("the registry is full");
		}

	}

}
