package io.soong.sql;

import java.math.BigDecimal;
import java.util.List;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link DatabaseType}.
 */
@NullUnmarked
class DatabaseTypeTests {

	@Test
	void builtInWhenNameIsOfArrayKnowsTheElement() {
		DatabaseType array = DatabaseType.builtIn("_int4");
		assertThat(array.name()).isEqualTo("_int4");
		assertThat(array.displayName()).isEqualTo("int4[]");
		assertThat(array.elementName()).isEqualTo("int4");
		assertThat(array.isArray()).isTrue();
		assertThat(array.isJson()).isFalse();
		assertThat(array.hasJsonElements()).isFalse();
		assertThat(DatabaseType.builtIn("_jsonb").hasJsonElements()).isTrue();
		assertThat(DatabaseType.builtIn("_json").isJson()).isFalse();
	}

	@Test
	void builtInWhenNameIsOfScalarIsNoArray() {
		DatabaseType json = DatabaseType.builtIn("jsonb");
		assertThat(json.displayName()).isEqualTo("jsonb");
		assertThat(json.isJson()).isTrue();
		assertThat(json.isArray()).isFalse();
		assertThat(json.hasJsonElements()).isFalse();
		assertThat(DatabaseType.builtIn("text").isJson()).isFalse();
	}

	@Test
	void builtInWhenNameIsUnknownIsNone() {
		for (String name : List.of("color", "_color", "", "_", "Int4", "[int4")) {
			assertThat(DatabaseType.builtIn(name)).as(name).isNull();
		}
	}

	@Test
	void labelWhenOneDiffersInCaseUnderscoresAndHyphensOnlyIsThat() {
		assertThat(labels("new", "in-progress").label(State.IN_PROGRESS)).isEqualTo("in-progress");
		assertThat(labels("InProgress").label(State.IN_PROGRESS)).isEqualTo("InProgress");
		assertThat(labels("in_progress", "IN_PROGRESS").label(State.IN_PROGRESS)).isEqualTo("IN_PROGRESS");
	}

	@Test
	void labelWhenNoneOrSeveralAreAlikeIsTheName() {
		assertThat(labels().label(State.IN_PROGRESS)).isEqualTo("IN_PROGRESS");
		assertThat(labels("done").label(State.IN_PROGRESS)).isEqualTo("IN_PROGRESS");
		assertThat(labels("in_progress", "in-progress").label(State.IN_PROGRESS)).isEqualTo("IN_PROGRESS");
	}

	@ParameterizedTest
	@CsvSource({ "varchar, 3, abc, true", "varchar, 3, abcd, false", "bpchar, 3, abcd, false", "text, 3, abcd, true",
			"varchar, -5, abcd, true", "varchar, 3, '', true", "varchar, 3, \ud83d\ude00\ud83d\ude00\ud83d\ude00, true",
			"int4, 1, abcd, true" })
	void fitsWhenValueIsTextComparesItsCharacters(String name, int length, String value, boolean fits) {
		assertThat(type(name, length + 4).fits(value)).isEqualTo(fits);
	}

	@ParameterizedTest
	@CsvSource({ "int2, 32767, true", "int2, 32768, false", "int2, -32769, false", "int4, 2147483647, true",
			"int4, 2147483648, false", "int8, 9223372036854775807, true", "int8, 9223372036854775808, false",
			"float4, 3.4e38, true", "float4, -3.5e38, false", "float8, 1e300, true", "money, 1e300, true",
			"numeric, 1e300, true" })
	void fitsWhenValueIsNumberComparesItWithTheLargest(String name, BigDecimal value, boolean fits) {
		assertThat(type(name, -1).fits(value)).isEqualTo(fits);
	}

	@ParameterizedTest
	@CsvSource({ "5, 2, 999.99, true", "5, 2, 1001, false", "5, 2, -1001, false", "2, 3, 0.5, true", "2, 3, 2, false",
			"5, 0, 99999, true", "5, 0, 100001, false" })
	void fitsWhenPrecisionIsKnownComparesTheDigitsBeforeThePoint(int precision, int scale, BigDecimal value,
			boolean fits) {
		assertThat(type("numeric", ((precision << 16) | scale) + 4).fits(value)).isEqualTo(fits);
	}

	@Test
	void fitsWhenNumberIsNotFiniteIsOfFloatsOnly() {
		assertThat(type("float8", -1).fits(Double.NaN)).isTrue();
		assertThat(type("float4", -1).fits(Float.POSITIVE_INFINITY)).isTrue();
		assertThat(type("int4", -1).fits(Double.NaN)).isFalse();
		assertThat(type("int4", -1).fits(true)).isTrue();
	}

	private static DatabaseType type(String name, int modifier) {
		return new DatabaseType(0, modifier, name, name, null, List.of());
	}

	private static DatabaseType labels(String... labels) {
		return new DatabaseType(0, -1, "state", "state", null, List.of(labels));
	}

	enum State {

		IN_PROGRESS

	}

}
