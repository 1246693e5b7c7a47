package io.soong.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the page about getting started to the project that the build of the Maven plugin
 * builds.
 */
class GettingStartedPageTests {

	private static final Path PROJECT = Path.of("..", "plugin-tests", "src", "it", "getting-started");

	private static final Pattern HEADING = Pattern.compile("^## \\d+\\. `(.+)`$", Pattern.MULTILINE);

	private final Page page = Page.read("getting-started.md");

	GettingStartedPageTests() throws IOException {
	}

	@Test
	void filesOnThePageAreThoseOfTheProject() throws IOException {
		List<String> names = HEADING.matcher(this.page.text()).results().map((heading) -> heading.group(1)).toList();
		assertThat(names).hasSize(5);
		for (String name : names) {
			String extension = name.substring(name.lastIndexOf('.') + 1);
			assertThat(this.page.blocks(extension)).as(name).contains(project(name));
		}
	}

	@Test
	void filesOfTheProjectAreOnThePage() throws IOException {
		try (var files = Files.walk(PROJECT)) {
			List<String> names = files.filter(Files::isRegularFile)
				.map((file) -> PROJECT.relativize(file).toString().replace('\\', '/'))
				.filter((name) -> !name.equals("verify.groovy"))
				.toList();
			assertThat(names).hasSize(5)
				.allSatisfy((name) -> assertThat(this.page.text()).containsPattern("## \\d\\. `" + name + "`"));
		}
	}

	// As the invoker fills it in
	private static String project(String name) throws IOException {
		String parent = Files.readString(Path.of("..", "pom.xml"));
		return Files.readString(PROJECT.resolve(name))
			.replace("@spring-boot.version@", first("<spring-boot.version>(.+)</spring-boot.version>", parent))
			.replace("@project.version@",
					first("<artifactId>soong-parent</artifactId>\\s+<version>(.+)</version>", parent));
	}

	private static String first(String pattern, String text) {
		Matcher matcher = Pattern.compile(pattern).matcher(text);
		assertThat(matcher.find()).as(pattern).isTrue();
		return matcher.group(1);
	}

}
