package io.soong.sql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Date;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PGobject;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * {@link ArrayParameter}: the text of an array, and its type.
 */
@NullUnmarked
class ArrayParameterTests {

	private static final ParameterPlace.Column COLUMN = new ParameterPlace.Column("t", "c");

	private static final ParameterPlace ASSIGNED = new ParameterPlace.Assigned(COLUMN, null);

	private static final ParameterPlace COMPARED = new ParameterPlace.Compared(COLUMN, false, false);

	private static final Json JSON = new Json(null, false);

	@Test
	void typeWhenElementsAreOfOneClassIsThatOfAValueAlone() {
		Map<Object, String> types = Map.ofEntries(Map.entry((short) 2, "_int2"), Map.entry((byte) 3, "_int2"),
				Map.entry(1, "_int4"), Map.entry(4L, "_int8"), Map.entry(BigDecimal.ONE, "_numeric"),
				Map.entry(BigInteger.ONE, "_numeric"), Map.entry(2.5f, "_float4"), Map.entry(1.5, "_float8"),
				Map.entry(true, "_bool"), Map.entry(UUID.randomUUID(), "_uuid"), Map.entry(LocalDate.EPOCH, "_date"),
				Map.entry(LocalTime.NOON, "_time"), Map.entry(OffsetTime.MIN, "_timetz"),
				Map.entry(LocalDateTime.MIN, "_timestamp"), Map.entry(OffsetDateTime.MIN, "_timestamptz"),
				Map.entry(new byte[0], "_bytea"), Map.entry("a", "_text"), Map.entry('a', "_text"),
				Map.entry(new Timestamp(0), "_timestamptz"), Map.entry(new Date(1), "_date"),
				Map.entry(new Time(2), "_time"), Map.entry(Map.of(), "_jsonb"),
				Map.entry(new StoredValue.JsonText("{}", "json", JSON), "_json"),
				Map.entry(ScalarParameter.typed("money", "1"), "_money"));
		types
			.forEach((value, type) -> assertThat(typed(Arrays.asList(null, value)).getType()).as("%s", value.getClass())
				.isEqualTo(type));
	}

	@Test
	void typeWhenNumbersDifferIsTheWiderOne() {
		assertThat(typed(List.of(1, (short) 2))).isEqualTo(array("_int4", "{1,2}"));
		assertThat(typed(List.of(1, 2L, 3))).isEqualTo(array("_int8", "{1,2,3}"));
		assertThat(typed(List.of(1L, new BigDecimal("2.50")))).isEqualTo(array("_numeric", "{1,2.50}"));
		assertThat(typed(List.of(1.5f, 2.5))).isEqualTo(array("_float8", "{1.5,2.5}"));
		assertThat(typed(List.of(1, 2.5))).isEqualTo(array("_numeric", "{1,2.5}"));
		assertThat(typed(List.of(2.5f, 1L))).isEqualTo(array("_numeric", "{2.5,1}"));
	}

	@Test
	void typeWhenKindsDifferIsRefused() {
		for (List<Object> mixed : List.of(List.<Object>of("a", 1), List.<Object>of(1, "a"), List.<Object>of(true, 1),
				List.<Object>of(1, true), List.<Object>of("a", new Timestamp(0)), List.<Object>of(1.5, true),
				List.<Object>of(UUID.randomUUID(), LocalDate.EPOCH), List.<Object>of(List.of("a"), List.of(1)))) {
			assertThatIllegalArgumentException().as("%s", mixed)
				.isThrownBy(() -> typed(mixed))
				.withMessage("The value for column \"c\" of table \"t\" holds values of different kinds; "
						+ "pass elements of one kind");
		}
	}

	@Test
	void textWhenElementsAreSpecialIsQuoted() {
		assertThat(typed(List.of("a\"b\\c", "", "NULL", "{,}")))
			.isEqualTo(array("_text", "{\"a\\\"b\\\\c\",\"\",\"NULL\",\"{,}\"}"));
		assertThat(typed(List.of(new byte[] { 1, (byte) 0xff }))).isEqualTo(array("_bytea", "{\"\\\\x01ff\"}"));
		assertThat(typed(List.of())).isEqualTo(array("_text", "{}"));
		assertThat(typed(Arrays.asList(null, null))).isEqualTo(array("_text", "{NULL,NULL}"));
		assertThat(typed(new int[][] { { 1, 2 }, { 3, 4 } })).isEqualTo(array("_int4", "{{1,2},{3,4}}"));
		assertThat(typed(List.of(new Email("x")))).isEqualTo(array("_text", "{\"x\"}"));
		assertThat(typed(List.of(Map.of("a", "b")))).isEqualTo(array("_jsonb", "{\"{\\\"a\\\":\\\"b\\\"}\"}"));
	}

