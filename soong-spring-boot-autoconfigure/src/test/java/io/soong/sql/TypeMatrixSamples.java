package io.soong.sql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Date;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.NullUnmarked;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

import static io.soong.sql.TypeMatrixSamples.Way.ARRAY;
import static io.soong.sql.TypeMatrixSamples.Way.ARRAY_EQUAL;
import static io.soong.sql.TypeMatrixSamples.Way.ARRAY_READ;
import static io.soong.sql.TypeMatrixSamples.Way.EQUAL;
import static io.soong.sql.TypeMatrixSamples.Way.FEW;
import static io.soong.sql.TypeMatrixSamples.Way.IN;
import static io.soong.sql.TypeMatrixSamples.Way.INSERT;
import static io.soong.sql.TypeMatrixSamples.Way.MANY;
import static io.soong.sql.TypeMatrixSamples.Way.NAME;
import static io.soong.sql.TypeMatrixSamples.Way.POSITION;
import static io.soong.sql.TypeMatrixSamples.Way.READ;
import static io.soong.sql.TypeMatrixSamples.Way.RECORD;
import static io.soong.sql.TypeMatrixSamples.Way.SQL_ARRAY;
import static io.soong.sql.TypeMatrixSamples.Way.SQL_EQUAL;
import static io.soong.sql.TypeMatrixSamples.Way.SQL_IN;
import static io.soong.sql.TypeMatrixSamples.Way.UPDATE;
import static io.soong.sql.TypeMatrixSamples.Way.UPSERT;
import static io.soong.sql.TypeMatrixSamples.Way.UPSERT_ALL;

/**
 * The values of the matrix, the columns that they are given to, and what becomes of them.
 * Samples stand in groups that are refused in the same ways; a sample alone adds ways of
 * its own. A refusal that is not listed here fails, and a listed one that is none too.
 */
@NullUnmarked
final class TypeMatrixSamples {

	static final List<String> TYPES = List.of("CREATE TYPE mood AS ENUM ('HAPPY', 'so so', '')",
			"CREATE DOMAIN dom_int AS int", "CREATE DOMAIN dom_dom AS dom_int CHECK (VALUE <> 13)",
			"CREATE DOMAIN dom_text AS varchar(20)", "CREATE DOMAIN dom_jsonb AS jsonb",
			"CREATE DOMAIN dom_array AS text[]", "CREATE TYPE item AS (name text, price numeric)");

	private static final Way[] WRITES = { INSERT, RECORD, UPSERT, UPDATE, FEW, MANY, UPSERT_ALL, POSITION, NAME,
			ARRAY };

	private static final Way[] SQL_WRITES = { POSITION, NAME };

	private static final Way[] FINDS = { EQUAL, IN, SQL_EQUAL, SQL_IN, ARRAY_EQUAL, SQL_ARRAY };

	private static final Way[] ARRAY_FINDS = { ARRAY_EQUAL, SQL_ARRAY };

	private static final Way[] LISTS = { IN, SQL_IN };

	private static final Way[] READS = { READ, ARRAY_READ };

	private static final Way[] NOTHING = {};

	private static final String NASTY = "\u00e9\ud83d\ude00 '\"\\ \t\n\r {}(),; NULL null ? ?? :a $1 \\N \u0001\u007f";

	private static final String LONG = "x\u00e9".repeat(2000);

	private static final UUID UUID_1 = new UUID(1, 2);

	private static final LocalDate LEAP = LocalDate.of(2024, 2, 29);

	// Half past two comes twice in Berlin on this day
	private static final Instant FIRST = Instant.parse("2023-10-29T00:30:00.123Z");

	private static final Instant SECOND = Instant.parse("2023-10-29T01:30:00.123Z");

	private static final OffsetDateTime OFFSET = OffsetDateTime.parse("2024-02-29T12:30:15.123456+05:30");

	private static final OffsetDateTime UTC = OFFSET.withOffsetSameInstant(ZoneOffset.UTC);

	private TypeMatrixSamples() {
	}

	static Stream<Sample> all() {
		return Stream.of(text(), numbers(), others(), times(), oldTimes(), json(), arrays(), converted(), nulls())
			.flatMap(List::stream);
	}

