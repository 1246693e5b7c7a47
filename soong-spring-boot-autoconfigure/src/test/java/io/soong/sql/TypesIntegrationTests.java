package io.soong.sql;

import java.math.BigDecimal;
import java.math.BigInteger;
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
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
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
import org.postgresql.PGResultSetMetaData;

import org.springframework.dao.TypeMismatchDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Every type, to the server and back, as text (what the driver uses at first) and binary
 * (what it uses for a statement seen often).
 */
@NullUnmarked
class TypesIntegrationTests {

	private static final UUID ID = UUID.fromString("550e8400-e29b-41d4-a716-446655440000");

	private static final OffsetDateTime TIME = OffsetDateTime.of(2024, 2, 29, 23, 59, 59, 123456000, ZoneOffset.UTC);

	private static SingleConnectionDataSource textual;

	private static SingleConnectionDataSource binary;

	@BeforeAll
	static void connect() {
		textual = PostgresServer.connect("types_text", Map.of("prepareThreshold", "0"));
		binary = PostgresServer.connect("types_binary", Map.of("prepareThreshold", "-1"));
		both((soong) -> {
			soong.execute("SET timezone = 'Asia/Kolkata'");
			soong.execute("CREATE DOMAIN small_text AS text CHECK (length(VALUE) < 9)");
			soong.execute("CREATE TYPE pair AS (first int, second text)");
			soong.execute("CREATE TYPE hue AS ENUM ('PINK', 'dark red', 'A,\"B\\')");
		});
	}

	@AfterAll
	static void close() {
		textual.destroy();
		binary.destroy();
	}

	static Stream<Arguments> valuesThatComeBack() {
		return Stream.of(arguments("text", "O'Reilly \\ \"x\" \u20ac \ud83d\ude00 {a,b} ?::int :x --"),
				arguments("text", ""), arguments("varchar(9)", "NULL"), arguments("char(3)", "abc"),
				arguments("smallint", 7), arguments("int", Integer.MIN_VALUE), arguments("bigint", Long.MAX_VALUE),
				arguments("numeric", new BigDecimal("12345678901234567890.123")), arguments("real", 1.5f),
				arguments("float8", Double.POSITIVE_INFINITY), arguments("float8", -0.1), arguments("boolean", true),
				arguments("uuid", ID), arguments("bytea", new byte[] { 0, 1, -1, 92, 39 }),
				arguments("date", LocalDate.of(2024, 2, 29)), arguments("date", LocalDate.of(-44, 3, 15)),
				arguments("date", LocalDate.MAX), arguments("time", LocalTime.of(23, 59, 59, 999999000)),
				arguments("timetz", OffsetTime.of(1, 2, 3, 0, ZoneOffset.ofHours(5))),
				arguments("timestamp", LocalDateTime.of(2024, 3, 31, 2, 30)), arguments("timestamp", LocalDateTime.MIN),
				arguments("timestamptz", TIME), arguments("timestamptz", OffsetDateTime.MAX),
				arguments("timestamptz", OffsetDateTime.MIN),
				arguments("timestamp(0)", LocalDateTime.of(2024, 3, 31, 2, 30)),
				arguments("timestamptz(0)", TIME.withNano(0)), arguments("timestamptz(1)", TIME.withNano(100000000)),
				arguments("interval", Duration.ofDays(-3).plusMillis(1)), arguments("interval", Duration.ZERO),
				arguments("interval", Duration.ofMillis(-500)), arguments("interval", Duration.ofHours(1_000_000)),
				arguments("interval", Duration.ofNanos(1000)), arguments("inet", "10.0.0.1/8"),
				arguments("int4range", "[1,5)"), arguments("point", "(1.0,2.0)"), arguments("hue", "dark red"),
				arguments("xml", "<a>1</a>"), arguments("bit(3)", "101"), arguments("tsvector", "'a' 'b'"),
				arguments("small_text", "small"), arguments("pair", "(1,x)"), arguments("varbit(49)", "10101"),
				arguments("macaddr", "08:00:2b:01:02:03"), arguments("oid", 4000000000L), arguments("name", "x"),
				arguments("text[]", Arrays.asList("a", null, "NULL", "", "a,\"b\\{c}", "\u20ac")),
				arguments("text[]", List.of()), arguments("int[]", Arrays.asList(1, null, 3)),
				arguments("smallint[]", List.of(1, 2)), arguments("bigint[]", List.of(1L, 2L)),
				arguments("int[]", List.of(List.of(1, 2), List.of(3, 4))), arguments("uuid[]", List.of(ID)),
				arguments("boolean[]", Arrays.asList(true, false, null)),
				arguments("numeric[]", List.of(new BigDecimal("1.50"))),
				arguments("float8[]", List.of(1.5, Double.NaN)),
				arguments("date[]", List.of(LocalDate.of(2024, 2, 29), LocalDate.of(-4, 3, 1), LocalDate.MAX)),
				arguments("time[]", List.of(LocalTime.of(1, 2))),
				arguments("timestamp[]", Arrays.asList(LocalDateTime.of(2024, 3, 31, 2, 30), null)),
				arguments("timestamptz[]", List.of(TIME, OffsetDateTime.MAX)),
				arguments("interval[]", List.of(Duration.ofMinutes(90))),
				arguments("hue[]", List.of("A,\"B\\", "PINK")), arguments("inet[]", List.of("10.0.0.1")));
	}

