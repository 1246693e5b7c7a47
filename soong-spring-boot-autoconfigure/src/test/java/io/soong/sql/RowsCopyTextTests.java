package io.soong.sql;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.copy.CopyIn;
import org.postgresql.util.ByteStreamWriter;
import org.postgresql.util.PGobject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * {@link RowsCopyText}: what it writes, byte for byte.
 */
@NullUnmarked
class RowsCopyTextTests {

	private static final int BUFFER = 1 << 16;

	private final RecordingCopy copy = new RecordingCopy();

	private final RowsCopyText text = new RowsCopyText(this.copy);

	@Test
	void rowWhenValuesAreSeveralSeparatesThemByTabs() throws SQLException {
		this.text.row(new Object[] { "a", "not copied", null, "" }, new int[] { 0, 2, 3 });
		this.text.row(new Object[] { 1, 2, 3, 4 }, new int[] { 3, 0 });
		this.text.flush();
		assertThat(this.copy.text()).isEqualTo("a\t\\N\t\n4\t1\n");
	}

	@Test
	void flushWhenNothingIsLeftWritesNothing() throws SQLException {
		this.text.flush();
		assertThat(this.copy.sizes).isEmpty();
		this.text.row(new Object[] { "a" }, new int[] { 0 });
		this.text.flush();
		this.text.flush();
		assertThat(this.copy.sizes).containsExactly(2);
	}