	@ParameterizedTest
	@CsvSource({ "int2, 32767, _int2", "int2, 32768, _int4", "int2, -32769, _int4", "int4, 2147483647, _int4",
			"int4, 2147483648, _int8", "int4, -2147483649, _int8", "int8, 9223372036854775807, _int8",
			"int8, -9223372036854775808, _int8", "numeric, 1, _numeric", "text, 1, _int4", "float8, 1, _int4",
			"int4, 1.5, _numeric" })
	void typeWhenComparedIsThatOfTheColumnIfEveryNumberFits(String element, BigDecimal value, String type) {
		Object number = (value.scale() > 0) ? value : (value.abs().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0)
				? (Object) value.longValue() : (Object) value.intValue();
		assertThat(forColumn(Arrays.asList(0, number), COMPARED, element).getType()).isEqualTo(type);
		ParameterPlace argument = new ParameterPlace.Argument("parameter 1", ParameterPlace.Use.COMPARED);
		assertThat(forColumn(Arrays.asList(number, 0), argument, element).getType()).isEqualTo(type);
	}

	@Test
	void typeWhenAssignedIsThatOfTheElements() {
		assertThat(forColumn(List.of(1), ASSIGNED, "int8")).isEqualTo(array("_int4", "{1}"));
		ParameterPlace argument = new ParameterPlace.Argument("parameter 1", ParameterPlace.Use.ASSIGNED);
		assertThat(forColumn(List.of(1), argument, "int8")).isEqualTo(array("_int4", "{1}"));
		assertThat(forColumn(List.of("a"), ASSIGNED, "varchar")).isEqualTo(array("_varchar", "{\"a\"}"));
		assertThat(forColumn(List.of(Map.of()), ASSIGNED, "json")).isEqualTo(array("_json", "{\"{}\"}"));
		assertThat(forColumn(List.of(new Email("x")), ASSIGNED, "json"))
			.isEqualTo(array("_json", "{\"{\\\"value\\\":\\\"x\\\"}\"}"));
	}

	@Test
	void columnWhenItIsNotOfJsonRefusesMaps() {
		assertThatExceptionOfType(DatabaseType.ColumnMismatchException.class)
			.isThrownBy(() -> forColumn(List.of(Map.of("secret", 1)), ASSIGNED, "text"))
			.withMessageContainingAll("holds a map, record or bean, which is json", "of type text[]")
			.withMessageNotContaining("secret");
	}

	@Test
	void arrayWhenItWasReadKeepsItsTextForTheSameType() {
		StoredValue.Array stored = new StoredValue.Array(List.of(1, 2), "int4", "[0:1]={1,2}");
		assertThat(typed(stored)).isEqualTo(array("_int4", "[0:1]={1,2}"));
		assertThat(forColumn(stored, ASSIGNED, "int4")).isEqualTo(array("_int4", "[0:1]={1,2}"));
		assertThat(forColumn(stored, ASSIGNED, "int8")).isEqualTo(array("_int4", "{1,2}"));
	}

	@Test
	void elementsWhenComparedOneByOneHaveATypeOnlyIfValuesAloneHave() {
		assertThat(ArrayParameter.ofElements(List.of("a"), COMPARED, JSON, null)).isEqualTo("{\"a\"}");
		assertThat(ArrayParameter.ofElements(List.of(1), COMPARED, JSON, null)).isEqualTo(array("_int4", "{1}"));
		assertThat(ArrayParameter.ofElements(List.of(new Email("x")), COMPARED, JSON, DatabaseType.builtIn("jsonb")))
			.isEqualTo(array("_jsonb", "{\"{\\\"value\\\":\\\"x\\\"}\"}"));
		assertThat(ArrayParameter.ofElements(List.of(new Email("x")), COMPARED, JSON, DatabaseType.builtIn("text")))
			.isEqualTo("{\"x\"}");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> ArrayParameter.ofElements(Arrays.asList(null, List.of(1)), COMPARED, JSON, null))
			.withMessageContaining("is a list of lists, but must be a list of single values");
	}

	@Test
	void checkWhenNestedElementCannotBeBoundRefuses() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> ArrayParameter.check(List.of(Arrays.asList(null, new Exception("secret"))), ASSIGNED))
			.withMessageStartingWith("The value for an element of column \"c\" of table \"t\" is a java.lang.Exception")
			.withMessageNotContaining("secret");
	}

	private static PGobject typed(Object collection) {
		return (PGobject) ArrayParameter.typed(collection, ASSIGNED, JSON);
	}

	private static PGobject forColumn(Object collection, ParameterPlace place, String element) {
		return (PGobject) ArrayParameter.forColumn(collection, place, JSON, DatabaseType.builtIn("_" + element));
	}

	private static Object array(String type, String text) {
		return ScalarParameter.typed(type, text);
	}

	record Email(String value) {

	}

}
