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
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.soong.Seed;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.util.PGobject;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static io.soong.sql.Condition.in;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * What is stored by COPY, by an INSERT of several rows and row by row must be the same,
 * whatever the values.
 */
@NullUnmarked
class ManyRowsTypesIntegrationTests {

	private static final int ROWS = 3000;

	private static final String ALPHABET = "\\\\\\NnrtbfvxX.\t\n\r\b\f\u000b\u0001\u007f'\"{},; aZ09\u0080\u00e9"
			+ "\u07ff\u0800\u20ac\uffff\ud83d\ude00";

	private static SingleConnectionDataSource dataSource;

	private static SoongTemplate soong;

	@BeforeAll
	static void connect() {
		dataSource = PostgresServer.connect("many_rows_types");
		soong = new SoongTemplate(new JdbcTemplate(dataSource));
		soong.execute("SET timezone = 'Asia/Kolkata'");
		soong.execute("CREATE TYPE hue AS ENUM ('PINK', 'dark red', 'A,\"B\\')");
		soong.execute("CREATE DOMAIN small AS numeric(30, 2) CHECK (VALUE < 1e25)");
	}

	@AfterAll
	static void close() {
		dataSource.destroy();
	}

	static Stream<Arguments> types() {
		return Stream.of(of("text", ManyRowsTypesIntegrationTests::text), of("varchar(80)", (r) -> text(r)),
				of("char(80)", (r) -> text(r)), of("smallint", (r) -> (short) r.nextInt()),
				of("smallint", (r) -> (byte) r.nextInt()), of("int", Random::nextInt), of("bigint", Random::nextLong),
				of("bigint", Random::nextInt), of("bigint", (r) -> edge(r)), of("numeric", (r) -> edge(r)),
				of("numeric", (r) -> decimal(r)), of("numeric(30, 2)", (r) -> decimal(r)),
				of("small", (r) -> decimal(r)), of("numeric", (r) -> new BigInteger(100, r)),
				of("numeric", (r) -> r.nextGaussian()), of("numeric", (r) -> (float) r.nextGaussian()),
				of("bigint", (r) -> new BigDecimal(r.nextInt() + ".5")), of("int", (r) -> r.nextGaussian() * 1000),
				of("real", (r) -> aFloat(r)), of("float8", (r) -> aDouble(r)), of("float8", (r) -> aFloat(r)),
				of("float8", (r) -> edge(r)), of("real", (r) -> edge(r)), of("real", (r) -> r.nextGaussian()),
				of("boolean", Random::nextBoolean), of("text", Random::nextBoolean),
				of("text", (r) -> r.nextGaussian()), of("text", (r) -> edge(r)), of("text", (r) -> time(r)),
				of("text", (r) -> uuid(r)), of("uuid", (r) -> uuid(r)), of("uuid", (r) -> uuid(r).toString()),
				of("bytea", (r) -> bytes(r)), of("date", (r) -> date(r)), of("date", (r) -> time(r)),
				of("timestamp", (r) -> date(r)), of("timestamptz", (r) -> date(r)),
				of("date", (r) -> java.sql.Date.valueOf("2024-02-29")), of("time", (r) -> timeOfDay(r)),
				of("timetz", (r) -> timeOfDay(r).atOffset(offset(r))), of("timestamp", (r) -> time(r)),
				of("timestamp(1)", (r) -> time(r)), of("timestamptz", (r) -> time(r)),
				of("timestamptz", (r) -> offsetTime(r)), of("timestamp", (r) -> offsetTime(r)),
				of("timestamptz(0)", (r) -> offsetTime(r)), of("timestamptz", (r) -> instant(r)),
				of("timestamptz", (r) -> Timestamp.from(instant(r))),
				of("timestamp", (r) -> Timestamp.from(instant(r))), of("text", (r) -> Timestamp.from(instant(r))),
				of("timestamptz", (r) -> instant(r).atZone(java.time.ZoneId.of("Europe/Paris"))),
				of("interval", (r) -> Duration.ofSeconds(r.nextInt(), 1000 * r.nextInt(1000000))),
				of("hue", (r) -> "A,\"B\\"), of("hue", (r) -> Hue.PINK), of("inet", (r) -> "10.0.0." + r.nextInt(256)),
				of("jsonb", (r) -> "{\"a\": " + r.nextInt() + "}"), of("jsonb", (r) -> pgObject("jsonb", "[1,  2]")),
				of("json", (r) -> pgObject("json", "[1,  2]")), of("json", (r) -> pgObject("jsonb", "[1,  2]")),
				of("text[]", (r) -> Arrays.asList(text(r), null, "NULL", "", text(r))),
				of("int[]", (r) -> new int[] { r.nextInt(), r.nextInt() }), of("bytea[]", (r) -> List.of(bytes(r))),
				of("timestamptz[]", (r) -> List.of(OffsetDateTime.now(ZoneOffset.UTC).withNano(0))),
				of("uuid[]", (r) -> List.of(uuid(r))), of("int4range", (r) -> "[1," + (2 + r.nextInt(9)) + ")"));
	}

