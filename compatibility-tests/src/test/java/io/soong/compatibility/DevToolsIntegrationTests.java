package io.soong.compatibility;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.devtools.restart.Restarter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * DevTools, which restarts the application in the same JVM.
 */
class DevToolsIntegrationTests {

	@Test
	void restartClosesTheConnectionAndOpensAnother(@TempDir Path folder) throws Exception {
		Path output = folder.resolve("output");
		try (RdsLookalike rds = RdsLookalike.start()) {
			ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(),
					"-cp", System.getProperty("java.class.path"), Restarted.class.getName(),
					"--spring.main.web-application-type=none", "--soong.auth=iam")
				.redirectErrorStream(true)
				.redirectOutput(output.toFile());
			builder.environment().putAll(rds.environment());
			Process application = builder.start();
			try {
				assertThat(application.waitFor(5, TimeUnit.MINUTES)).as(Files.readString(output)).isTrue();
			}
			finally {
				application.destroyForcibly();
			}
			assertThat(Files.readString(output)).contains("The first connection is closed");
			assertThat(rds.logins()).hasSize(2);
		}
	}

	/**
	 * Restarts itself once, and ends when the connection of its first start is gone.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Restarted {

		private static final String FIRST = "backend-of-the-first-start";

		public static void main(String[] arguments) {
			SpringApplication.run(Restarted.class, arguments);
		}

		@Bean
		ApplicationRunner restart(JdbcClient client) {
			return (arguments) -> {
				Integer first = Integer.getInteger(FIRST);
				if (first == null) {
					System.setProperty(FIRST, client.sql("SELECT pg_backend_pid()").query(String.class).single());
					Restarter.getInstance().restart();
					return;
				}
				while (isOpen(client, first)) {
					Thread.onSpinWait();
				}
				System.out.println("The first connection is closed");
				System.exit(0);
			};
		}

		private static boolean isOpen(JdbcClient client, int backend) {
			return client.sql("SELECT count(*) FROM pg_stat_activity WHERE pid = ?")
				.param(backend)
				.query(Integer.class)
				.single() > 0;
		}

	}

}