	/**
	 * What the server itself rounds or cuts when it stores a value of another type, as it
	 * does for plain SQL.
	 */
	private static List<Sample> converted() {
		LocalDateTime time = LEAP.atTime(12, 30);
		List<Sample> samples = new ArrayList<>();
		group(samples, NOTHING,
				of(new BigDecimal("1.005"), "numeric(9,2)", "1.01").reads(new BigDecimal("1.01")).comparedAs("1.005"));
		group(samples, NOTHING, of("ab  ", "varchar(2)", "ab").reads("ab").comparedAs("'ab  '::varchar"));
		group(samples, ARRAY_FINDS, of(new BigDecimal("42.5"), "int", "43").reads(43).inserted().comparedAs("42.5"),
				of(2.5, "int", "2").reads(2).inserted().comparedAs("2.5::float8"),
				of(0.1, "real").reads(0.1f).inserted().comparedAs("0.1::float8"),
				of(time, "date", "2024-02-29").reads(LEAP).inserted().comparedAs("'2024-02-29 12:30'::timestamp"),
				of(UTC.toInstant(), "date", "2024-02-29").reads(LEAP)
					.inserted()
					.comparedAs("'" + UTC + "'::timestamptz"),
				of(Duration.ofHours(25), "time", "01:00").reads(LocalTime.of(1, 0))
					.inserted()
					.comparedAs("'25:00'::interval"));
		group(samples, FINDS, of(time, "time", "12:30").reads(LocalTime.of(12, 30)).inserted());
		return samples;
	}

	private static List<Sample> text() {
		List<Sample> samples = new ArrayList<>();
		group(samples, NOTHING, of("plain", "text").json("\"plain\""), of("", "text").json("\"\""),
				of(NASTY, "text").json(JsonMapper.shared().writeValueAsString(NASTY)), of(LONG, "text"),
				of("NULL", "text").json("\"NULL\""), of("{a,b}", "text"), of("[1]", "text"),
				of(new StringBuilder("built"), "text", "built").reads("built").json("\"built\""),
				of('x', "text").json("\"x\""), of('\'', "text"), of(Mood.HAPPY, "text", "HAPPY").json("\"HAPPY\""),
				of(new Email("a@b.c"), "text", "a@b.c").reads("a@b.c"));
		group(samples, NOTHING, of(" x ", "varchar(20)"), of("ab", "char(5)").reads("ab   "), of("x", "name"),
				of('x', "char(1)"), of("a", "dom_text"), of("00000000-0000-0001-0000-000000000002", "uuid"),
				of("HAPPY", "mood"), of("so so", "mood"), of("", "mood"), of(Mood.HAPPY, "mood", "HAPPY"),
				of("42", "int"), of("-1.50", "numeric"), of("true", "boolean"), of("2024-02-29", "date"),
				of("infinity", "timestamptz").reads(OffsetDateTime.MAX), of("1 year 2 mons", "interval"),
				of("1 mon -1 days", "interval"), of("12:30", "interval").reads(Duration.ofMinutes(750)),
				of("\\x00ff", "bytea").reads(new byte[] { 0, -1 }), of("{\"a\": [1, \"x\"]}", "jsonb"),
				of("null", "jsonb"), of("10.0.0.1", "inet"), of("2001:db8::1", "inet"), of("10.0.0.0/8", "cidr"),
				of("08:00:2b:01:02:03", "macaddr"), of("[1,3)", "int4range"), of("empty", "numrange"),
				of("[2024-01-01,infinity)", "daterange"), of("[\"2024-01-01 00:00:00+01\",)", "tstzrange"),
				of("{[1,3),[7,9)}", "int8multirange"), of("{}", "int8multirange"), of("101", "bit(3)"),
				of("", "varbit"), of("'a' 'b'", "tsvector"), of("-$0.50", "money").reads(new BigDecimal("-0.50")));
		// Types that cannot be compared, or not with text of no type
		group(samples, FINDS, of("{\"b\":  1, \"a\":2, \"a\": 3}", "json"), of("$.\"a\"", "jsonpath"));
		Way[] ofNoType = { EQUAL, IN, SQL_EQUAL, SQL_IN };
		group(samples, ofNoType, of("(\"a,b\",1.5)", "item"), of("(,)", "item"));
		group(samples, LISTS, of("{a,NULL,\"b c\"}", "text[]").reads(Arrays.asList("a", null, "b c")));
		// The type of a component is text in the caller's SQL
		group(samples, SQL_WRITES, of(new Email("so so"), "mood", "so so").reads("so so").refused(SQL_EQUAL));
		group(samples, NOTHING, never("abc", "varchar(2)"));
		group(samples, FINDS, never("\0", "text"), never("maybe", "boolean"), never("x", "int"), never("x", "uuid"),
				never("sad", "mood"), never("10.0.0", "inet"), never("{", "jsonb"), never("[1,", "int4range"),
				never("a", "text[]"), never("", "int"), never("", "date"), never(Mood.UNKNOWN, "mood"),
				never(new Email("a@b.c"), "int"));
		return samples;
	}

