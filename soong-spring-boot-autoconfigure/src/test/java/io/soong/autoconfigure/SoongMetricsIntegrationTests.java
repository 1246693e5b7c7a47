package io.soong.autoconfigure;

import java.lang.reflect.Proxy;
import java.sql.SQLException;

import javax.sql.DataSource;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.soong.SharedRds;
import io.soong.jdbc.SoongDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Soong's meters, with a server that ends sessions.
 */
class SoongMetricsIntegrationTests {

	private final ApplicationContextRunner bare = new ApplicationContextRunner().withConfiguration(AutoConfigurations
		.of(SoongAutoConfiguration.class, SoongMetricsAutoConfiguration.class, DataSourceAutoConfiguration.class));

	private final ApplicationContextRunner runner = this.bare.withBean(MeterRegistry.class, SimpleMeterRegistry::new);

	private final ApplicationContextRunner own = this.runner.withBean(SoongDataSource.class,
			() -> new SoongDataSource(SharedRds.settings().build(), SharedRds.iam()));

	@AfterEach
	void clearFaults() throws SQLException {
		SharedRds.rds().clearFaults();
	}

	@Test
	void metersOfTheDataSourceThatIsConfiguredCountFromItsFirstConnection() {
		this.runner.withPropertyValues("soong.host=" + SharedRds.rds().endpoint(),
				"soong.hostaddr=" + SharedRds.rds().address(), "soong.port=" + SharedRds.rds().port(),
				"soong.dbname=" + SharedRds.rds().database(), "soong.user=bob", "soong.password=" + SharedRds.PASSWORD,
				"soong.connection.eager=on", "soong.ssl.root-cert=" + SharedRds.rds().caCertificate().toUri())
			.run((context) -> {
				execute(context.getBean(DataSource.class));
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				assertThat(registry.get("soong.connection.connect").tag("kind", "cold").timer().count()).isEqualTo(1);
				assertThat(registry.get("soong.connection.connect.step").tag("step", "tls").timer().count())
					.isEqualTo(1);
				assertThat(registry.get("db.client.operation.duration")
					.tags("db.operation.name", "SELECT", "db.namespace", SharedRds.rds().database())
					.timer()
					.count()).isEqualTo(1);
			});
	}

	@Test
	void metersOfADataSourceOfTheApplicationCountReconnects() {
		this.own.run((context) -> {
			execute(context.getBean(DataSource.class));
			SharedRds.rds().killConnections();
			execute(context.getBean(DataSource.class));
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.get("soong.connection.reconnects").tag("reason", "probe").counter().count())
				.isEqualTo(1);
		});
	}

	@Test
	void metersOfADataSourceThatIsWrappedCount() {
		this.own.withBean(WrappingPostProcessor.class).run((context) -> {
			DataSource dataSource = context.getBean(DataSource.class);
			assertThat(dataSource).isNotInstanceOf(SoongDataSource.class);
			execute(dataSource);
			assertThat(context.getBean(MeterRegistry.class)
				.get("soong.connection.connect")
				.tag("kind", "cold")
				.timer()
				.count()).isEqualTo(1);
		});
	}

	@Test
	void metersWhenSwitchedOffAreAbsent() {
		this.own.withPropertyValues("soong.metrics.enabled=false").run(SoongMetricsIntegrationTests::hasNoMeters);
	}

	@Test
	void metersWhenSoongIsSwitchedOffAreAbsent() {
		this.runner.withPropertyValues("soong.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(DataSourceMeters.class));
	}

	@Test
	void metersWithoutARegistryAreAbsent() {
		this.bare.run((context) -> assertThat(context).hasSingleBean(SoongDataSource.class)
			.doesNotHaveBean(DataSourceMeters.class));
	}

	@Test
	void metersWithoutMicrometerAreAbsent() {
		this.bare.withClassLoader(new FilteredClassLoader("io.micrometer.core"))
			.run((context) -> assertThat(context).hasSingleBean(SoongDataSource.class)
				.doesNotHaveBean(DataSourceMeters.class));
	}

	private static void hasNoMeters(ApplicationContext context) {
		execute(context.getBean(DataSource.class));
		assertThat(context.getBean(MeterRegistry.class).getMeters()).isEmpty();
	}

	private static void execute(DataSource dataSource) {
		new JdbcTemplate(dataSource).queryForList("SELECT 1");
	}

	/**
	 * Wraps data sources as tracers do.
	 */
	private static final class WrappingPostProcessor implements BeanPostProcessor {

		@Override
		public Object postProcessAfterInitialization(Object bean, String beanName) {
			return (bean instanceof DataSource) ? Proxy.newProxyInstance(DataSource.class.getClassLoader(),
					new Class<?>[] { DataSource.class }, (proxy, method, args) -> method.invoke(bean, args)) : bean;
		}

	}

}
