package io.soong.samples.gizmos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the page about testing to the tests that are run.
 */
class TestingPageTests {

	private static final Path SOURCES = Path.of("src", "test", "java", "io", "soong", "samples", "gizmos");

	@Test
	void testsOnThePageAreThoseThatRun() throws IOException {
		String page = Files.readString(Path.of("..", "..", "docs", "testing.md"));
		List<String> blocks = Pattern.compile("^```java\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
			.matcher(page)
			.results()
			.map((block) -> block.group(1))
			.toList();
		assertThat(blocks).hasSize(5).allSatisfy((block) -> {
			MatchResult name = Pattern.compile("^class (\\w+) ", Pattern.MULTILINE)
				.matcher(block)
				.results()
				.findFirst()
				.orElseThrow();
			assertThat(block).isEqualTo(Files.readString(SOURCES.resolve(name.group(1) + ".java")));
		});
	}

}
