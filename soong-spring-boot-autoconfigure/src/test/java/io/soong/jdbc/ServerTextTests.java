package io.soong.jdbc;

import java.sql.SQLException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Text of a server or a provider says what happened, on one line and without secrets.
 */
class ServerTextTests {

	@ParameterizedTest
	@ValueSource(strings = { "\n", "\r\n", "\u0000", "\u0007", "\u001b[2J", "\u007f", "\u0085", "\u009b2J", "\u2028",
			"\u2029", "\u202e", "\u2066", "\u200f" })
	void controlCharacterBecomesASpace(String control) {
		String text = "one" + control + "two";
		String line = "one " + control.replaceAll("^[^\\w\\[]+", "") + "two";
		assertThat(ServerText.withoutFullStop(text)).isEqualTo(line);
		assertThat(ServerText.onOneLine(text)).isEqualTo(line);
	}

	@Test
	void nameInOtherScriptsIsKept() {
		String text = "\u8868 \u0645\u0631\u0636\u0649 \uD83D\uDE80 \uD83D\uDC69\u200D\u2695\uFE0F \u00FCber";
		assertThat(ServerText.onOneLine(text)).isEqualTo(text);
	}

	@ParameterizedTest
	@ValueSource(strings = { "password=s3cret", "Password: s3cret", "\"password\":\"s3cret\"", "{passwd='s3cret'}",
			"AWS_SECRET_ACCESS_KEY=s3cret", "secretAccessKey=s3cret,", "sessionToken = s3cret", "pwd=s3cret;",
			"jdbc:postgresql://bob:s3cret@db/x", "https://s3cret@example.com", "db:5432/?X-Amz-Signature=s3cret" })
	void secretIsMasked(String text) {
		assertThat(ServerText.withoutFullStop("Not accepted: " + text)).startsWith("Not accepted: ")
			.contains("******")
			.doesNotContain("s3cret");
	}

	@Test
	void sessionTokenIsMasked() {
		String token = "IQoJb3JpZ2luX2VjEJ3" + "aB+/9".repeat(60);
		assertThat(ServerText.withoutFullStop("The token " + token + " has expired."))
			.isEqualTo("The token ****** has expired");
		assertThat(ServerText.onOneLine("of " + token)).isEqualTo("of ******");
	}

	@ParameterizedTest
	@ValueSource(strings = { "password authentication failed for user \"bob\"",
			"The security token included in the request is invalid", "InvalidClientTokenId: the token is not known",
			"Set soong.password (PG_PASSWORD)" })
	void wordsAboutSecretsAreKept(String text) {
		assertThat(ServerText.withoutFullStop(text)).isEqualTo(text);
	}

	@Test
	void textIsShortened() {
		assertThat(ServerText.withoutFullStop("a b ".repeat(25_000_000))).hasSizeLessThan(310).endsWith("...");
		assertThat(ServerText.onOneLine("a b ".repeat(25_000_000))).hasSizeLessThan(1010).endsWith("...");
	}

	@Test
	void failureOfTheDriverItselfHasNoServerText() {
		assertThat(ServerText.of(new SQLException("broken"))).isNull();
	}

}
