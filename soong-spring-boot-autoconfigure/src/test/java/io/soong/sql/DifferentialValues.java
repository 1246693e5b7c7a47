package io.soong.sql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.NullUnmarked;
import tools.jackson.databind.json.JsonMapper;

/**
 * Random values of the types that columns have, and what they are as text of the server.
 * They are few, so that they meet again.
 */
@NullUnmarked
final class DifferentialValues {

	static final String TYPES = "CREATE TYPE mood AS ENUM ('HAPPY', 'SAD', 'so so'); CREATE DOMAIN number AS int";

	private static final List<String> TEXTS = List.of("", "a", "b", "ab", "A", "NULL", "null", "{}", "[1]", "\\", "'",
			"\"", "\u00e9\ud83d\ude00", "a,b", " ", "\t\n", "%", ":a ? $1", "\\N", "123");

	private static final Instant START = Instant.parse("2023-10-28T23:30:00.5Z");

	private DifferentialValues() {
	}

	static Value id(int id) {
		return new Value(id, "int", String.valueOf(id));
	}

	private static String text(Random random) {
		return TEXTS.get(random.nextInt(TEXTS.size()));
	}

	private static int small(Random random) {
		return random.nextInt(7) - 3;
	}

	private static long wide(Random random) {
		long[] ends = { Long.MAX_VALUE, Long.MIN_VALUE, Integer.MAX_VALUE + 1L, Short.MAX_VALUE };
		return (random.nextInt(20) == 0) ? ends[random.nextInt(ends.length)] : small(random);
	}

	private static double fraction(Random random) {
		double[] values = { 0.1, -0.0, 0, 1.5, Double.NaN, Double.POSITIVE_INFINITY, 1e300, 0.1 + 0.2, 1 };
		return values[random.nextInt(values.length)];
	}

	private static Instant instant(Random random) {
		return START.plusSeconds(1800L * random.nextInt(8)).plusNanos(1000L * random.nextInt(2));
	}

	private static UUID uuid(Random random) {
		return new UUID(random.nextInt(2), random.nextInt(3));
	}

	private static <T> List<T> list(Random random, Function<Random, T> element) {
		return Stream.generate(() -> (random.nextInt(6) == 0) ? null : element.apply(random))
			.limit(random.nextInt(4))
			.collect(Collectors.toList());
	}

	private static Object document(Random random) {
		return switch (random.nextInt(5)) {
			case 0 -> Map.of();
			case 1 -> Map.of("a", small(random));
			case 2 -> Collections.singletonMap(text(random), random.nextBoolean() ? null : text(random));
			case 3 -> new Pair(small(random), text(random));
			default -> Map.of("a", list(random, DifferentialValues::text));
		};
	}

	// By hand, and apart from what is tested
	private static String quoted(List<?> elements, Function<Object, String> text) {
		return elements.stream()
			.map((element) -> (element == null) ? "NULL"
					: '"' + text.apply(element).replace("\\", "\\\\").replace("\"", "\\\"") + '"')
			.collect(Collectors.joining(",", "{", "}"));
	}

	private static String instantText(Object value) {
		return (value instanceof Date date) ? date.toInstant().toString() : value.toString();
	}

	/**
	 * A value, as Java has it and as text of a type.
	 */
	record Value(Object java, String type, String text) {

		/** The SQL of it, whose parameter is appended to a list. */
		String sql(List<Object> parameters) {
			parameters.add(this.text);
			return "CAST(CAST(? AS text) AS " + this.type + ")";
		}

		boolean isEqual(Value other) {
			return this.text.equals(other.text);
		}

		@Override
		public String toString() {
			return (this.java == null) ? "null" : this.java.getClass().getSimpleName() + " " + this.text;
		}

	}

	/**
	 * A type of column, and the values for it.
	 */
	enum Kind {

		TEXT("text", of("text", DifferentialValues::text), of("text", (random) -> new StringBuilder(text(random)))),

		VARCHAR("varchar(3)", of("text", DifferentialValues::text)),

		SMALLINT("smallint", of("smallint", (random) -> (short) small(random)), of("int", DifferentialValues::small),
				of("smallint", (random) -> (byte) small(random))),

		INT("int", of("int", DifferentialValues::small), of("bigint", DifferentialValues::wide),
				of("numeric", (random) -> BigInteger.valueOf(small(random)))),

		BIGINT("bigint", of("bigint", DifferentialValues::wide), of("int", DifferentialValues::small)),

		NUMERIC("numeric", of("numeric", (random) -> BigDecimal.valueOf(small(random), small(random))),
				of("bigint", DifferentialValues::wide), of("float8", (random) -> small(random) / 4.0)),

		REAL("real", of("real", (random) -> (float) fraction(random)), of("int", DifferentialValues::small)),

		DOUBLE("float8", of("float8", DifferentialValues::fraction), of("real", (random) -> (float) fraction(random))),

		BOOLEAN("boolean", of("boolean", Random::nextBoolean)),

		UUIDS("uuid", of("uuid", DifferentialValues::uuid), of("uuid", (random) -> uuid(random).toString())),

