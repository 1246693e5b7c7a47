package io.soong.sql;

import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.postgresql.core.Oid;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link RowsCopy.Columns}: for which values COPY stores what INSERT does.
 */
@NullUnmarked
class RowsCopyTests {

	private static final Map<String, Object> VALUES = new LinkedHashMap<>();
	static {
		VALUES.put("integer", 1);
		VALUES.put("long", 1L);
		VALUES.put("short", (short) 1);
		VALUES.put("decimal", new BigDecimal("1.5"));
		VALUES.put("double", 1.5);
		VALUES.put("float", 1.5f);
		VALUES.put("boolean", true);
		VALUES.put("uuid", UUID.randomUUID());
		VALUES.put("bytes", new byte[256]);
		VALUES.put("date", LocalDate.EPOCH);
		VALUES.put("time", LocalTime.NOON);
		VALUES.put("timetz", OffsetTime.MIN);
		VALUES.put("timestamp", LocalDateTime.MIN);
		VALUES.put("timestamptz", OffsetDateTime.MIN);
	}

	@Test
	void columnWhenValueHasItsTypeTakesIt() {
		takes(Oid.INT2, "integer", "long", "short");
		takes(Oid.INT4, "integer", "long", "short");
		takes(Oid.INT8, "integer", "long", "short");
		takes(Oid.NUMERIC, "integer", "long", "short", "decimal");
		takes(Oid.FLOAT8, "integer", "long", "short", "double");
		takes(Oid.FLOAT4, "integer", "long", "short", "float");
		takes(Oid.BOOL, "boolean");
		takes(Oid.TEXT, "integer", "long", "short", "uuid");
		takes(Oid.VARCHAR, "integer", "long", "short", "uuid");
		takes(Oid.BPCHAR, "integer", "long", "short", "uuid");
		takes(Oid.UUID, "uuid");
		takes(Oid.BYTEA, "bytes");
		takes(Oid.DATE, "date");
		takes(Oid.TIME, "time");
		takes(Oid.TIMETZ, "timetz");
		takes(Oid.TIMESTAMP, "timestamp");
		takes(Oid.TIMESTAMPTZ, "timestamptz");
		takes(Oid.JSONB);
	}

	@Test
	void columnWhenValueHasNoTypeForInsertEitherTakesIt() {
		RowsCopy.Columns.Column column = column(Oid.INT4, "int4", false);
		assertThat(column.takes("x")).isTrue();
		assertThat(column.takes(new Timestamp(0))).isTrue();
		assertThat(column.takes(new Timestamp(0) {
		})).isFalse();
	}

	@Test
	void columnWhenTextHasItsTypeTakesIt() {
		RowsCopy.Columns.Column column = column(Oid.JSONB, "jsonb", false);
		assertThat(column.takes(ScalarParameter.typed("jsonb", "{}"))).isTrue();
		assertThat(column.takes(ScalarParameter.typed("json", "{}"))).isFalse();
	}

	@Test
	void columnWhenBytesAreManyLeavesThemToInsert() {
		assertThat(column(Oid.BYTEA, "bytea", false).takes(new byte[257])).isFalse();
	}

	@Test
	void columnWhenNullIsLeftOutTakesItUnlessAnotherValueIsStored() {
		assertThat(column(Oid.INT4, "int4", false).takes(GivenColumns.LEFT_OUT)).isTrue();
		assertThat(column(Oid.INT4, "int4", true).takes(GivenColumns.LEFT_OUT)).isFalse();
		assertThat(column(Oid.INT4, "int4", true).takes(null)).isTrue();
	}

	@Test
	void rowWhenValueStandsOutsideTheColumnsIsNotTaken() {
		RowsCopy.Columns columns = new RowsCopy.Columns(
				List.of(column(Oid.INT4, "int4", true), column(Oid.BOOL, "bool", false)), new int[] { 1, 3 });
		assertThat(columns.names()).containsExactly("c", "c");
		Object out = GivenColumns.LEFT_OUT;
		assertThat(columns.take(new Object[] { out, 1, out, true, out })).isTrue();
		assertThat(columns.take(new Object[] { out, 1, out, out })).isTrue();
		assertThat(columns.take(new Object[] { 0, 1, out, true, out })).isFalse();
		assertThat(columns.take(new Object[] { null, 1, out, true, out })).isFalse();
		assertThat(columns.take(new Object[] { out, 1, out, true, 4 })).isFalse();
		assertThat(columns.take(new Object[] { out, out, out, true, out })).isFalse();
		assertThat(columns.take(new Object[] { out, null, out, true, out })).isTrue();
		assertThat(columns.take(new Object[] { out, 1, out, 1, out })).isFalse();
	}

	@Test
	void rowsWhenSomeAreNotTakenAreSplitIntoRuns() {
		RowsCopy.Columns columns = new RowsCopy.Columns(List.of(column(Oid.INT4, "int4", false)), new int[] { 0 });
		List<Object[]> rows = rows(1, 2, true, 4, true, 6, 7, 8);
		assertThat(columns.endOfTaken(rows, 0)).isEqualTo(2);
		assertThat(columns.endOfTaken(rows, 2)).isEqualTo(2);
		assertThat(columns.endOfTaken(rows, 5)).isEqualTo(8);
		assertThat(columns.startOfTaken(rows, 0, 1)).isZero();
		assertThat(columns.startOfTaken(rows, 0, 2)).isEqualTo(5);
		assertThat(columns.startOfTaken(rows, 2, 0)).isEqualTo(3);
		assertThat(columns.startOfTaken(rows, 2, 1)).isEqualTo(5);
		assertThat(columns.startOfTaken(rows, 2, 3)).isEqualTo(8);
	}

	private static void takes(int type, String... taken) {
		RowsCopy.Columns.Column column = column(type, "other", false);
		VALUES.forEach((name, value) -> assertThat(column.takes(value)).as("%s by %d", name, type)
			.isEqualTo(Set.of(taken).contains(name)));
	}

	private static RowsCopy.Columns.Column column(int type, String typeName, boolean leftOut) {
		return new RowsCopy.Columns.Column("c", type, typeName, leftOut, false, typeName);
	}

	private static List<Object[]> rows(Object... values) {
		return Stream.of(values).map((value) -> new Object[] { value }).toList();
	}

}
