package io.soong.sql;

import java.sql.Date;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.TimeZone;
import java.util.stream.Stream;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGStatement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * {@link ScalarConversion} of dates and times, in a time zone with a summer time:
 * 2024-03-31 has no 02:30, 2024-10-27 has it twice.
 */
@NullUnmarked
class TimeConversionTests {

	private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

	private static final TimeZone DEFAULT = TimeZone.getDefault();

	@BeforeAll
	static void setTimeZone() {
		TimeZone.setDefault(TimeZone.getTimeZone(ZONE));
	}

	@AfterAll
	static void resetTimeZone() {
		TimeZone.setDefault(DEFAULT);
	}

	@Test
	void convertWhenValueIsInstantGivesEveryTypeOfInstant() {
		Instant instant = Instant.parse("2024-07-01T10:00:00.123456Z");
		OffsetDateTime value = OffsetDateTime.parse("2024-07-01T10:00:00.123456Z");
		assertConverts(value, instant);
		assertConverts(value, value.toZonedDateTime());
		assertConverts(value, Timestamp.from(instant));
		assertConverts(value, LocalDateTime.parse("2024-07-01T12:00:00.123456"));
	}

	@Test
	void convertWhenValueIsLocalGivesInstantInDefaultZone() {
		LocalDateTime value = LocalDateTime.parse("2024-07-01T12:00:00.123456");
		Instant instant = Instant.parse("2024-07-01T10:00:00.123456Z");
		assertConverts(value, instant);
		assertConverts(value, OffsetDateTime.parse("2024-07-01T12:00:00.123456+02:00"));
		assertConverts(value, ZonedDateTime.of(value, ZONE));
		assertConverts(value, Timestamp.valueOf(value));
	}

	@Test
	void convertWhenValueIsDateGivesItsMidnightInDefaultZone() {
		LocalDate value = LocalDate.of(2024, 7, 1);
		assertConverts(value, LocalDateTime.parse("2024-07-01T00:00"));
		assertConverts(value, Instant.parse("2024-06-30T22:00:00Z"));
		assertConverts(value, OffsetDateTime.parse("2024-07-01T00:00+02:00"));
		assertConverts(value, ZonedDateTime.of(2024, 7, 1, 0, 0, 0, 0, ZONE));
		assertConverts(value, Timestamp.valueOf("2024-07-01 00:00:00"));
		assertConverts(value, new java.util.Date(Date.valueOf("2024-07-01").getTime()));
		assertConverts(value, Date.valueOf("2024-07-01"));
		assertConverts(value.atStartOfDay(), Date.valueOf("2024-07-01"));
		assertConverts(value.atStartOfDay(), value);
		assertConverts(OffsetDateTime.parse("2024-06-30T22:00Z"), Date.valueOf("2024-07-01"));
		assertConverts(OffsetDateTime.parse("2024-06-30T22:00Z"), value);
	}