	@ParameterizedTest
	@MethodSource("valuesThatComeBack")
	void rowWhenValueWasWrittenHoldsItAgain(String type, Object value) {
		both((soong) -> {
			soong.execute("CREATE TEMPORARY TABLE t (id int, v " + type + ")");
			try {
				soong.insert("t", Map.of("id", 1, "v", value));
				soong.insert("t", Collections.singletonMap("v", null));
				assertThat(soong.get("t", 1).orElseThrow().get("v")).isEqualTo(value);
				assertThat(soong.select("t", Map.of("id", Condition.isNull())).get(0).get("v")).isNull();
				assertThat(soong.query("UPDATE t SET v = ? RETURNING v", value).get(0).get("v")).isEqualTo(value);
				if (!Set.of("xml", "point", "pair").contains(type)) {
					assertThat(soong.select("t").where("v", Condition.eq(value)).count()).isEqualTo(2);
				}
			}
			finally {
				soong.execute("DROP TABLE t");
			}
		});
	}

	static Stream<Arguments> valuesThatComeBackAsAnotherType() {
		return Stream.of(arguments("timestamptz", TIME.toInstant(), Instant.class, TIME.toInstant()),
				arguments("timestamptz", Instant.MAX, Instant.class, Instant.MAX),
				arguments("timestamptz", Instant.MIN, Instant.class, Instant.MIN),
				arguments("timestamptz", TIME.atZoneSameInstant(ZoneId.of("Europe/Paris")), ZonedDateTime.class,
						TIME.toZonedDateTime()),
				arguments("timestamptz", Date.from(Instant.EPOCH), Date.class, Date.from(Instant.EPOCH)),
				arguments("timestamptz", Timestamp.from(Instant.EPOCH), Timestamp.class, Timestamp.from(Instant.EPOCH)),
				arguments("date", java.sql.Date.valueOf("2024-02-29"), LocalDate.class, LocalDate.of(2024, 2, 29)),
				arguments("numeric", BigInteger.TEN.pow(30), BigInteger.class, BigInteger.TEN.pow(30)),
				arguments("int", (byte) 7, byte.class, (byte) 7), arguments("bigint", 7, int.class, 7),
				arguments("int", 7L, Long.class, 7L), arguments("numeric", 7.5f, double.class, 7.5),
				arguments("int", 7, String.class, "7"), arguments("text", 'x', char.class, 'x'),
				arguments("text", new StringBuilder("x"), String.class, "x"),
				arguments("hue", Hue.PINK, Hue.class, Hue.PINK), arguments("text", Hue.PINK, Hue.class, Hue.PINK),
				arguments("text", ID.toString(), UUID.class, ID),
				arguments("uuid", ID.toString(), String.class, ID.toString()),
				arguments("int[]", new int[] { 1, 2 }, int[].class, new int[] { 1, 2 }),
				arguments("bigint[]", new int[][] { { 1 }, { 2 } }, long[][].class, new long[][] { { 1 }, { 2 } }),
				arguments("text[]", new String[] { "a", null }, String[].class, new String[] { "a", null }),
				arguments("text[]", Set.of("a"), Set.class, Set.of("a")),
				arguments("bytea[]", List.of(new byte[] { 1, 2 }), byte[][].class, new byte[][] { { 1, 2 } }),
				arguments("hue[]", List.of(Hue.PINK), Hue[].class, new Hue[] { Hue.PINK }),
				arguments("timestamptz[]", List.of(TIME.toInstant()), Instant[].class,
						new Instant[] { TIME.toInstant() }),
				arguments("bytea", new byte[0], byte[].class, new byte[0]), arguments("int", 7, Object.class, 7),
				arguments("numeric", 7, Number.class, new BigDecimal(7)));
	}

	@ParameterizedTest
	@MethodSource("valuesThatComeBackAsAnotherType")
	void queryWhenTypeIsAskedForConverts(String type, Object value, Class<?> target, Object expected) {
		both((soong) -> assertThat(soong.query(target, "SELECT ?::" + type + " AS v", value)).usingRecursiveComparison()
			.isEqualTo(List.of(expected)));
	}

	@Test
	void recordWhenComponentsAreGenericConvertsElements() {
		both((soong) -> {
			Lists lists = soong
				.query(Lists.class,
						"SELECT '{PINK}'::hue[] AS hues, '{1,NULL}'::int[] AS numbers, "
								+ "'{{1},{2}}'::int[] AS nested, '{" + ID + "}'::text[] AS ids")
				.get(0);
			assertThat(lists).isEqualTo(
					new Lists(List.of(Hue.PINK), Arrays.asList(1L, null), List.of(List.of(1), List.of(2)), Set.of(ID)));
		});
	}