	@Test
	void textWhenCharactersAreSpecialEscapesThem() throws SQLException {
		assertThat(written("a\\b\tc\nd\re")).isEqualTo("a\\\\b\\tc\\nd\\re");
		assertThat(written("\\N")).isEqualTo("\\\\N");
		assertThat(written(" \b\f\u000b\u0001\u001f\u007f~")).isEqualTo(" \b\f\u000b\u0001\u001f\u007f~");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0x7f, 0x80, 0xe9, 0x7ff, 0x800, 0x20ac, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x1f600, 0x10ffff })
	void textWhenCharacterIsNotAsciiIsUtf8(int character) throws SQLException {
		String value = "<" + Character.toString(character) + ">";
		assertThat(written(value)).isEqualTo(value);
	}

	@Test
	void textWhenSurrogateIsAloneRefuses() {
		assertThatIllegalArgumentException().isThrownBy(() -> written("a\ud83d"));
		assertThatIllegalArgumentException().isThrownBy(() -> written("a\ude00b"));
	}

	@Test
	void numberWhenWrittenIsItsText() throws SQLException {
		for (Number number : List.of(0, 1, 9, 10, 11, 99, 100, -1, -10, (short) -7, Integer.MIN_VALUE, Long.MAX_VALUE,
				-Long.MAX_VALUE, Long.MIN_VALUE, 1.5, 0.1f, Double.NaN, new BigDecimal("-12.50"))) {
			assertThat(written(number)).isEqualTo(number.toString());
		}
	}

	@Test
	void valueWhenWrittenIsWhatPostgresReads() throws SQLException {
		assertThat(written(true)).isEqualTo("t");
		assertThat(written(false)).isEqualTo("f");
		assertThat(written(new byte[] { 0, 0x1f, (byte) 0xa0, (byte) 0xff })).isEqualTo("\\\\x001fa0ff");
		assertThat(written(new byte[0])).isEqualTo("\\\\x");
		UUID uuid = UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
		assertThat(written(uuid)).isEqualTo("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
		assertThat(written(ScalarParameter.typed("jsonb", "{\"a\": \"\\n\"}"))).isEqualTo("{\"a\": \"\\\\n\"}");
		assertThat(written(new PGobject())).isEqualTo("\\N");
	}

	@Test
	void dateWhenYearHasFourDigitsIsPadded() throws SQLException {
		assertThat(written(LocalDate.of(2024, 2, 29))).isEqualTo("2024-02-29");
		assertThat(written(LocalDate.of(1, 1, 1))).isEqualTo("0001-01-01");
		assertThat(written(LocalDate.of(9999, 12, 31))).isEqualTo("9999-12-31");
	}

	@Test
	void dateWhenYearIsOutsideFourDigitsIsTheDriversText() throws SQLException {
		assertThat(written(LocalDate.of(10000, 1, 1))).isEqualTo("10000-01-01");
		assertThat(written(LocalDate.of(0, 3, 15))).isEqualTo("0001-03-15 BC");
		assertThat(written(LocalDate.MAX)).isEqualTo("infinity");
		assertThat(written(LocalDateTime.of(10000, 1, 1, 2, 3))).isEqualTo("10000-01-01 02:03:00");
		assertThat(written(LocalDateTime.MIN)).isEqualTo("-infinity");
		assertThat(written(OffsetDateTime.of(0, 1, 2, 3, 4, 5, 0, ZoneOffset.UTC)))
			.isEqualTo("0001-01-02 03:04:05+00 BC");
		assertThat(written(OffsetDateTime.MAX)).isEqualTo("infinity");
	}

	@Test
	void timeWhenFractionIsOfMicrosecondsHasSixDigits() throws SQLException {
		assertThat(written(LocalTime.of(1, 2))).isEqualTo("01:02:00");
		assertThat(written(LocalTime.of(23, 59, 58, 1000))).isEqualTo("23:59:58.000001");
		assertThat(written(LocalDateTime.of(2024, 1, 2, 3, 4, 5, 120_000_000))).isEqualTo("2024-01-02 03:04:05.120000");
		assertThat(written(OffsetDateTime.of(2024, 1, 2, 13, 14, 15, 0, ZoneOffset.UTC)))
			.isEqualTo("2024-01-02 13:14:15Z");
	}

	@Test
	void timeWhenFractionIsFinerIsRoundedByTheDriver() throws SQLException {
		assertThat(written(LocalTime.of(1, 2, 3, 1501))).isEqualTo("01:02:03.000002");
		assertThat(written(LocalDateTime.of(2024, 1, 2, 3, 4, 5, 999_999_999))).isEqualTo("2024-01-02 03:04:06");
		assertThat(written(OffsetDateTime.of(2024, 1, 2, 3, 4, 5, 999_999_999, ZoneOffset.UTC)))
			.isEqualTo("2024-01-02 03:04:06+00");
	}

	@Test
	void timeWhenItHasAnOffsetKeepsTheInstant() throws SQLException {
		ZoneOffset offset = ZoneOffset.ofHoursMinutes(5, 30);
		String written = written(OffsetDateTime.of(2024, 1, 2, 3, 4, 5, 0, offset));
		assertThat(written).isEqualTo("2024-01-02 03:04:05+05:30");
		assertThat(written(OffsetTime.of(3, 4, 5, 0, offset))).isEqualTo("03:04:05+05:30");
		assertThat(written(Timestamp.valueOf("2024-01-02 03:04:05.6"))).startsWith("2024-01-02 03:04:05.6")
			.matches(".*[+-]\\d\\d(:\\d\\d)*");
	}

	@Test
	void rowsWhenLongerThanTheBufferAreWrittenInParts() throws SQLException {
		String[] values = { "-".repeat(BUFFER / 2), "x".repeat(3 * BUFFER), "\u20ac".repeat(BUFFER),
				"\\".repeat(BUFFER), Character.toString(0x1f600).repeat(BUFFER), "" };
		this.text.row(values, IntStream.range(0, values.length).toArray());
		this.text.row(new Object[] { new byte[BUFFER] }, new int[] { 0 });
		this.text.flush();
		assertThat(this.copy.text())
			.isEqualTo(String.join("\t", values).replace("\\", "\\\\") + "\n\\\\x" + "00".repeat(BUFFER) + "\n");
		assertThat(this.copy.sizes.subList(0, this.copy.sizes.size() - 1)).hasSizeGreaterThan(10)
			.allMatch((size) -> size > BUFFER - 100 && size <= BUFFER, "nearly full");
	}

	@Test
	void rowWhenColumnsAreManyFitsInTheBuffer() throws SQLException {
		Object[] values = IntStream.range(0, BUFFER).boxed().toArray();
		this.text.row(values, IntStream.range(0, BUFFER).toArray());
		this.text.flush();
		assertThat(this.copy.text())
			.isEqualTo(IntStream.range(0, BUFFER).mapToObj(Integer::toString).collect(Collectors.joining("\t")) + "\n");
	}

	private String written(Object value) throws SQLException {
		this.text.row(new Object[] { value }, new int[] { 0 });
		this.text.flush();
		String written = this.copy.text();
		this.copy.bytes.reset();
		assertThat(written).endsWith("\n");
		return written.substring(0, written.length() - 1);
	}

	private static final class RecordingCopy implements CopyIn {

		private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

		private final List<Integer> sizes = new ArrayList<>();

		@Override
		public void writeToCopy(byte[] buffer, int offset, int size) {
			this.bytes.write(buffer, offset, size);
			this.sizes.add(size);
		}

		String text() {
			return this.bytes.toString(StandardCharsets.UTF_8);
		}

		@Override
		public void writeToCopy(ByteStreamWriter from) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void flushCopy() {
			throw new UnsupportedOperationException();
		}

		@Override
		public long endCopy() {
			throw new UnsupportedOperationException();
		}

		@Override
		public int getFieldCount() {
			throw new UnsupportedOperationException();
		}

		@Override
		public int getFormat() {
			throw new UnsupportedOperationException();
		}

		@Override
		public int getFieldFormat(int field) {
			throw new UnsupportedOperationException();
		}

		@Override
		public boolean isActive() {
			throw new UnsupportedOperationException();
		}

		@Override
		public void cancelCopy() {
			throw new UnsupportedOperationException();
		}

		@Override
		public long getHandledRowCount() {
			throw new UnsupportedOperationException();
		}

	}

}
