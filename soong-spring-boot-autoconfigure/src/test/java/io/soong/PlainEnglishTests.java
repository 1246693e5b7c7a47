package io.soong;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Documents, the javadoc, comments and messages of delivered code, and the comments and
 * names of tests contain none of the words that make a reader stop.
 */
class PlainEnglishTests {

	private static final Pattern WORDS = Pattern
		.compile("\\b(mend(s|ed)?|farewells?|kin|affairs?|whoever|somebody|lets? in|on board|in the hands of|"
				+ "gives? back|given back|none with|but for|yet to come|good-bye|politely|manieth|blink of an eye|"
				+ "without a word|opens the door|keeps the book|throws away|to be had|came of|learnt|as ever|puts? right|"
				+ "gone already|whose word|be worked with|hence|lest|thereby|whereby|sees to it|hangs? up|by nature|"
				+ "knows? better|gone without a trace|than it might be|of our own|must not end up|books?|cares?|meant by|doors?|befalls?|"
				+ "heal(s|ed|ing)?|twins?|seldom|how it stands|for all else|all told|nobody (knows|answers|waits|means|"
				+ "logs|tells|may|always)|turn(s|ed)? out|goes on|thus|ought|shall|upon|in vain|hung up|for ever)\\b",
				Pattern.CASE_INSENSITIVE);

	private static final Pattern TEST = Pattern.compile("\\bvoid ([a-z]\\w+)\\(");

	private static final Pattern COMMENT = Pattern.compile("^\\s*(/?\\*|//)");

	@Test
	void textsHoldNoWordThatMakesAReaderStop() throws IOException {
		Path project = project();
		List<String> found = new ArrayList<>();
		List<Path> texts = texts(project);
		for (Path text : texts) {
			List<String> lines = Files.readAllLines(text);
			for (int i = 0; i < lines.size(); i++) {
				String line = lines.get(i);
				Matcher matcher = WORDS.matcher(prose(text, line));
				while (matcher.find()) {
					found.add(project.relativize(text) + ":" + (i + 1) + ": " + matcher.group());
				}
			}
		}
		assertThat(found).isEmpty();
		// All kinds were looked at
		assertThat(texts).anyMatch((text) -> text.endsWith("README.md"))
			.anyMatch((text) -> text.endsWith("SoongTemplate.java"))
			.anyMatch((text) -> text.endsWith("PlainEnglishTests.java"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "the fix, not the mend", "Whoever asks", "it lets in", "roots are on board",
			"what came of it", "It has gone already", "a connection, if there is one to be had" })
	void wordIsFoundWhereItStands(String text) {
		assertThat(WORDS.matcher(text).find()).isTrue();
	}

	@Test
	void wordIsFoundInTheNameOfATest() {
		assertThat(WORDS.matcher(words("rootsAreOnBoard")).find()).isTrue();
		assertThat(WORDS.matcher(words("rowsAreRead")).find()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "recommended", "kind", "a letter in", "but forwards", "whence", "bylaw" })
	void wordIsNotFoundWithinAnother(String text) {
		assertThat(WORDS.matcher(text).find()).isFalse();
	}

	/**
	 * Returns what is read of a line: of tests only comments and names.
	 */
	private static String prose(Path text, String line) {
		if (!isTest(text) || COMMENT.matcher(line).find()) {
			return line;
		}
		Matcher test = TEST.matcher(line);
		return test.find() ? words(test.group(1)) : "";
	}

	private static String words(String name) {
		return name.replaceAll("([A-Z])", " $1");
	}

	private static List<Path> texts(Path project) throws IOException {
		try (Stream<Path> files = Files.walk(project)) {
			return files.filter((file) -> isRead(project.relativize(file).toString().replace('\\', '/'))).toList();
		}
	}

	private static boolean isRead(String file) {
		return !file.contains("target/") && !file.startsWith(".")
				&& (file.endsWith(".md") || (file.contains("src/main/") && file.matches(".*\\.(java|json|yaml|sql)"))
						|| (file.contains("src/test/") && file.endsWith(".java")));
	}

	private static boolean isTest(Path text) {
		return text.toString().replace('\\', '/').contains("/src/test/");
	}

	// Tests run in the folder of their module
	private static Path project() {
		return Path.of("").toAbsolutePath().getParent();
	}

}
