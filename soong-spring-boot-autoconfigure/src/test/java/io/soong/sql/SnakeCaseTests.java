package io.soong.sql;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link Identifier#snakeCase}.
 */
class SnakeCaseTests {

	@ParameterizedTest
	@CsvSource({ "id, id", "unitPrice, unit_price", "homeURL, home_url", "URLPath, url_path", "URL, url", "aBC, a_bc",
			"address2, address2", "line2Text, line2_text", "snake_case, snake_case", "mixed_Case, mixed_case", "_x, _x",
			"x$Y, x$_y", "isA, is_a" })
	void ofWhenCamelCaseSeparatesWords(String name, String column) {
		assertThat(Identifier.snakeCase(name)).isEqualTo(column);
	}

}
