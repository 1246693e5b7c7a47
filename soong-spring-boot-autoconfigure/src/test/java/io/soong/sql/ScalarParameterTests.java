package io.soong.sql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PGobject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * {@link ScalarParameter}: what is bound for a single value, alone and in an array.
 */
@NullUnmarked
class ScalarParameterTests {

	private static final ParameterPlace PLACE = new ParameterPlace.Argument("parameter 1", ParameterPlace.Use.PLAIN);

	@Test
	void scalarWhenDriverKnowsTheTypeIsBoundAsItIs() {
		for (Object value : List.of("a", 1, 1L, (short) 1, 1.5, 1.5f, BigDecimal.TEN, true, UUID.randomUUID(),
				new byte[] { 1 }, new PGobject(), LocalDate.EPOCH, LocalTime.NOON, LocalDateTime.MIN,
				OffsetDateTime.MAX, OffsetTime.MIN, new Timestamp(1), new java.sql.Date(1), new Time(1))) {
			assertThat(scalar(value)).isSameAs(value);
		}
	}

	@Test
	void scalarWhenAnotherTypeSaysTheSameIsBoundAsThat() {
		assertThat(scalar(new StringBuilder("ab"))).isEqualTo("ab");
		assertThat(scalar('a')).isEqualTo("a");
		assertThat(scalar(Thread.State.NEW)).isEqualTo("NEW");
		assertThat(scalar((byte) -1)).isEqualTo((short) -1);
		assertThat(scalar(BigInteger.TEN.pow(30))).isEqualTo(BigDecimal.TEN.pow(30).setScale(0));
		assertThat(scalar(Duration.ofHours(25))).isEqualTo(ScalarParameter.typed("interval", "PT25H"));
		assertThat(scalar(Instant.EPOCH)).isEqualTo(OffsetDateTime.of(1970, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC));
		assertThat(scalar(Instant.EPOCH.atZone(ZoneId.of("Asia/Tokyo"))))
			.isEqualTo(OffsetDateTime.of(1970, 1, 1, 9, 0, 0, 0, ZoneOffset.ofHours(9)));
		assertThat(scalar(new Date(1500))).isEqualTo(new Timestamp(1500));
	}

	@Test
	void scalarWhenInstantIsAnEndOfTimeIsInfinite() {
		assertThat(scalar(Instant.MAX)).isEqualTo(OffsetDateTime.MAX);
		assertThat(scalar(Instant.MIN)).isEqualTo(OffsetDateTime.MIN);
	}

	@Test
	void scalarWhenTypeIsUnknownIsRefusedWithoutItsValue() {
		for (Object value : List.of(new AtomicInteger(4711), new Exception("4711"), Map.of("a", 4711))) {
			assertThatIllegalArgumentException().isThrownBy(() -> scalar(value))
				.withMessageStartingWith("The value for parameter 1 is a " + value.getClass().getName())
				.withMessageNotContaining("4711");
		}
	}

	@Test
	void textWhenSurrogateIsAloneIsRefused() {
		assertThat(scalar("a\ud83d\ude00\ud83d\ude00")).isEqualTo("a\ud83d\ude00\ud83d\ude00");
		for (String text : List.of("a\ud83d", "a\ude00b", "a\ud83db", "a\ud83d\ud83d\ude00")) {
			assertThatIllegalArgumentException().isThrownBy(() -> scalar(text))
				.withMessageContaining("half of a surrogate pair, at character 1;");
		}
	}

	@Test
	void arrayWhenElementsAreDatesIsTheTextThatPostgresReads() {
		assertThat(array(LocalDate.of(2024, 2, 9), LocalDate.of(0, 3, 15), LocalDate.of(12345, 1, 1), LocalDate.MAX,
				LocalDate.MIN))
			.isEqualTo(ScalarParameter.typed("_date",
					"{\"2024-02-09\",\"0001-03-15 BC\",\"12345-01-01\",\"infinity\",\"-infinity\"}"));
		assertThat(array(LocalDateTime.of(1, 2, 3, 4, 5), LocalDateTime.MAX, LocalDateTime.MIN))
			.isEqualTo(ScalarParameter.typed("_timestamp", "{\"0001-02-03 04:05:00\",\"infinity\",\"-infinity\"}"));
		assertThat(array(OffsetDateTime.of(2024, 1, 2, 1, 4, 5, 0, ZoneOffset.ofHours(2)),
				OffsetDateTime.of(-43, 3, 15, 12, 0, 0, 0, ZoneOffset.UTC), OffsetDateTime.MAX, OffsetDateTime.MIN))
			.isEqualTo(ScalarParameter.typed("_timestamptz",
					"{\"2024-01-02 01:04:05+02\",\"0044-03-15 12:00:00+00 BC\",\"infinity\",\"-infinity\"}"));
	}

	@Test
	void arrayWhenElementsAreOfJavaSqlIsTheDriversText() {
		assertThat(text(array(new java.sql.Date(0)))).matches("\\{\"19(70-01-01|69-12-31).*\"}");
		assertThat(text(array(Timestamp.valueOf("2024-01-02 03:04:05.6")))).startsWith("{\"2024-01-02 03:04:05.6");
		assertThat(text(array(Time.valueOf("03:04:05")))).startsWith("{\"03:04:05");
	}

	private static Object scalar(Object value) {
		return ScalarParameter.scalar(value, PLACE);
	}

	private static Object array(Object... values) {
		return ArrayParameter.typed(values, PLACE, new Json(null, false));
	}

	private static String text(Object array) {
		return ((PGobject) array).getValue();
	}

}
