package io.soong.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Links lead somewhere, code is that which the build runs, and properties and variables
 * that the pages name exist.
 */
class DocumentationTests {

	private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

	private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

	private static final Pattern FENCED = Pattern.compile("^```.*?^```$", Pattern.DOTALL | Pattern.MULTILINE);

	private static final Pattern JAVA = Pattern.compile("^```java\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

	private static final Pattern BY_HAND = Pattern.compile("\\bby\\s+hand\\b");

	private static final Pattern HEADING = Pattern.compile("^#{1,6} (.+)$", Pattern.MULTILINE);

	/**
	 * A name that is no class, package or call of a method, each of which may begin with
	 * the same word.
	 */
	private static final Pattern PROPERTY = Pattern
		.compile("(?<![\\w./-])soong\\.[a-z]+(?:[.-][a-z]+)*+(?![\\w(.-]*[A-Z(])");

	private static final Pattern VARIABLE = Pattern.compile("\\b(?:SOONG|PG)_[A-Z_]+\\b");

	/**
	 * Set when the build's own tests run, in place of a configuration.
	 */
	private static final Set<String> OF_TESTS = Set.of("soong.reliability.environments", "soong.reliability.budget");

	private static final Set<String> METERS = Set.of(ConnectionMeters.CONNECT, ConnectionMeters.CONNECT_STEP,
			ConnectionMeters.RECONNECTS, ConnectionMeters.WAIT, ConnectionMeters.CANCELLED, ConnectionMeters.CUT,
			ConnectionMeters.UNKNOWN);

	@Test
	void linkLeadsToAFileAndAHeading() throws IOException {
		List<String> broken = new ArrayList<>();
		int links = 0;
		for (Path page : pages()) {
			for (String link : matches(LINK, FENCED.matcher(Files.readString(page)).replaceAll(""), 1)) {
				if (link.matches("[a-z]+:.*")) {
					continue;
				}
				links++;
				String[] parts = link.split("#", 2);
				Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
				if (!Files.exists(target) || (parts.length > 1 && !anchors(target).contains(parts[1]))) {
					broken.add(PROJECT.relativize(page) + ": " + link);
				}
			}
		}
		assertThat(broken).isEmpty();
		assertThat(links).isGreaterThan(50);
	}

	@Test
	void codeOnAPageIsInTheSourcesOrSaidToBeElsewhere() throws IOException {
		String sources = sources();
		List<String> unknown = new ArrayList<>();
		int blocks = 0;
		for (Path page : pages()) {
			String text = Files.readString(page);
			for (MatchResult block : JAVA.matcher(text).results().toList()) {
				blocks++;
				String before = text.substring(Math.max(0, block.start() - 300), block.start());
				if (!sources.contains(withoutSpace(block.group(1))) && !BY_HAND.matcher(before).find()) {
					unknown.add(PROJECT.relativize(page) + ": " + block.group(1));
				}
			}
		}
		assertThat(unknown).isEmpty();
		assertThat(blocks).isGreaterThan(10);
	}

	@Test
	void propertyThatAPageNamesExists() throws IOException {
		Set<String> known = new TreeSet<>(ConfigurationNames.read().properties());
		known.addAll(propertiesOfThePlugin());
		known.addAll(OF_TESTS);
		known.addAll(METERS);
		List<String> unknown = new ArrayList<>();
		Set<String> named = new TreeSet<>();
		for (Path page : pages()) {
			for (String name : matches(PROPERTY, Files.readString(page), 0)) {
				named.add(name);
				if (!known.contains(name) && !name.startsWith("soong.connection.properties.")) {
					unknown.add(PROJECT.relativize(page) + ": " + name);
				}
			}
		}
		assertThat(unknown).isEmpty();
		assertThat(named).contains("soong.connect-timeout", "soong.snapstart.event", "soong.main-class");
	}

	@Test
	void variableThatAPageNamesExists() throws IOException {
		Set<String> known = ConfigurationNames.read().variables();
		for (Path page : pages()) {
			assertThat(known).as(page.toString()).containsAll(matches(VARIABLE, Files.readString(page), 0));
		}
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			set `soong.host`, true
			soong.iam.region=eu-west-1, true
			soong.get("gizmos"), false
			io.soong.lambda, false
			soong.test.RdsLookalike, false
			soong.query.get(conn), false
			soong.inTransaction, false
			""")
	void propertyIsToldFromCodeByItsForm(String text, boolean property) {
		assertThat(PROPERTY.matcher(text).find()).isEqualTo(property);
	}

	private static Set<String> propertiesOfThePlugin() throws IOException {
		Set<String> properties = new TreeSet<>();
		try (Stream<Path> files = Files.walk(PROJECT.resolve("soong-maven-plugin/src/main/java"))) {
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				properties
					.addAll(matches(Pattern.compile("property = \"(soong[\\w.-]+)\""), Files.readString(file), 1));
			}
		}
		return properties;
	}

	private static String sources() throws IOException {
		StringBuilder sources = new StringBuilder();
		try (Stream<Path> files = Files.walk(PROJECT)) {
			for (Path file : files.filter((file) -> file.toString().endsWith(".java")).toList()) {
				if (!PROJECT.relativize(file).toString().contains("target")) {
					sources.append(withoutSpace(Files.readString(file)));
				}
			}
		}
		return sources.toString();
	}

	private static String withoutSpace(String text) {
		return text.replaceAll("\\s+", "");
	}

	private static List<Path> pages() throws IOException {
		try (Stream<Path> root = Files.list(PROJECT); Stream<Path> docs = Files.list(PROJECT.resolve("docs"))) {
			return Stream.concat(root, docs).filter((file) -> file.toString().endsWith(".md")).sorted().toList();
		}
	}

	// As GitHub makes them
	private static Set<String> anchors(Path page) throws IOException {
		return matches(HEADING, FENCED.matcher(Files.readString(page)).replaceAll(""), 1).stream()
			.map((heading) -> heading.replaceAll("\\[([^]]*)\\]\\([^)]*\\)", "$1")
				.toLowerCase(Locale.ROOT)
				.replaceAll("[^\\w\\- ]", "")
				.replace(' ', '-'))
			.collect(Collectors.toSet());
	}

	private static List<String> matches(Pattern pattern, String text, int group) {
		return pattern.matcher(text).results().map((MatchResult result) -> result.group(group)).toList();
	}

}
