package io.soong.sql;

import java.util.List;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * {@link Identifier}.
 */
@NullUnmarked
class IdentifierTests {

	private static final String LONGEST = "a".repeat(63);

	@Test
	void columnWhenNameIsAllowedIsQuoted() {
		for (String name : List.of("a", "z", "A", "Z", "_", "a0", "a9", "a$", LONGEST)) {
			assertThat(Identifier.column(name)).isEqualTo("\"" + name + "\"");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "@", "[", "`", "{", "0", "9", "$", "a/", "a:", "a#", "a%", "a ", "a.", "\u00e9" })
	void columnWhenCharacterIsNotAllowedIsRefused(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> Identifier.column(name))
			.withMessageStartingWith("The column name ")
			.withMessageContaining("a character (U+%04X) that is not allowed there",
					(int) name.charAt(name.length() - 1))
			.withMessageEndingWith("at most 63 long");
	}

	@Test
	void nameWhenPartIsMissingOrLongSaysSo() {
		for (String name : List.of("", ".a", "a.", ".")) {
			assertThatIllegalArgumentException().isThrownBy(() -> Identifier.table(name))
				.withMessageStartingWith("The table name \"" + name + "\" is empty or has an empty part")
				.withMessageEndingWith("at most 63 long, optionally after a schema");
		}
		assertThat(Identifier.table(LONGEST + "." + LONGEST)).isEqualTo("\"" + LONGEST + "\".\"" + LONGEST + "\"");
		assertThatIllegalArgumentException().isThrownBy(() -> Identifier.table("a." + LONGEST + "a"))
			.withMessageContaining("is longer than 63 bytes");
	}

	@Test
	void printableWhenCharactersAreUnsafeEscapesThem() {
		assertThat(Identifier.printable(" ~\u001f\u007f\u0430")).isEqualTo("\" ~\\u001f\\u007f\\u0430\"");
	}

	@Test
	void printableWhenNameIsLongIsCut() {
		assertThat(Identifier.printable("a".repeat(80))).isEqualTo("\"" + "a".repeat(80) + "\"");
		assertThat(Identifier.printable("a".repeat(81))).isEqualTo("\"" + "a".repeat(80) + "...\"");
	}

	@Test
	void parameterWhenNameHasAtMostOnePrefixIsAccepted() {
		for (String name : List.of("search_path", "app.tenant", "a.b")) {
			assertThatCode(() -> Identifier.checkParameter(name)).as(name).doesNotThrowAnyException();
		}
		for (String name : List.of("", ".a", "a.", "a.b.c", "a b", "a b.c", "a.b c", "1a", "a'")) {
			assertThatIllegalArgumentException().as(name)
				.isThrownBy(() -> Identifier.checkParameter(name))
				.withMessageStartingWith("The parameter name \"" + name + "\"")
				.withMessageEndingWith("optionally after a prefix");
		}
		assertThatIllegalArgumentException().isThrownBy(() -> Identifier.checkParameter(null));
	}

}
