package io.soong.autoconfigure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import javax.management.MBeanServer;
import javax.management.ObjectName;

import io.soong.SharedRds;
import io.soong.auth.DatabaseCredentials;
import io.soong.auth.DatabaseCredentialsProvider;
import io.soong.jdbc.SoongDataSource;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.jmx.JmxEndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jmx.JmxAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The endpoint is there only for those who ask for it, and its report holds no secret.
 */
class SoongEndpointIntegrationTests {

	private static final String EXPOSED = "management.endpoints.web.exposure.include=*";

	private static final String ACCESSIBLE = "management.endpoint.soong.access=read-only";

	private final RdsLookalike rds = SharedRds.rds();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withInitializer((context) -> context.getEnvironment().setConversionService(new ApplicationConversionService()))
		.withConfiguration(AutoConfigurations.of(SoongAutoConfiguration.class, SslAutoConfiguration.class,
				EndpointAutoConfiguration.class))
		.withPropertyValues("soong.host=" + this.rds.endpoint(), "soong.hostaddr=" + this.rds.address(),
				"soong.port=" + this.rds.port(), "soong.dbname=" + this.rds.database(), "soong.user=bob",
				"soong.password=" + SharedRds.PASSWORD, "soong.ssl.root-cert=" + this.rds.caCertificate());

	@Test
	void endpointWhenNotAskedForIsAbsent() {
		this.runner.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SoongEndpoint.class));
		this.runner.withPropertyValues(EXPOSED)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SoongEndpoint.class));
		this.runner.withPropertyValues(ACCESSIBLE)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SoongEndpoint.class));
	}

	@Test
	void endpointWithoutActuatorIsAbsent() {
		this.runner.withPropertyValues(EXPOSED, ACCESSIBLE)
			.withClassLoader(new FilteredClassLoader(ConditionalOnAvailableEndpoint.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("soongEndpoint"));
	}

	@Test
	void endpointWhenExposedAndAccessibleReports() {
		this.runner.withPropertyValues(EXPOSED, ACCESSIBLE, "soong.doctor.tables=nowhere").run((context) -> {
			Map<String, Object> report = context.getBean(SoongEndpoint.class).doctor();
			assertThat(report).containsEntry("outcome", "failed");
			assertThat((List<?>) report.get("steps"))
				.extracting((step) -> String.valueOf(((Map<?, ?>) step).get("name")))
				.containsExactly("settings", "dns", "tcp", "tls", "credentials", "login", "server", "rds_iam", "limits",
						"grants");
			String json = JsonMapper.shared().writeValueAsString(report);
			assertThat(json)
				.contains("\"outcome\":\"passed\"", "there is no such table", "\"fixes\":[\"Check soong.doctor.tables")
				.doesNotContain(SharedRds.PASSWORD)
				// The columns of the text
				.doesNotContain("  ");
		});
	}

	@Test
	void endpointLeavesTheConnectionOfTheApplicationAlone() {
		this.runner.withPropertyValues(EXPOSED, ACCESSIBLE).run((context) -> {
			assertThat(context.getBean(SoongEndpoint.class).doctor()).containsEntry("outcome", "passed");
			assertThat(context.getBean(SoongDataSource.class).idleConnections()).isZero();
		});
	}

	@Test
	void endpointWhenReadByManyRunsOnce() {
		CountDownLatch asked = new CountDownLatch(1);
		CountDownLatch answer = new CountDownLatch(1);
		AtomicInteger runs = new AtomicInteger();
		this.runner.withPropertyValues(EXPOSED, ACCESSIBLE)
			.withBean(DatabaseCredentialsProvider.class, () -> (endpoint) -> {
				runs.incrementAndGet();
				asked.countDown();
				await(answer);
				return new DatabaseCredentials("bob", SharedRds.PASSWORD);
			})
			.run((context) -> {
				SoongEndpoint endpoint = context.getBean(SoongEndpoint.class);
				List<Object> reports = Collections.synchronizedList(new ArrayList<>());
				List<Thread> readers = new ArrayList<>();
				Runnable reader = () -> {
					try {
						reports.add(endpoint.doctor());
					}
					catch (Exception ex) {
						reports.add(ex);
					}
				};
				for (int i = 0; i < 5; i++) {
					Thread thread = new Thread(reader);
					readers.add(thread);
					thread.start();
					asked.await();
				}
				for (Thread thread : readers.subList(1, 5)) {
					while (EnumSet.of(Thread.State.NEW, Thread.State.RUNNABLE).contains(thread.getState())) {
						Thread.onSpinWait();
					}
				}
				answer.countDown();
				for (Thread thread : readers) {
					thread.join();
				}
				assertThat(reports).hasSize(5).allMatch((report) -> report == reports.get(0));
				assertThat(runs).hasValue(1);
				assertThat(endpoint.doctor()).isNotSameAs(reports.get(0));
			});
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void endpointIsReadThroughActuator() {
		this.runner
			.withConfiguration(AutoConfigurations.of(JmxAutoConfiguration.class, JmxEndpointAutoConfiguration.class))
			.withPropertyValues(ACCESSIBLE, "spring.jmx.enabled=true", "spring.jmx.default-domain=soong.test",
					"management.endpoints.jmx.exposure.include=soong", "management.endpoints.jmx.domain=soong.test")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				MBeanServer server = context.getBean(MBeanServer.class);
				Object report = server.invoke(new ObjectName("soong.test:type=Endpoint,name=Soong"), "doctor",
						new Object[0], new String[0]);
				assertThat(String.valueOf(report)).contains("outcome=passed", "name=grants");
			});
	}

}