	private static List<Sample> numbers() {
		List<Sample> samples = new ArrayList<>();
		group(samples, NOTHING, of((byte) -128, "smallint").json("-128"), of((byte) 0, "smallint").json("0"),
				of(Short.MAX_VALUE, "smallint").json("32767"), of(Short.MIN_VALUE, "smallint"),
				of(42, "int").json("42"), of(0, "int").json("0"), of(Integer.MAX_VALUE, "int").json("2147483647"),
				of(Integer.MIN_VALUE, "int"), of(42L, "bigint").json("42"), of(0L, "bigint"),
				of(Long.MAX_VALUE, "bigint").json("9223372036854775807"),
				of(Long.MIN_VALUE, "bigint").json("-9223372036854775808"),
				of(BigInteger.TEN.pow(40), "numeric").json("1" + "0".repeat(40)),
				of(BigInteger.ZERO, "numeric").json("0"), of(new BigDecimal("1.50"), "numeric").json("1.50"),
				of(new BigDecimal("-0.000001"), "numeric").json("-0.000001"),
				of(new BigDecimal("1E+400"), "decimal").reads(new BigDecimal("1" + "0".repeat(400))),
				of(new BigDecimal("1E-400"), "decimal"),
				of(BigDecimal.ZERO, "numeric(9,2)").reads(new BigDecimal("0.00")), of(1.5, "float8").json("1.5"),
				of(0.1 + 0.2, "float8").json("0.30000000000000004"), of(Double.NaN, "float8").json("\"NaN\""),
				of(Double.POSITIVE_INFINITY, "float8"), of(Double.NEGATIVE_INFINITY, "float8"),
				of(Double.MAX_VALUE, "float8").json("1.7976931348623157E308"), of(Double.MIN_VALUE, "float8"),
				of(-0.0, "float8"), of(1.5f, "real").json("1.5"), of(0.1f, "real").json("0.1"), of(Float.NaN, "real"),
				of(Float.NEGATIVE_INFINITY, "real"), of(Float.MAX_VALUE, "real"), of(Float.MIN_VALUE, "real"));
		// Integers of other types are made to fit, in an array too
		group(samples, NOTHING, of(42L, "int"), of(42L, "smallint"), of(42, "smallint"), of(42, "bigint"),
				of(42, "numeric"), of((short) 7, "int"), of((byte) 7, "bigint"), of(42, "dom_int"),
				of(42L, "dom_dom").inserted());
		group(samples, ARRAY_FINDS, of(-32768L, "smallint"), of(42, "real"), of(42L, "float8"),
				of(BigInteger.ONE, "int").inserted(), of(new BigDecimal("42"), "int").inserted(),
				of(new BigDecimal("42"), "smallint").inserted(), of(1.5, "numeric").inserted(),
				of(Double.NaN, "numeric").inserted(), of(1.5f, "float8").inserted(),
				of(0.1f, "float8", "0.10000000149011612").inserted(), of(new BigDecimal("0.1"), "float8").inserted());
		// Stored by the server's own conversion, but compared with nothing
		group(samples, FINDS, of(new BigDecimal("1234567.89"), "money").inserted(),
				of(42, "money").reads(new BigDecimal("42.00")).inserted(), of(42, "text").refused(READS),
				of(1L, "varchar(20)").refused(READS));
		group(samples, ARRAY_FINDS, never(Long.MAX_VALUE, "int"), never(40000, "smallint"),
				never(3_000_000_000L, "int"), never(new BigDecimal("1e30"), "bigint"), never(Double.NaN, "int"),
				never(1e300, "real"), never(13, "dom_dom"));
		group(samples, FINDS, never(42, "boolean"), never(42, "date"), never(42, "uuid"), never(42, "json"),
				never(42, "jsonb"), never(42, "mood"), never(42, "interval"), never(42, "text[]"), never(42, "int[]"),
				never(42, "inet"), never(42, "int4range"));
		return samples;
	}

