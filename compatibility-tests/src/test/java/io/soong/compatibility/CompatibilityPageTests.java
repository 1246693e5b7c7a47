package io.soong.compatibility;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootVersion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * The page that lists what is compatible, compared with the tests.
 */
class CompatibilityPageTests {

	private static final Path PAGE = Path.of("../../docs/compatibility.md");

	private static final Path TESTS = Path.of("../src/test/java/io/soong/compatibility");

	@Test
	void pageListsEveryTestAndNoOther() throws IOException {
		assertThat(rows().map((row) -> row[5])).containsExactlyInAnyOrderElementsOf(testClasses());
	}

	@Test
	void pageNamesTheSecondConnectionWhereATestHasIt() throws IOException {
		assertThat(rows().filter((row) -> row[3].contains("soong.connection.max=2")).map((row) -> row[5]))
			.containsExactlyInAnyOrderElementsOf(
					testClasses().stream().filter((name) -> holds(name, "@TwoConnections")).toList());
	}

	@Test
	void pageNamesThisSpringBoot() throws IOException {
		assertThat(Files.readString(PAGE)).contains("Spring Boot " + SpringBootVersion.getVersion());
	}

	@Test
	void versionsOnPageAreThoseOnClassPath() throws IOException {
		assumeThat(Files.readString(PAGE))
			.contains("Spring Boot " + SpringBootVersion.getVersion() + " and its versions");
		List<String> jars = Arrays
			.stream(System.getProperty("java.class.path").split(Pattern.quote(System.getProperty("path.separator"))))
			.map((entry) -> Path.of(entry).getFileName().toString())
			.toList();
		assertThat(rows().map((row) -> row[2]).filter((artifact) -> !artifact.equals("-")).toList()).isNotEmpty()
			.allSatisfy((artifact) -> assertThat(jars).contains(artifact.replace(' ', '-') + ".jar"));
	}

	// The first cell is empty, as rows begin with a bar
	private static Stream<String[]> rows() throws IOException {
		return Files.readAllLines(PAGE)
			.stream()
			.filter((line) -> line.startsWith("| ") && line.contains("Tests"))
			.map((line) -> Arrays.stream(line.split("\\|"))
				.map((cell) -> cell.replace("`", "").strip())
				.toArray(String[]::new));
	}

	private static boolean holds(String testClass, String text) {
		try {
			return Files.readString(TESTS.resolve(testClass + ".java")).contains(text);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<String> testClasses() throws IOException {
		try (Stream<Path> files = Files.list(TESTS)) {
			return files.map((file) -> file.getFileName().toString())
				.filter((name) -> name.endsWith("IntegrationTests.java"))
				.map((name) -> name.replace(".java", ""))
				.toList();
		}
	}

}
