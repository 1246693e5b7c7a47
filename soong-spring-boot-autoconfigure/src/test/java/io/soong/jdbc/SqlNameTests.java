package io.soong.jdbc;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SqlNameTests {

	@ParameterizedTest
	@CsvSource(quoteCharacter = '\'', textBlock = """
			gizmos, "gizmos"
			app.orders, "app"."orders"
			Gizmos, "Gizmos"
			"a.b", "a.b"
			app."a ""b"" c", "app"."a ""b"" c"
			"x"".y"."z", "x"".y"."z"
			""")
	void nameIsReadAndQuoted(String text, String quoted) {
		assertThat(SqlName.parse(text)).hasToString(quoted);
		assertThat(SqlName.parse(quoted)).isEqualTo(SqlName.parse(text));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ".", "a.", ".a", "a.b.c", "a\"b", "\"a", "\"\"", "a b", "a\nb" })
	void nameWhenItIsNoneIsRefused(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> SqlName.parse(text))
			.withMessageEndingWith("' is not the name of a table");
	}

}