	private static List<Sample> others() {
		byte[] bytes = new byte[256];
		for (int i = 0; i < bytes.length; i++) {
			bytes[i] = (byte) i;
		}
		List<Sample> samples = new ArrayList<>();
		group(samples, NOTHING, of(true, "boolean").json("true"), of(false, "boolean").json("false"),
				of(UUID_1, "uuid").json("\"" + UUID_1 + "\""), of(new UUID(-1, -1), "uuid"),
				of(new UUID(0, 0), "uuid").json("\"" + new UUID(0, 0) + "\""),
				of("abc".getBytes(StandardCharsets.UTF_8), "bytea", "\\x616263").json("\"YWJj\""),
				of(new byte[0], "bytea", "").json("\"\""), of(bytes, "bytea", "\\x" + HexFormat.of().formatHex(bytes)),
				of(Duration.ofMinutes(5), "interval").json("\"PT5M\""), of(Duration.ZERO, "interval").json("\"PT0S\""),
				of(Duration.ofDays(-100_000).minusNanos(1000), "interval", "-2400000:00:00.000001")
					.json("\"PT-2400000H-0.000001S\""),
				of(Duration.ofNanos(1_999), "interval", "0.000002").reads(Duration.ofNanos(2000)));
		group(samples, FINDS, of(true, "text").refused(READS).inserted(), of(UUID_1, "text"), never(true, "int"),
				never(true, "uuid"), never(UUID_1, "bytea"), never(new byte[] { 1, 2, 3 }, "uuid"),
				never(new byte[] { 1, 2, 3 }, "text[]"), never(Duration.ofSeconds(Long.MAX_VALUE), "interval"),
				never(Duration.ZERO, "int"), never(Duration.ZERO, "date"));
		return samples;
	}

	private static List<Sample> times() {
		List<Sample> samples = new ArrayList<>();
		group(samples, NOTHING, of(LEAP, "date").json("\"2024-02-29\""), of(LocalDate.of(1, 1, 1), "date"),
				of(LocalDate.of(-4712, 1, 1), "date", "4713-01-01 BC"),
				of(LocalDate.of(99999, 12, 31), "date", "99999-12-31"), of(LocalDate.MAX, "date", "infinity"),
				of(LocalDate.MIN, "date", "-infinity"),
				of(LocalTime.of(12, 30, 15, 123456000), "time").json("\"12:30:15.123456\""),
				of(LocalTime.MIDNIGHT, "time"), of(LocalTime.of(23, 59, 59, 999999000), "time"),
				of(LocalTime.MAX, "time", "24:00"),
				of(OFFSET.toOffsetTime(), "timetz").json("\"12:30:15.123456+05:30\""),
				of(OffsetTime.of(23, 59, 59, 999999000, ZoneOffset.ofHours(-12)), "timetz"),
				of(LEAP.atTime(12, 30, 15, 123456000), "timestamp").json("\"2024-02-29T12:30:15.123456\""),
				of(LocalDateTime.of(1, 1, 1, 0, 0), "timestamp"),
				of(LocalDateTime.of(-43, 3, 15, 1, 2), "timestamp", "0044-03-15 01:02 BC"),
				of(LocalDateTime.of(294276, 12, 31, 23, 59, 59, 999999000), "timestamp",
						"294276-12-31 23:59:59.999999"),
				of(LocalDateTime.MAX, "timestamp", "infinity"), of(LocalDateTime.MIN, "timestamp", "-infinity"),
				of(OFFSET, "timestamptz").reads(UTC).json("\"2024-02-29T12:30:15.123456+05:30\""),
				of(OffsetDateTime.MAX, "timestamptz", "infinity"), of(OffsetDateTime.MIN, "timestamptz", "-infinity"),
				of(OffsetDateTime.of(1, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC), "timestamptz", "0001-01-01 00:00Z"),
				of(OffsetDateTime.of(-43, 3, 15, 1, 2, 0, 0, ZoneOffset.UTC), "timestamptz", "0044-03-15 01:02Z BC"),
				of(UTC.toInstant(), "timestamptz").json("\"2024-02-29T07:00:15.123456Z\""),
				of(Instant.EPOCH, "timestamptz").json("\"1970-01-01T00:00:00Z\""),
				of(Instant.MAX, "timestamptz", "infinity"), of(Instant.MIN, "timestamptz", "-infinity"),
				of(Instant.parse("2024-01-01T00:00:00.123456789Z"), "timestamptz", "2024-01-01 00:00:00.123457Z")
					.reads(Instant.parse("2024-01-01T00:00:00.123457Z")),
				of(FIRST, "timestamptz"), of(SECOND, "timestamptz"),
				of(OFFSET.atZoneSameInstant(ZoneId.of("Asia/Kolkata")), "timestamptz", OFFSET.toString())
					.reads(UTC.toZonedDateTime()));
		// Converted by the server, with the time zone of the session where it takes one
		group(samples, ARRAY_FINDS, of(LEAP, "timestamp").inserted(), of(LEAP, "timestamptz").inserted(),
				of(LocalTime.NOON, "interval").inserted().refused(READS),
				of(LEAP.atTime(12, 30), "timestamptz").inserted(),
				of(Instant.parse("2024-02-29T12:00:00Z"), "timestamp", "2024-02-29 13:00").inserted());
		group(samples, FINDS, of(LEAP, "text").inserted().refused(READS), never(LEAP, "int"), never(LEAP, "daterange"),
				never(LocalTime.NOON, "date"), never(LocalDateTime.of(300000, 1, 1, 0, 0), "timestamp"));
		return samples;
	}

