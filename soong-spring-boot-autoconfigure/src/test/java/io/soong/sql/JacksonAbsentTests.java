package io.soong.sql;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * A class path on which there is no Jackson.
 */
@NullUnmarked
class JacksonAbsentTests {

	@Test
	void templateWhenJacksonIsAbsentLoadsAndRefusesJsonOnly() throws Exception {
		try (URLClassLoader classLoader = classPathWithoutJackson()) {
			Callable<?> program = (Callable<?>) classLoader.loadClass(Program.class.getName())
				.getDeclaredConstructor()
				.newInstance();
			assertThat((Boolean) program.call()).isTrue();
		}
	}

	private static URLClassLoader classPathWithoutJackson() {
		URL[] urls = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !entry.contains("jackson"))
			.map(JacksonAbsentTests::url)
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
	public static final class Program implements Callable<Boolean> {

		@Override
		public Boolean call() throws ReflectiveOperationException {
			SoongTemplate soong = new SoongTemplate(new JdbcTemplate(new RecordingDataSource()));
			// As Spring looks at a bean
			assertThat(SoongTemplate.class.getDeclaredMethods()).isNotEmpty();
			Method insert = SoongTemplate.class.getMethod("insert", String.class, Object.class);
			assertThatIllegalArgumentException().isThrownBy(() -> {
				try {
					insert.invoke(soong, "gizmos", Map.of("data", Map.of("a", "secret")));
				}
				catch (InvocationTargetException ex) {
					throw ex.getTargetException();
				}
			})
				.withMessageContainingAll("column \"data\" of table \"gizmos\"", "tools.jackson.core:jackson-databind")
				.withMessageNotContaining("secret");
			return true;
		}

	}

}
