package io.soong.slices;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The embedded server is there until the last context has closed.
 */
class ShutdownIntegrationTests {

	@Test
	void beanThatWritesWhenTheJvmEndsFindsTheServerUp() throws Exception {
		Process program = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-cp",
				System.getProperty("java.class.path"), WritingAtTheEnd.class.getName(),
				"--spring.docker.compose.enabled=false")
			.redirectErrorStream(true)
			.start();
		program.getOutputStream().close();
		String output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
		assertThat(output).contains("wrote 500 rows");
		assertThat(program.exitValue()).isZero();
	}

}
