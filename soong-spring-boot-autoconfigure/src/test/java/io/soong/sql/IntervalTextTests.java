package io.soong.sql;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link ResultType.IntervalText}.
 */
class IntervalTextTests {

	@ParameterizedTest
	@CsvSource({ "00:00:00, PT0S", "01:02:03, PT1H2M3S", "-00:00:00.5, PT-0.5S", "1 day, PT24H", "-1 days, PT-24H",
			"-1 days +02:03:00.000001, PT-21H-56M-59.999999S", "3 days -04:00:00, PT68H",
			"100000000:00:00, PT100000000H", "PT1H30M, PT1H30M", "P1DT2H, PT26H" })
	void parseWhenLengthIsFixedIsDuration(String text, String duration) {
		assertThat(ResultType.IntervalText.parse(text)).isEqualTo(Duration.parse(duration));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "1 mon", "1 year -2 mons", "1 mon 3 days 04:00:00", "infinity", "-infinity", "P1Y2M",
			"@ 1 hour", "1-2", "10101" })
	void parseWhenLengthIsNotFixedIsTheText(String text) {
		assertThat(ResultType.IntervalText.parse(text)).isEqualTo(text);
	}

	@Test
	void parseWhenNumberIsBeyondAllBoundsIsTheText() {
		assertThat(ResultType.IntervalText.parse("9223372036854775807 days")).isEqualTo("9223372036854775807 days");
		assertThat(ResultType.IntervalText.parse("99999999999999999999 days")).isEqualTo("99999999999999999999 days");
	}

}