	private static List<Sample> oldTimes() {
		Timestamp micros = Timestamp.valueOf("2024-02-29 12:30:15.123456");
		List<Sample> samples = new ArrayList<>();
		group(samples, NOTHING, of(micros, "timestamptz"), of(Timestamp.from(FIRST), "timestamptz", FIRST.toString()),
				of(Timestamp.from(SECOND), "timestamptz", SECOND.toString()),
				of(Date.from(FIRST), "timestamptz", FIRST.toString()),
				of(Date.from(SECOND), "timestamptz", SECOND.toString()),
				of(new Date(0), "timestamptz", "1970-01-01 00:00Z"),
				of(java.sql.Date.valueOf("2024-02-29"), "date").inserted(),
				of(java.sql.Date.valueOf("2023-10-29"), "date").inserted(),
				of(Time.valueOf("12:30:15"), "time").inserted());
		group(samples, NOTHING, of(micros, "timestamp"), of(new Date(0), "timestamp", "1970-01-01 01:00"),
				of(Time.valueOf("12:30:15"), "timetz", "12:30:15+01").inserted(),
				// Which of both it was cannot be read any more
				of(Timestamp.from(FIRST), "timestamp", "2023-10-29 02:30:00.123").refused(READS),
				of(Timestamp.from(SECOND), "timestamp", "2023-10-29 02:30:00.123").refused(READS));
		return samples;
	}