	private static Arguments of(String type, Function<Random, Object> generator) {
		return arguments(type, generator);
	}

	@ParameterizedTest(name = "{0} #{index}")
	@MethodSource("types")
	void insertAllWhenValuesAreOfTypeStoresWhatInsertStores(String type, Function<Random, Object> generator) {
		long seed = Seed.value();
		Random random = new Random(seed);
		List<Map<String, Object>> rows = new ArrayList<>();
		for (int i = 0; i < ROWS / 10; i++) {
			Map<String, Object> row = new LinkedHashMap<>();
			row.put("no", i);
			row.put("v", (i > 0 && random.nextInt(10) == 0) ? null : generator.apply(random));
			rows.add(row);
		}
		storesTheSame("no int, v " + type, rows, "seed " + seed);
	}

	/** All types in one row, so that rows are cut by the buffer at every place. */
	@Test
	void insertAllWhenRowsHaveAllTypesStoresWhatInsertStores() {
		long seed = Seed.value();
		Random random = new Random(seed);
		String columns = "no int, a text, b bigint, c numeric, d float8, e real, f boolean, g uuid, h bytea, i date, "
				+ "j time, k timetz, l timestamp, m timestamptz, n text[], o varchar";
		List<Map<String, Object>> rows = new ArrayList<>();
		for (int i = 0; i < ROWS; i++) {
			Object[] values = { text(random), edge(random), decimal(random), aDouble(random), aFloat(random),
					random.nextBoolean(), uuid(random), bytes(random), date(random), timeOfDay(random),
					timeOfDay(random).atOffset(offset(random)), time(random), offsetTime(random),
					Arrays.asList(text(random), null), text(random).repeat(random.nextInt(200)) };
			Map<String, Object> row = new LinkedHashMap<>();
			row.put("no", i);
			for (int v = 0; v < values.length; v++) {
				row.put(String.valueOf((char) ('a' + v)), (random.nextInt(10) == 0) ? null : values[v]);
			}
			rows.add(row);
		}
		storesTheSame(columns, rows, "seed " + seed);
		assertThat(copied(rows)).as("rows that COPY takes, seed " + seed).isEqualTo(ROWS);
	}

	@Test
	void callWhenTextHasHalfACharacterIsRefused() {
		soong.execute("CREATE TEMPORARY TABLE halves (v text)");
		for (String text : List.of("\ud83d", "\ude00", "a\ud83db", "\ude00\ud83d", "\ud83d\ud83d\ude00")) {
			List<Map<String, Object>> rows = Collections.nCopies(1200, Map.of("v", text));
			for (ThrowingCallable call : List.<ThrowingCallable>of(() -> soong.insert("halves", rows.get(0)),
					() -> soong.insertAll("halves", rows), () -> soong.insertAll("halves", rows.subList(0, 2)),
					() -> soong.select("halves", Map.of("v", text)), () -> soong.query("SELECT ?", text),
					() -> soong.select("halves", Map.of("v", in(text))))) {
				assertThatIllegalArgumentException().isThrownBy(call)
					.withMessageContaining("surrogate")
					.withMessageNotContaining(text);
			}
		}
		soong.insert("halves", Map.of("v", "\ud83d\ude00"));
		assertThat(soong.select("halves").list(String.class)).containsExactly("\ud83d\ude00");
		soong.execute("DROP TABLE halves");
	}