	@ParameterizedTest
	@CsvSource({ "1 mon, 1 mon", "1 year 2 mons 3 days 04:05:06, 1 year 2 mons 3 days 04:05:06", "infinity, infinity" })
	void rowWhenIntervalHasNoFixedLengthHoldsItsText(String interval, String text) {
		both((soong) -> assertThat(soong.query(Object.class, "SELECT ?::interval", interval)).containsExactly(text));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "(0)", "(1)", "(2)", "(3)", "(4)", "(5)", "(6)" })
	void rowWhenTimeHasPrecisionTellsTypesWithTimeZoneFromThoseWithout(String precision) {
		both((soong) -> {
			Row row = soong
				.query("SELECT now()::timestamp" + precision + " AS a, now()::timestamptz" + precision
						+ " AS b, now()::time" + precision + " AS c, now()::timetz" + precision
						+ " AS d, '1 min'::interval" + precision + " AS e")
				.get(0);
			assertThat(row.values()).hasExactlyElementsOfTypes(LocalDateTime.class, OffsetDateTime.class,
					LocalTime.class, OffsetTime.class, Duration.class);
		});
	}

	static Stream<Arguments> elements() {
		return Stream.of(arguments("uuid", ID), arguments("date", LocalDate.of(2024, 2, 29)),
				arguments("timestamptz", TIME), arguments("bigint", 7), arguments("smallint", 7L),
				arguments("numeric", 7), arguments("float8", 7), arguments("numeric", 7.5),
				arguments("numeric", new BigDecimal("7.5")), arguments("boolean", true), arguments("varchar(9)", "x"),
				arguments("char(3)", "x"), arguments("hue", Hue.PINK), arguments("inet", "10.0.0.1"),
				arguments("bytea", new byte[] { 1 }), arguments("interval", Duration.ofDays(1)),
				arguments("uuid", ID.toString()), arguments("timestamptz", TIME.toInstant()));
	}

	@ParameterizedTest
	@MethodSource("elements")
	void inWhenElementsHaveTypeFindsThem(String type, Object element) {
		both((soong) -> {
			soong.execute("CREATE TEMPORARY TABLE t (v " + type + ")");
			soong.insert("t", Map.of("v", element));
			assertThat(soong.select("t").where("v", Condition.in(element)).count()).isEqualTo(1);
			assertThat(soong.select("t").where("v", Condition.notIn(element)).count()).isZero();
			soong.execute("DROP TABLE t");
		});
	}

	@Test
	void statementWhenThresholdIsNegativeIsReadInBinary() {
		assertThat(new SoongTemplate(new JdbcTemplate(binary))
			.query((resultSet, number) -> ((PGResultSetMetaData) resultSet.getMetaData()).getFormat(1), "SELECT 1"))
			.containsExactly(1);
	}

	@Test
	void rowWhenNumericIsNoNumberHoldsDouble() {
		both((soong) -> assertThat(soong.query(Object.class, "SELECT 'NaN'::numeric")).containsExactly(Double.NaN));
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`',
			value = { "'x', java.lang.Integer", "1.5, java.lang.Integer", "40000, java.lang.Short",
					"now(), java.time.LocalTime", "now()::time, java.time.Instant",
					"'mauve', io.soong.sql.TypesIntegrationTests$Hue", "'1 mon'::interval, java.time.Duration",
					"true, java.lang.Integer", "'ab', java.lang.Character", "'NaN'::numeric, java.math.BigDecimal",
					"'x', java.util.UUID", "'{1}'::int[], java.lang.String", "'\\x00'::bytea, java.lang.String" })
	void queryWhenValueWouldBeLostRefuses(String expression, Class<?> type) {
		both((soong) -> assertThatExceptionOfType(TypeMismatchDataAccessException.class)
			.isThrownBy(() -> soong.query(type, "SELECT " + expression + " AS v"))
			.withMessageContaining("column \"v\""));
	}

	@Test
	void rowWhenConnectionIsNewTakesOneRoundTrip() {
		SingleConnectionDataSource counted = PostgresServer.connect("types_counted",
				Map.of("socketFactory", RoundTrips.class.getName()));
		SoongTemplate soong = new SoongTemplate(new JdbcTemplate(counted));
		String statement = "SELECT 1 AS a, 'x' AS b, now() AS c, current_date AS d, 1.5 AS e, true AS f, "
				+ "'{a}'::text[] AS g, '{}'::jsonb AS h, now()::timestamp AS i, '\\x00'::bytea AS j, "
				+ "gen_random_uuid() AS k, 1::bigint AS l, now()::time AS m, '{1}'::int[] AS n, 'a'::varchar AS o";
		assertThat(RoundTrips.count(() -> soong.query(statement))).isEqualTo(1);
		counted.destroy();
	}

	private static void both(Consumer<SoongTemplate> test) {
		test.accept(new SoongTemplate(new JdbcTemplate(textual)));
		test.accept(new SoongTemplate(new JdbcTemplate(binary)));
	}

	enum Hue {

		PINK

	}

	record Lists(List<Hue> hues, List<Long> numbers, List<List<Integer>> nested, Set<UUID> ids) {

	}

}