	private static List<Sample> json() {
		JsonNode node = JsonMapper.shared().readTree("{\"a\": [1, null]}");
		JsonNode number = JsonNodeFactory.instance.numberNode(new BigDecimal("12345678901234567890.123456789012345"));
		Item item = new Item("x", new BigDecimal("1.50"));
		String itemJson = "{\"name\": \"x\", \"price\": 1.50}";
		String key = NASTY.replace("\u0001", "");
		List<Sample> samples = new ArrayList<>();
		group(samples, NOTHING, of(Map.of("a", 1), "jsonb", "{\"a\": 1}"), of(Map.of(), "jsonb", "{}"),
				of(Collections.singletonMap("a", null), "jsonb", "{\"a\": null}"),
				of(Map.of(key, List.of(Map.of(), List.of())), "jsonb",
						"{" + JsonMapper.shared().writeValueAsString(key) + ": [{}, []]}"),
				of(item, "jsonb", itemJson), of(new Item(null, null), "jsonb", "{\"name\": null, \"price\": null}"),
				of(new Bean(), "jsonb", "{\"size\": 3}"),
				of(JsonValue.json("123"), "jsonb", "\"123\"").reads("\"123\""),
				of(JsonValue.json(null), "jsonb", "null").reads("null"),
				of(JsonValue.json(List.of()), "jsonb", "[]").reads("[]"));
		// A JsonNode is a collection of others
		Way[] in = { IN };
		group(samples, in, of(node, "jsonb", "{\"a\": [1, null]}").readAs(JsonNode.class),
				of(number, "jsonb", number.toString()).readAs(JsonNode.class));
		group(samples, NOTHING, of(item, "dom_jsonb", itemJson), of(JsonValue.json(42), "dom_jsonb", "42").reads("42"));
		group(samples, FINDS, of(Map.of("a", 1), "json", "{\"a\":1}"));
		// The component, which is text, in the caller's SQL
		group(samples, SQL_WRITES,
				of(new Email("a@b.c"), "jsonb", "{\"value\": \"a@b.c\"}").refused(SQL_EQUAL, SQL_IN));
		// An array in the caller's SQL and within arrays
		Way[] lists = { POSITION, NAME, IN, SQL_EQUAL, SQL_IN, ARRAY, ARRAY_EQUAL, SQL_ARRAY };
		group(samples, lists, of(List.of(), "jsonb", "[]"), of(List.of("a", 1, Map.of()), "jsonb", "[\"a\", 1, {}]"),
				of(new int[] { 1, 2 }, "jsonb", "[1, 2]"), of(new String[0], "jsonb", "[]"),
				of(Set.of("a"), "jsonb", "[\"a\"]"), of(List.of(List.of(1)), "json", "[[1]]").refused(EQUAL));
		group(samples, FINDS, never(Map.of("a", 1), "text"), never(Map.of("a", 1), "varchar(20)"),
				never(Map.of(), "int"), never(Map.of("a", 1), "text[]"), never(Map.of("a", 1), "uuid"),
				never(item, "text"), never(item, "dom_text"), never(item, "item"), never(new Bean(), "text"),
				never(node, "text"), never(JsonValue.json("a"), "text"), never(JsonValue.json(1), "int"),
				never(JsonValue.json(List.of()), "text[]"));
		return samples;
	}