	@Test
	void insertAllWhenTextHasNulIsRefusedAsByInsert() {
		soong.execute("CREATE TEMPORARY TABLE nul (v text)");
		List<Map<String, String>> rows = IntStream.range(0, 1200).mapToObj((i) -> Map.of("v", "x" + i + "\0")).toList();
		assertThat(state(() -> soong.insertAll("nul", rows))).isEqualTo("22021")
			.isEqualTo(state(() -> soong.insert("nul", rows.get(0))));
		soong.execute("DROP TABLE nul");
	}

	/**
	 * Types that do not fit must be refused as they are by an INSERT, and not
	 * reinterpreted.
	 */
	@Test
	void insertAllWhenInsertWouldRefuseTheTypeRefusesItToo() {
		Map<String, Object> refused = Map.of("json", 1, "date", 20240101, "boolean", 1, "interval", 5, "inet", true,
				"int", LocalDate.EPOCH);
		refused.forEach((type, value) -> {
			soong.execute("CREATE TEMPORARY TABLE typed (v " + type + ")");
			List<Map<String, Object>> rows = IntStream.range(0, 1200).mapToObj((i) -> Map.of("v", value)).toList();
			assertThat(state(() -> soong.insertAll("typed", rows))).isEqualTo("42804");
			soong.execute("DROP TABLE typed");
		});
	}

	private static void storesTheSame(String columns, List<Map<String, Object>> rows, String seed) {
		for (String table : List.of("copied", "few", "single")) {
			soong.execute("CREATE TABLE " + table + " (" + columns + ")");
		}
		try {
			assertThat(soong.insertAll("copied", rows)).isEqualTo(rows.size());
			for (int i = 0; i < rows.size(); i += 7) {
				soong.insertAll("few", rows.subList(i, Math.min(rows.size(), i + 7)));
			}
			soong.inTransaction(() -> rows.forEach((row) -> soong.insert("single", row)));
			List<String> expected = texts("single");
			assertThat(texts("copied")).as(seed).isEqualTo(expected);
			assertThat(texts("few")).as(seed).isEqualTo(expected);
		}
		finally {
			soong.execute("DROP TABLE copied, few, single");
		}
	}

	private static List<String> texts(String table) {
		return soong.query(String.class, "SELECT t::text FROM " + table + " t ORDER BY no");
	}

	private static long copied(List<Map<String, Object>> rows) {
		soong.execute("CREATE TABLE taken (no int, a text, b bigint, c numeric, d float8, e real, f boolean, g uuid, "
				+ "h bytea, i date, j time, k timetz, l timestamp, m timestamptz, n text[], o varchar)");
		RowsSource source = new RowsSource("taken", rows, new Model.Cache());
		ParameterValue.Resolver resolver = new ParameterValue.Resolver(new Json(null, false), Converters.NONE,
				new ColumnTypes(new JdbcTemplate(dataSource)));
		RowsCopy.Columns columns = RowsCopy.Columns.of(new ColumnTypes(new JdbcTemplate(dataSource)), "taken", source,
				source.next(), false);
		long taken = 1;
		while (source.hasNext()) {
			Object[] row = source.next();
			resolver.resolve(row);
			taken += columns.take(row) ? 1 : 0;
		}
		soong.execute("DROP TABLE taken");
		return taken;
	}

	private static String state(Runnable call) {
		try {
			call.run();
			return "none";
		}
		catch (DataAccessException ex) {
			return ((java.sql.SQLException) ex.getCause()).getSQLState();
		}
	}

