package io.soong.jdbc;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import io.soong.auth.DatabaseCredentials;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A class path on which there is no CRaC.
 */
@NullUnmarked
class CracAbsentTests {

	@Test
	void dataSourceWhenCracIsAbsentIsCreatedAllTheSame() throws Exception {
		try (URLClassLoader classLoader = classPathWithoutCrac()) {
			Callable<?> program = (Callable<?>) classLoader.loadClass(Program.class.getName())
				.getDeclaredConstructor()
				.newInstance();
			assertThat(program.call()).isEqualTo("SoongDataSource[localhost:5432/default]");
		}
	}

	private static URLClassLoader classPathWithoutCrac() {
		URL[] urls = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !entry.contains("crac"))
			.map(CracAbsentTests::url)
			.toArray(URL[]::new);
		return new URLClassLoader(urls, ClassLoader.getPlatformClassLoader());
	}

	private static URL url(String entry) {
		try {
			return Path.of(entry).toUri().toURL();
		}
		catch (MalformedURLException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	/**
	 * Runs over there, where every class is another.
	 */
	public static final class Program implements Callable<String> {

		@Override
		public String call() {
			try (SoongDataSource dataSource = new SoongDataSource(ConnectionSettings.builder("localhost").build(),
					(endpoint) -> new DatabaseCredentials("jane_doe", null))) {
				return dataSource.toString();
			}
		}

	}

}