	private static List<Sample> arrays() {
		Instant instant = Instant.parse("2024-02-29T12:30:15.123456Z");
		String uuids = "{" + UUID_1 + "}";
		List<Sample> samples = new ArrayList<>();
		group(samples, LISTS, of(List.of("a", "", "NULL", NASTY), "text[]", array("a", "", "NULL", NASTY)),
				of(List.of(), "text[]", "{}"), of(Arrays.asList(null, null), "text[]", "{NULL,NULL}"),
				of(new String[] { "a", null }, "text[]", "{a,NULL}"), of(new String[0], "text[]", "{}"),
				of(Set.of("a"), "text[]", "{a}"), of(List.of("a"), "dom_array", "{a}"),
				of(List.of(), "dom_array", "{}"), of(List.of(1, -2), "int[]", "{1,-2}"), of(List.of(), "int[]", "{}"),
				of(Arrays.asList(null, null), "int[]", "{NULL,NULL}"), of(Arrays.asList(1, null), "int[]", "{1,NULL}"),
				of(new int[] { Integer.MIN_VALUE, Integer.MAX_VALUE }, "int[]", "{-2147483648,2147483647}"),
				of(new Integer[] { 1, null }, "int[]", "{1,NULL}"),
				of(new long[] { Long.MIN_VALUE }, "bigint[]", "{-9223372036854775808}"),
				of(List.of(1, 2L), "bigint[]", "{1,2}").reads(List.of(1L, 2L)),
				of(List.of((short) 1), "smallint[]", "{1}").reads(List.of(1)),
				of(List.of(new BigDecimal("1.50")), "numeric[]", "{1.50}"),
				of(List.of(1.5, Double.NaN), "float8[]", "{1.5,NaN}"), of(List.of(0.1f), "real[]", "{0.1}"),
				of(List.of(true, false), "boolean[]", "{t,f}"), of(List.of(UUID_1), "uuid[]", uuids),
				of(List.of(new byte[] { 1 }, new byte[0]), "bytea[]", array("\\x01", "")),
				of(List.of(LocalDate.MAX, LocalDate.of(-43, 3, 15)), "date[]", "{infinity,0044-03-15 BC}"),
				of(List.of(LocalTime.NOON), "time[]", "{12:00}"),
				of(List.of(LEAP.atTime(12, 0)), "timestamp[]", "{2024-02-29 12:00}"),
				of(List.of(instant), "timestamptz[]", "{" + instant + "}")
					.reads(List.of(instant.atOffset(ZoneOffset.UTC))),
				of(List.of(Timestamp.from(FIRST), Timestamp.from(SECOND)), "timestamptz[]",
						"{" + FIRST + "," + SECOND + "}")
					.reads(List.of(FIRST.atOffset(ZoneOffset.UTC), SECOND.atOffset(ZoneOffset.UTC))),
				of(List.of(Duration.ofMinutes(5)), "interval[]", "{00:05}"), of(List.of(), "mood[]", "{}").inserted(),
				of(List.of(), "jsonb[]", "{}"), of(List.of(new Email("a")), "text[]", "{a}").reads(List.of("a")),
				of(List.of(Map.of("a", 1), Map.of()), "jsonb[]", array("{\"a\": 1}", "{}")),
				of(List.of(List.of(1, 2), List.of(3, 4)), "int[]", "{{1,2},{3,4}}"),
				of(new int[][] { { 1 }, { 2 } }, "int[]", "{{1},{2}}"),
				of(List.of(Arrays.asList("a", null), List.of("", "}")), "text[]", "{{a,NULL},{\"\",\"}\"}}"));
		group(samples, LISTS, of(List.of("a"), "varchar(20)[]", "{a}"),
				of(List.of(UUID_1.toString()), "uuid[]", uuids).reads(List.of(UUID_1)),
				of(List.of(Mood.HAPPY), "mood[]", "{HAPPY}").reads(List.of("HAPPY")).inserted(),
				of(List.of("so so", ""), "mood[]", "{so so,\"\"}").inserted(),
				of(List.of("10.0.0.1"), "inet[]", "{10.0.0.1}"), of(List.of("[1,3)"), "int4range[]", "{\"[1,3)\"}"),
				of(List.of(1L), "int[]", "{1}").reads(List.of(1)).inserted(),
				of(List.of(42), "dom_int[]", "{42}").inserted());
		// Stored by the server's own conversion, or of types that cannot be compared
		Way[] finds = { EQUAL, IN, SQL_EQUAL, SQL_IN };
		group(samples, finds, of(List.of(1, 2), "text[]", "{1,2}").reads(List.of("1", "2")).inserted(),
				of(List.of(Map.of("a", 1), Map.of()), "json[]", array("{\"a\":1}", "{}")));
		group(samples, FINDS, never(List.of("a"), "text"), never(List.of(), "text"),
				never(new String[] { "a" }, "varchar(20)"), never(List.of(1), "int"), never(List.of(UUID_1), "uuid"),
				never(List.of("so so"), "mood"), never(List.of("a"), "dom_text"), never(List.of((byte) 1), "bytea"),
				never(List.of("x"), "int[]"), never(List.of("x"), "uuid[]"), never(List.of(Long.MAX_VALUE), "int[]"),
				never(List.of("sad"), "mood[]"), never(List.of(new Item("x", null)), "text[]"),
				never(List.of(Map.of("a", 1)), "text[]"), never(List.of(List.of(1), List.of(2, 3)), "int[]"),
				never(List.of("a", 1), "text[]"), never(List.of(true), "int[]"));
		return samples;
	}

	private static List<Sample> nulls() {
		Way[] refused = { EQUAL, IN };
		List<Sample> samples = new ArrayList<>();
		group(samples, refused, of(null, "text", null).json("null"));
		for (String type : List.of("varchar(20)", "int", "bigint", "numeric", "float8", "boolean", "uuid", "bytea",
				"date", "time", "timestamp", "timestamptz", "interval", "mood", "inet", "int4range", "jsonb", "dom_int",
				"dom_text", "money")) {
			group(samples, refused, of(null, type, null));
		}
		// IN takes no lists, which the elements would have to be
		for (String type : List.of("text[]", "int[]", "mood[]")) {
			group(samples, refused, of(null, type, null).refused(SQL_IN));
		}
		return samples;
	}

	private static void group(List<Sample> samples, Way[] refused, Sample... group) {
		for (Sample sample : group) {
			samples.add(sample.refused(refused));
		}
	}