	@Test
	void convertWhenDateIsFinerThanMillisecondsGivesTimestamp() {
		OffsetDateTime value = OffsetDateTime.parse("2024-07-01T10:00:00.123456Z");
		assertThat(ScalarConversion.time(value, java.util.Date.class)).isEqualTo(Timestamp.from(value.toInstant()));
		OffsetDateTime coarse = OffsetDateTime.parse("2024-07-01T10:00:00.123Z");
		assertConverts(coarse, java.util.Date.from(coarse.toInstant()));
		assertConverts(coarse.atZoneSameInstant(ZONE).toLocalDateTime(), java.util.Date.from(coarse.toInstant()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "00:00", "23:59:59.999", "12:30:00.5" })
	void convertWhenTimeIsNoFinerThanMillisecondsGivesSqlTime(String text) {
		LocalTime value = LocalTime.parse(text);
		Time time = new Time(value.atDate(LocalDate.EPOCH).atZone(ZONE).toInstant().toEpochMilli());
		assertConverts(value, time);
		assertConverts(OffsetTime.parse(value + "+01:00"), time);
		assertThat(time.toLocalTime()).isEqualTo(value.withNano(0));
	}

	static Stream<Arguments> infinities() {
		Stream<Arguments> positive = Stream.of(OffsetDateTime.MAX, LocalDateTime.MAX, LocalDate.MAX)
			.flatMap((value) -> Stream
				.of(Instant.MAX, OffsetDateTime.MAX, OffsetDateTime.MAX.toZonedDateTime(), LocalDateTime.MAX,
						LocalDate.MAX, new Timestamp(PGStatement.DATE_POSITIVE_INFINITY),
						new Date(PGStatement.DATE_POSITIVE_INFINITY),
						new java.util.Date(PGStatement.DATE_POSITIVE_INFINITY))
				.map((expected) -> arguments(value, expected)));
		Stream<Arguments> negative = Stream.of(OffsetDateTime.MIN, LocalDateTime.MIN, LocalDate.MIN)
			.flatMap((value) -> Stream
				.of(Instant.MIN, OffsetDateTime.MIN, OffsetDateTime.MIN.toZonedDateTime(), LocalDateTime.MIN,
						LocalDate.MIN, new Timestamp(PGStatement.DATE_NEGATIVE_INFINITY),
						new Date(PGStatement.DATE_NEGATIVE_INFINITY),
						new java.util.Date(PGStatement.DATE_NEGATIVE_INFINITY))
				.map((expected) -> arguments(value, expected)));
		return Stream.concat(positive, negative);
	}

	@ParameterizedTest
	@MethodSource("infinities")
	void convertWhenValueIsInfiniteStaysSo(Object value, Object expected) {
		assertConverts(value, expected);
	}

	@ParameterizedTest
	@CsvSource({ "2024-03-31T02:30, never occurs", "2024-10-27T02:30, occurs twice" })
	void convertWhenLocalTimeIsNoSingleInstantRefuses(LocalDateTime value, String reason) {
		for (Class<?> target : new Class<?>[] { Instant.class, OffsetDateTime.class, ZonedDateTime.class,
				Timestamp.class, java.util.Date.class }) {
			assertRefuses(value, target, reason);
		}
	}

	@Test
	void convertWhenInstantIsLocalTimeThatOccursTwiceRefuses() {
		assertRefuses(OffsetDateTime.parse("2024-10-27T00:30Z"), LocalDateTime.class, "occurs twice");
		assertRefuses(OffsetDateTime.parse("2024-10-27T01:30Z"), LocalDateTime.class, "occurs twice");
		assertConverts(OffsetDateTime.parse("2024-03-31T01:30Z"), LocalDateTime.parse("2024-03-31T03:30"));
	}

	@Test
	void convertWhenSomethingWouldBeLostRefuses() {
		LocalDateTime noon = LocalDateTime.parse("2024-07-01T12:00");
		for (Class<?> target : new Class<?>[] { LocalDate.class, Date.class }) {
			assertRefuses(noon, target, "midnight");
			assertRefuses(noon.atZone(ZONE).toOffsetDateTime(), target, "midnight");
		}
		assertRefuses(LocalTime.parse("00:00:00.0001"), Time.class, "milliseconds");
		assertRefuses(LocalTime.MAX, Time.class, "milliseconds");
		assertRefuses(OffsetTime.parse("12:00+02:00"), Time.class, "offset");
		for (Class<?> target : new Class<?>[] { Date.class, Timestamp.class, java.util.Date.class }) {
			assertRefuses(LocalDate.of(1582, 10, 10), target, "calendar");
			assertRefuses(LocalDate.of(-44, 3, 15), target, "calendar");
		}
	}

	@ParameterizedTest
	@ValueSource(classes = { Instant.class, LocalDateTime.class, LocalDate.class, Timestamp.class, Date.class,
			java.util.Date.class, OffsetDateTime.class, OffsetTime.class, String.class })
	void convertWhenValueHasNoDateGivesNothing(Class<?> target) {
		assertThat(ScalarConversion.time(LocalTime.NOON, target)).isNull();
	}

	@Test
	void convertWhenMidnightIsMissingTakesTheStartOfTheDay() {
		TimeZone.setDefault(TimeZone.getTimeZone("America/Sao_Paulo"));
		try {
			LocalDate day = LocalDate.of(2018, 11, 4);
			assertConverts(OffsetDateTime.parse("2018-11-04T03:00Z"), day);
			assertConverts(OffsetDateTime.parse("2018-11-04T03:00Z"), Date.valueOf(day));
			assertRefuses(day, Instant.class, "never occurs");
		}
		finally {
			setTimeZone();
		}
	}

	private static void assertConverts(Object value, Object expected) {
		assertThat(ScalarConversion.time(value, expected.getClass())).isExactlyInstanceOf(expected.getClass())
			.isEqualTo(expected);
	}

	private static void assertRefuses(Object value, Class<?> target, String reason) {
		assertThatExceptionOfType(MismatchException.class).isThrownBy(() -> ScalarConversion.time(value, target))
			.withMessageContaining(reason);
	}

}