	private static String text(Random random) {
		StringBuilder text = new StringBuilder();
		for (int i = random.nextInt(12); i > 0; i--) {
			int index = ALPHABET.offsetByCodePoints(0, random.nextInt(ALPHABET.codePointCount(0, ALPHABET.length())));
			text.appendCodePoint(ALPHABET.codePointAt(index));
		}
		return (random.nextInt(20) == 0) ? "\\N" : (random.nextInt(20) == 0) ? "\\." : text.toString();
	}

	private static long edge(Random random) {
		long[] edges = { 0, 1, -1, 9, 10, 99, 100, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE };
		return random.nextBoolean() ? edges[random.nextInt(edges.length)] : random.nextLong();
	}

	private static BigDecimal decimal(Random random) {
		return new BigDecimal(new BigInteger(60, random), random.nextInt(30) - 5).negate();
	}

	private static double aDouble(Random random) {
		double[] edges = { Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, Double.MIN_VALUE,
				Double.MAX_VALUE, 2.0E-3, 0.1 + 0.2 };
		return random.nextBoolean() ? edges[random.nextInt(edges.length)] : random.nextGaussian() * 1e9;
	}

	private static float aFloat(Random random) {
		float[] edges = { Float.NaN, Float.POSITIVE_INFINITY, -0.0f, Float.MIN_VALUE, Float.MAX_VALUE, 0.1f };
		return random.nextBoolean() ? edges[random.nextInt(edges.length)] : (float) random.nextGaussian();
	}

	private static UUID uuid(Random random) {
		return new UUID(random.nextLong(), random.nextLong());
	}

	private static byte[] bytes(Random random) {
		byte[] bytes = new byte[random.nextInt(100)];
		random.nextBytes(bytes);
		return bytes;
	}

	private static LocalDate date(Random random) {
		LocalDate[] edges = { LocalDate.MAX, LocalDate.MIN, LocalDate.of(-44, 3, 15), LocalDate.of(0, 1, 1),
				LocalDate.of(1, 1, 1), LocalDate.of(9999, 12, 31), LocalDate.of(10000, 1, 1) };
		return random.nextBoolean() ? edges[random.nextInt(edges.length)] : LocalDate.ofEpochDay(random.nextInt(99999));
	}

	private static LocalTime timeOfDay(Random random) {
		LocalTime[] edges = { LocalTime.MIN, LocalTime.MAX, LocalTime.of(23, 59, 59, 999999000),
				LocalTime.of(1, 2, 3, 499), LocalTime.of(1, 2, 3, 500) };
		return random.nextBoolean() ? edges[random.nextInt(edges.length)]
				: LocalTime.ofNanoOfDay(random.nextInt(86400000) * 1000000L + random.nextInt(1000000));
	}

	private static LocalDateTime time(Random random) {
		LocalDateTime[] edges = { LocalDateTime.MAX, LocalDateTime.MIN, LocalDateTime.of(-44, 3, 15, 1, 2) };
		return (random.nextInt(4) == 0) ? edges[random.nextInt(edges.length)]
				: LocalDate.ofEpochDay(random.nextInt(99999)).atTime(timeOfDay(random));
	}

	private static ZoneOffset offset(Random random) {
		return ZoneOffset.ofTotalSeconds(random.nextInt(3) * 1800 * (random.nextInt(20) - 10));
	}

	private static OffsetDateTime offsetTime(Random random) {
		OffsetDateTime[] edges = { OffsetDateTime.MAX, OffsetDateTime.MIN,
				OffsetDateTime.of(-44, 3, 15, 1, 2, 3, 0, ZoneOffset.UTC) };
		return (random.nextInt(4) == 0) ? edges[random.nextInt(edges.length)]
				: LocalDate.ofEpochDay(random.nextInt(99999)).atTime(timeOfDay(random)).atOffset(offset(random));
	}

	private static Instant instant(Random random) {
		return Instant.ofEpochSecond(random.nextInt(), random.nextInt(1000000000));
	}

	private static PGobject pgObject(String type, String value) {
		try {
			PGobject object = new PGobject();
			object.setType(type);
			object.setValue(value);
			return object;
		}
		catch (java.sql.SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	enum Hue {

		PINK

	}

}