	private static String array(String... elements) {
		return Stream.of(elements)
			.map((element) -> '"' + element.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
			.collect(Collectors.joining(",", "{", "}"));
	}

	/** A value whose {@code toString()} is a literal of the column's type. */
	private static Sample of(Object value, String type) {
		return of(value, type, String.valueOf(value));
	}

	/** A value that is stored as a literal is. */
	private static Sample of(Object value, String type, String literal) {
		return new Sample(value, type, ((literal != null) ? quoted(literal) : "NULL") + "::" + type);
	}

	/** A value that the column does not take. What compares it finds nothing. */
	private static Sample never(Object value, String type) {
		return new Sample(value, type, null).refused(WRITES);
	}

	static String quoted(String literal) {
		return "E'" + literal.replace("\\", "\\\\").replace("'", "\\'") + "'";
	}

	/**
	 * The ways to give a value to a column, or to read it.
	 */
	enum Way {

		/** {@code insert} with a map. */
		INSERT,

		/** {@code insert} with a record. */
		RECORD,

		UPSERT,

		UPDATE,

		/** {@code insertAll} of rows that are inserted. */
		FEW,

		/** {@code insertAll} of so many rows that they are copied. */
		MANY,

		UPSERT_ALL,

		/** An INSERT of the caller with {@code ?}. */
		POSITION,

		/** An UPDATE of the caller with {@code :name}. */
		NAME,

		/** Read as the type that was written. */
		READ,

		/** A {@code Row} that was read, written back. */
		ROW,

		/** A condition that is the value, or {@code eq}. */
		EQUAL,

		/** {@code in} and {@code notIn}. */
		IN,

		/** A condition of the caller's SQL. */
		SQL_EQUAL,

		/** {@code IN (?)}, {@code NOT IN (:name)} and {@code = ANY (?)}. */
		SQL_IN,

		/** An element of an array, beside a null, by all calls that write. */
		ARRAY,

		/**
		 * An array column compared with an array that holds the value, by a condition.
		 */
		ARRAY_EQUAL,

		/** The same by the caller's SQL. */
		SQL_ARRAY,

		/** An array read as an array of the type that was written. */
		ARRAY_READ,

		/** Inside json, by all calls that write. */
		JSON,

		/** An array of json read as an array of the type that was written. */
		JSON_READ

	}

	/**
	 * A value and a column, and what becomes of it.
	 */
	static final class Sample {

		final Object value;

		final String type;

		// The SQL that stores the same; null if nothing does
		final String literal;

		// The SQL that the value is compared as
		String sought;

		// What the value is inside json; null where that is not tried
		String json;

		// What is read, as which class
		Object read;

		Class<?> readType;

		// Whether many rows are inserted rather than copied
		boolean inserted;

		private final Set<Way> refused = EnumSet.noneOf(Way.class);

		Sample(Object value, String type, String literal) {
			this.value = value;
			this.type = type;
			this.literal = literal;
			this.sought = literal;
			reads(value);
		}

		boolean isRefused(Way way) {
			return this.refused.contains(way);
		}

		Sample refused(Way... ways) {
			this.refused.addAll(Arrays.asList(ways));
			return this;
		}

		Sample inserted() {
			this.inserted = true;
			return this;
		}

		Sample json(String json) {
			this.json = json;
			return this;
		}

		/** The value is not equal to what is stored of it. */
		Sample comparedAs(String sql) {
			this.sought = sql;
			return this;
		}

		/** What is read is not what was given. */
		Sample reads(Object read) {
			this.read = read;
			return readAs((read == null) ? Object.class
					: (read instanceof Set<?>) ? Set.class : (read instanceof Collection<?>) ? List.class
							: (read instanceof Map<?, ?>) ? Map.class : read.getClass());
		}

		Sample readAs(Class<?> type) {
			this.readType = type;
			return this;
		}

		@Override
		public String toString() {
			String name = (this.value != null) ? this.value.getClass().getSimpleName() + " " : "";
			String text = (this.value != null && this.value.getClass().isArray()) ? "" : String.valueOf(this.value);
			return name + ((text.length() > 40) ? text.substring(0, 40) + "..." : text) + " into " + this.type;
		}

	}

	enum Mood {

		HAPPY, UNKNOWN

	}

	record Email(String value) {

	}

	/**
	 * A bean.
	 */
	public static final class Bean {

		private int size = 3;

		public int getSize() {
			return this.size;
		}

		public void setSize(int size) {
			this.size = size;
		}

		@Override
		public boolean equals(Object other) {
			return other instanceof Bean bean && bean.size == this.size;
		}

		@Override
		public int hashCode() {
			return this.size;
		}

	}

	record Item(String name, BigDecimal price) {

	}

}
