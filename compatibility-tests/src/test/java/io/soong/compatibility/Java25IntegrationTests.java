package io.soong.compatibility;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * The other tests on Java 25, if there is a JDK 25 beside the one that runs this.
 */
class Java25IntegrationTests {

	@Test
	void everythingElseWorksOnJava25(@TempDir Path folder) throws Exception {
		Optional<Path> home = jdk25();
		assumeThat(home).as("a JDK 25").isPresent();
		Path output = folder.resolve("output");
		Process tests = new ProcessBuilder(home.get().resolve("bin/java").toString(), "-cp",
				System.getProperty("java.class.path"), OtherTests.class.getName())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start();
		try {
			assertThat(tests.waitFor(9, TimeUnit.MINUTES)).isTrue();
		}
		finally {
			tests.destroyForcibly();
		}
		assertThat(tests.exitValue()).as(Files.readString(output)).isZero();
	}

	private static Optional<Path> jdk25() throws IOException {
		Path own = Path.of(System.getProperty("java.home")).toRealPath();
		try (Stream<Path> beside = Files.list(Objects.requireNonNull(own.getParent()));
				Stream<Path> named = System.getenv()
					.entrySet()
					.stream()
					.filter((variable) -> variable.getKey().startsWith("JAVA_HOME_25"))
					.map((variable) -> Path.of(variable.getValue()))) {
			return Stream.concat(named, beside).filter(Java25IntegrationTests::isJdk25).findFirst();
		}
	}

	private static boolean isJdk25(Path home) {
		Path release = home.resolve("release");
		try {
			return Files.exists(release) && Files.readString(release).contains("JAVA_VERSION=\"25");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Runs all tests of this package but this, and exits with 1 if one failed or none was
	 * run.
	 */
	static class OtherTests {

		public static void main(String[] arguments) {
			SummaryGeneratingListener listener = new SummaryGeneratingListener();
			LauncherFactory.create()
				.execute(LauncherDiscoveryRequestBuilder.request()
					.selectors(DiscoverySelectors.selectPackage("io.soong.compatibility"))
					.filters(ClassNameFilter.includeClassNamePatterns(".*IntegrationTests(\\$.*)?"),
							ClassNameFilter.excludeClassNamePatterns(Java25IntegrationTests.class.getName()))
					.build(), listener);
			TestExecutionSummary summary = listener.getSummary();
			summary.printTo(new PrintWriter(System.out));
			summary.printFailuresTo(new PrintWriter(System.out), 20);
			System.exit((summary.getTotalFailureCount() == 0 && summary.getTestsSucceededCount() > 20) ? 0 : 1);
		}

	}

}
