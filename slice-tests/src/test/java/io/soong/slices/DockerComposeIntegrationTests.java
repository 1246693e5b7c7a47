package io.soong.slices;

import java.util.List;
import java.util.Map;

import io.soong.sql.SoongTemplate;
import io.soong.test.Login;
import io.soong.test.RdsLookalike;
import io.soong.test.SoongTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import org.springframework.beans.BeanUtils;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.docker.compose.core.ConnectionPorts;
import org.springframework.boot.docker.compose.core.ImageReference;
import org.springframework.boot.docker.compose.core.RunningService;
import org.springframework.boot.docker.compose.lifecycle.DockerComposeServicesReadyEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.test.context.ContextConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A service of Docker Compose takes the place of the embedded database. Compose itself is
 * not run: Spring Boot is told that it has started the service.
 */
@SoongTest
@ContextConfiguration(initializers = DockerComposeIntegrationTests.ServiceIsRunning.class)
class DockerComposeIntegrationTests {

	private static final RdsLookalike database = RdsLookalike.builder().passwordUser("composer", "secret").start();

	@AfterAll
	static void stop() {
		database.close();
	}

	@Test
	void serviceIsUsed(@Autowired SoongTemplate soong) {
		assertThat(soong.select("gizmos").count()).isOne();
		assertThat(database.logins()).allSatisfy((login) -> {
			assertThat(login.user()).isEqualTo("composer");
			assertThat(login.method()).isEqualTo(Login.Method.PASSWORD);
		});
	}

	static final class ServiceIsRunning implements ApplicationContextInitializer<ConfigurableApplicationContext> {

		@Override
		@SuppressWarnings({ "unchecked", "rawtypes" })
		public void initialize(ConfigurableApplicationContext context) {
			try {
				Object event = BeanUtils.instantiateClass(DockerComposeServicesReadyEvent.class
					.getDeclaredConstructor(ApplicationContext.class, List.class), context, List.of(new Postgres()));
				for (ApplicationListener listener : SpringFactoriesLoader.loadFactories(ApplicationListener.class,
						getClass().getClassLoader())) {
					if (listener.getClass().getName().contains("DockerComposeServiceConnections")) {
						listener.onApplicationEvent((DockerComposeServicesReadyEvent) event);
					}
				}
			}
			catch (NoSuchMethodException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	private static final class Postgres implements RunningService, ConnectionPorts {

		@Override
		public String name() {
			return "database";
		}

		@Override
		public ImageReference image() {
			return ImageReference.of("postgres:18");
		}

		@Override
		public String host() {
			return database.address();
		}

		@Override
		public ConnectionPorts ports() {
			return this;
		}

		@Override
		public Map<String, @Nullable String> env() {
			return Map.of("POSTGRES_USER", "composer", "POSTGRES_PASSWORD", "secret", "POSTGRES_DB",
					database.database());
		}

		@Override
		public Map<String, String> labels() {
			return Map.of();
		}

		@Override
		public int get(int containerPort) {
			return database.port();
		}

		@Override
		public List<Integer> getAll() {
			return List.of(database.port());
		}

		@Override
		public List<Integer> getAll(@Nullable String protocol) {
			return getAll();
		}

	}

}