		BYTEA("bytea",
				of("bytea", (random) -> new byte[random.nextInt(3)],
						(value) -> "\\x" + HexFormat.of().formatHex((byte[]) value))),

		DATE("date", of("date", (random) -> LocalDate.EPOCH.plusDays(small(random))),
				of("date", (random) -> LocalDate.EPOCH.plusDays(small(random)).toString())),

		TIME("time", of("time", (random) -> LocalTime.NOON.plusNanos(small(random) * 1000L))),

		TIMESTAMP("timestamp", of("timestamp", (random) -> instant(random).atOffset(ZoneOffset.UTC).toLocalDateTime()),
				of("date", (random) -> LocalDate.EPOCH.plusDays(small(random)))),

		TIMESTAMPTZ("timestamptz", of("timestamptz", DifferentialValues::instant),
				of("timestamptz", (random) -> instant(random).atOffset(ZoneOffset.ofHours(small(random)))),
				of("timestamptz", (random) -> instant(random).atZone(ZoneId.of("Asia/Kolkata")),
						(value) -> ((ZonedDateTime) value).toOffsetDateTime().toString()),
				of("timestamptz", (random) -> Timestamp.from(instant(random)), DifferentialValues::instantText),
				of("timestamptz", (random) -> new Date(START.toEpochMilli() + 1800000L * random.nextInt(8)),
						DifferentialValues::instantText)),

		INTERVAL("interval",
				of("interval", (random) -> Duration.ofMinutes(small(random)).plusNanos(1000),
						(value) -> ((Duration) value).toNanos() / 1000 + " microseconds")),

		MOOD("mood", of("mood", (random) -> random.nextBoolean() ? Mood.HAPPY : Mood.SAD),
				of("mood", (random) -> random.nextBoolean() ? "HAPPY" : "so so")),

		INET("inet", of("inet", (random) -> "10.0.0." + random.nextInt(3))),

		RANGE("int4range", of("int4range", (random) -> "[" + random.nextInt(2) + "," + (2 + random.nextInt(2)) + ")")),

		DOMAIN("number", of("int", DifferentialValues::small)),

		JSONB("jsonb", of("jsonb", DifferentialValues::document, Kind::json),
				of("jsonb", (random) -> list(random, DifferentialValues::text), Kind::json),
				of("jsonb", (random) -> new int[] { small(random) }, Kind::json)),

		JSON_TEXT("jsonb", of("jsonb", (random) -> "{\"a\": " + small(random) + "}")),

		JSON("json", of("json", DifferentialValues::document, Kind::json)),

		TEXT_ARRAY("text[]", of("text[]", (random) -> list(random, DifferentialValues::text), Kind::array),
				of("text[]", (random) -> list(random, DifferentialValues::text).toArray(new String[0]), Kind::array)),

		INT_ARRAY("int[]", of("int[]", (random) -> list(random, DifferentialValues::small), Kind::array),
				of("int[]", (random) -> new int[] { small(random), small(random) }, Kind::array)),

		UUID_ARRAY("uuid[]", of("uuid[]", (random) -> list(random, DifferentialValues::uuid), Kind::array)),

		TIME_ARRAY("timestamptz[]",
				of("timestamptz[]", (random) -> list(random, DifferentialValues::instant), Kind::array)),

		JSON_ARRAY("jsonb[]", of("jsonb[]", (random) -> list(random, DifferentialValues::document),
				(value) -> quoted((List<?>) value, Kind::json)));

		static final List<Kind> ALL = List.of(values());

		private final String type;

		private final List<Generator> values;

		Kind(String type, Generator... values) {
			this.type = type;
			this.values = List.of(values);
		}

		String type() {
			return this.type;
		}

		/** Whether its values are not arrays or json documents. */
		boolean isSingle() {
			return !this.type.endsWith("[]") && this != JSON && this != JSONB;
		}

		boolean isComparable() {
			return this != JSON;
		}

		boolean isJson() {
			return this.type.equals("json") || this.type.equals("jsonb");
		}

		boolean isArray() {
			return this.type.endsWith("[]") && this != JSON_ARRAY;
		}

		Value value(Random random) {
			return this.values.get(random.nextInt(this.values.size())).next(random);
		}

		Value ofNull() {
			return new Value(null, this.type, null);
		}

		private static String json(Object value) {
			return JsonMapper.shared().writeValueAsString(value);
		}

		private static String array(Object value) {
			List<?> elements = (value instanceof int[] numbers) ? Arrays.stream(numbers).boxed().toList()
					: (value instanceof Object[] objects) ? Arrays.asList(objects) : (List<?>) value;
			return quoted(elements, Object::toString);
		}

		private static Generator of(String type, Function<Random, Object> java) {
			return of(type, java, Object::toString);
		}

		private static Generator of(String type, Function<Random, Object> java, Function<Object, String> text) {
			return (random) -> {
				Object value = java.apply(random);
				return new Value(value, type, text.apply(value));
			};
		}

	}

	/**
	 * Makes values.
	 */
	@FunctionalInterface
	private interface Generator {

		Value next(Random random);

	}

	enum Mood {

		HAPPY, SAD

	}

	record Pair(int one, String other) {

	}

}
