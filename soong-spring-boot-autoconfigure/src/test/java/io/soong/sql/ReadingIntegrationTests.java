package io.soong.sql;

import java.math.BigDecimal;
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
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGStatement;

import org.springframework.dao.TypeMismatchDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What columns are read as, as text and binary, in a time zone with a summer time:
 * 2024-03-31 has no 02:30, 2024-10-27 has it twice.
 */
@NullUnmarked
class ReadingIntegrationTests {

	private static final UUID ID = UUID.fromString("550e8400-e29b-41d4-a716-446655440000");

	private static final TimeZone DEFAULT = TimeZone.getDefault();

	private static SingleConnectionDataSource textual;

	private static SingleConnectionDataSource binary;

	@BeforeAll
	static void connect() {
		TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
		textual = PostgresServer.connect("reading_text",
				Map.of("prepareThreshold", "0", "socketFactory", RoundTrips.class.getName()));
		binary = PostgresServer.connect("reading_binary", Map.of("prepareThreshold", "-1"));
		both((soong) -> {
			soong.execute("SET lc_monetary = 'C'");
			soong.execute("CREATE DOMAIN small AS int CHECK (VALUE < 1000)");
			soong.execute("CREATE DOMAIN smaller AS small CHECK (VALUE < 100)");
			soong.execute("CREATE DOMAIN key AS uuid");
			soong.execute("CREATE DOMAIN moment AS timestamptz");
			soong.execute("CREATE DOMAIN \"Doc ument\" AS jsonb");
			soong.execute("CREATE DOMAIN name_of AS text");
			soong.execute("CREATE DOMAIN pair AS int[] CHECK (cardinality(VALUE) = 2)");
			soong.execute("CREATE TYPE hue AS ENUM ('PINK')");
			soong.execute("CREATE DOMAIN tint AS hue");
		});
	}

	@AfterAll
	static void close() {
		textual.destroy();
		binary.destroy();
		TimeZone.setDefault(DEFAULT);
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`', value = { "9007199254740993::bigint, Double", "9007199254740993::numeric, Double",
			"1e400::numeric, Double", "1e-400::numeric, Double", "1e300::float8, Float", "1e-300::float8, Float",
			"1.23456789::float8, Float", "1.23456789::numeric, Float", "16777217, Float", "1.5::float8, Integer",
			"'\"1.5\"'::jsonb, Integer", "'1.5'::jsonb, Integer", "'1e300'::jsonb, Float",
			"'9007199254740993'::jsonb, Double", "'9007199254740993'::json, Double", "'1e-400'::json, Double" })
	void queryWhenNumberWouldBeAnotherRefuses(String expression, String type) throws ClassNotFoundException {
		Class<?> target = Class.forName("java.lang." + type);
		both((soong) -> {
			assertThatExceptionOfType(TypeMismatchDataAccessException.class)
				.isThrownBy(() -> soong.query(target, "SELECT " + expression + " AS v"))
				.withMessageContaining("column \"v\"");
			Row row = soong.query("SELECT " + expression + " AS v").get(0);
			assertThatExceptionOfType(TypeMismatchDataAccessException.class).isThrownBy(() -> row.get("v", target))
				.withMessageContaining("column \"v\"");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "+00", "-05", "+02", "+05:30", "-15:59", "+01:02:03" })
	void endOfTheDayKeepsItsOffset(String offset) {
		OffsetTime expected = OffsetTime.of(LocalTime.MAX, ZoneOffset.of(offset));
		String sql = "SELECT timetz '24:00%1$s' AS t, ARRAY[timetz '24:00%1$s'] AS a, time '24:00' AS l"
			.formatted(offset);
		both((soong) -> {
			Row row = soong.query(sql).get(0);
			assertThat(row).containsEntry("t", expected)
				.containsEntry("a", List.of(expected))
				.containsEntry("l", LocalTime.MAX);
			assertThat(soong.query(String.class, "SELECT CAST(:t AS timetz)::text", row))
				.containsExactly("24:00:00" + offset);
			assertThat(soong.query(String.class, "SELECT CAST(:a AS timetz[])::text", row))
				.containsExactly("{24:00:00" + offset + "}");
			assertThat(soong.query(String.class, "SELECT CAST(:l AS time)::text", row)).containsExactly("24:00:00");
		});
	}

	@Test
	void queryWhenNumberIsFractionGivesNearestDouble() {
		both((soong) -> {
			assertThat(soong.query(Double.class, "SELECT avg(v) FROM (VALUES (3), (3), (4)) AS t (v)"))
				.containsExactly(3.3333333333333335);
			assertThat(soong.query(double[].class, "SELECT ARRAY[0.1, 1e23, 9007199254740992]")).singleElement()
				.isEqualTo(new double[] { 0.1, 1e23, 9007199254740992.0 });
			assertThat(soong.query(Float.class, "SELECT 0.1::float8")).containsExactly(0.1f);
			assertThat(soong.query(Long.class, "SELECT 4611686018427387904::float8")).containsExactly(1L << 62);
			assertThat(soong.query(Integer.class, "SELECT 1073741824::real")).containsExactly(1 << 30);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "0.00", "0.05", "-0.05", "999.99", "1000.00", "-1000.00", "1234567.89",
			"92233720368547758.07", "-92233720368547758.08" })
	void queryWhenColumnIsMoneyGivesAmount(BigDecimal amount) {
		String money = "'" + amount + "'::numeric::money";
		both((soong) -> {
			Row row = soong
				.query("SELECT " + money + " AS v, ARRAY[" + money
						+ ", NULL] AS vs, NULL::money AS n, 1.5::float8 AS d")
				.get(0);
			assertThat(row).containsEntry("v", amount)
				.containsEntry("vs", Arrays.asList(amount, null))
				.containsEntry("n", null)
				.containsEntry("d", 1.5);
			assertThat(row.get("v", BigDecimal.class)).isEqualTo(amount);
			assertThat(row.get("v", String.class)).isEqualTo(amount.toString());
			assertThat(row.get("vs", BigDecimal[].class)).containsExactly(amount, null);
			assertThat(soong.query(Prices.class, "SELECT " + money + " AS one, ARRAY[" + money + "] AS many"))
				.containsExactly(new Prices(amount, List.of(amount)));
		});
	}

	@Test
	void queryWhenTypesShareDisplaySizeTellsMoneyFromDouble() {
		SingleConnectionDataSource dataSource = PostgresServer.connect("reading_money", Map.of("unknownLength", "25"));
		assertThat(new SoongTemplate(new JdbcTemplate(dataSource))
			.query("SELECT '1234.50'::numeric::money AS a, 1.5::float8 AS b")
			.get(0)).containsEntry("a", new BigDecimal("1234.50")).containsEntry("b", 1.5);
		dataSource.destroy();
	}

	@ParameterizedTest
	@ValueSource(strings = { "2024-07-01 12:00:00.123456", "2024-01-01 00:00:00", "2024-03-31 01:59:59",
			"2024-03-31 03:00:00", "2024-10-27 01:59:59.999999", "2024-10-27 03:00:00", "1970-01-01 00:00:00" })
	void queryWhenTimestampIsReadAsInstantAgreesWithServer(String text) {
		both((soong) -> {
			assertThat(soong.query(String.class, "SHOW TimeZone")).containsExactly("Europe/Berlin");
			String local = "'" + text + "'::timestamp";
			Instant instant = soong.query(Instant.class, "SELECT " + local + "::timestamptz").get(0);
			Timestamp timestamp = Timestamp.from(instant);
			for (String expression : List.of(local, local + "::timestamptz")) {
				Row row = soong.query("SELECT " + expression + " AS v").get(0);
				assertThat(row.get("v", Instant.class)).isEqualTo(instant);
				assertThat(row.get("v", OffsetDateTime.class).toInstant()).isEqualTo(instant);
				assertThat(row.get("v", ZonedDateTime.class).toInstant()).isEqualTo(instant);
				assertThat(row.get("v", Timestamp.class)).isEqualTo(timestamp);
				assertThat(row.get("v", java.util.Date.class).getTime()).isEqualTo(timestamp.getTime());
				assertThat(row.get("v", LocalDateTime.class)).isEqualTo(timestamp.toLocalDateTime());
			}
			assertThat(soong.query(Timestamp.class, "SELECT " + local)).containsExactly(timestamp);
			assertThat(soong.query(Instant[].class, "SELECT ARRAY[" + local + "]")).singleElement()
				.isEqualTo(new Instant[] { instant });
		});
	}

	@Test
	void queryWhenColumnIsDateGivesMidnight() {
		both((soong) -> {
			Row row = soong.query(
					"SELECT '2024-07-01'::date AS a, '2024-07-01'::date::timestamp AS b, '2024-07-01'::date::timestamptz AS c")
				.get(0);
			for (String column : row.keySet()) {
				assertThat(row.get(column, LocalDate.class)).isEqualTo(LocalDate.of(2024, 7, 1));
				assertThat(row.get(column, Date.class)).isEqualTo(Date.valueOf("2024-07-01"));
				assertThat(row.get(column, Timestamp.class)).isEqualTo(Timestamp.valueOf("2024-07-01 00:00:00"));
				assertThat(row.get(column, Instant.class)).isEqualTo("2024-06-30T22:00:00Z");
				assertThat(row.get(column, LocalDateTime.class)).isEqualTo("2024-07-01T00:00:00");
				assertThat(row.get(column, ZonedDateTime.class).toInstant()).isEqualTo("2024-06-30T22:00:00Z");
			}
		});
	}

	@Test
	void queryWhenColumnIsTimeGivesSqlTime() {
		Time time = new Time(LocalTime.parse("12:30:00.5")
			.atDate(LocalDate.EPOCH)
			.atZone(ZoneId.of("Europe/Berlin"))
			.toInstant()
			.toEpochMilli());
		both((soong) -> {
			assertThat(soong.query(Time.class, "SELECT '12:30:00.5'::time")).containsExactly(time);
			assertThat(soong.query(Time.class, "SELECT '12:30:00.5+01'::timetz")).containsExactly(time);
			assertThat(
					soong.query(Times.class, "SELECT '12:30:00.5'::time AS one, '{12:30:00.5,NULL}'::time[] AS many"))
				.containsExactly(new Times(time, Arrays.asList(time, null)));
		});
	}

	@Test
	void queryWhenTimeIsInfiniteStaysSo() {
		both((soong) -> {
			for (String type : List.of("date", "timestamp", "timestamptz")) {
				Row row = soong.query("SELECT 'infinity'::" + type + " AS a, '-infinity'::" + type + " AS b").get(0);
				assertThat(row.get("a", Instant.class)).isEqualTo(Instant.MAX);
				assertThat(row.get("b", LocalDateTime.class)).isEqualTo(LocalDateTime.MIN);
				assertThat(row.get("a", java.util.Date.class)).hasTime(PGStatement.DATE_POSITIVE_INFINITY);
				assertThat(row.get("b", Timestamp.class)).hasTime(PGStatement.DATE_NEGATIVE_INFINITY);
				assertThat(row.get("b", Date.class)).hasTime(PGStatement.DATE_NEGATIVE_INFINITY);
			}
		});
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`',
			value = { "'2024-10-27 02:30'::timestamp, java.time.Instant, occurs twice",
					"'2024-10-27 02:30'::timestamp, java.sql.Timestamp, occurs twice",
					"'2024-03-31 02:30'::timestamp, java.util.Date, never occurs",
					"'2024-10-27 02:30+01'::timestamptz, java.time.LocalDateTime, occurs twice",
					"'2024-07-01 12:00'::timestamp, java.time.LocalDate, midnight",
					"'2024-07-01 00:00+00'::timestamptz, java.sql.Date, midnight",
					"'12:00:00.0001'::time, java.sql.Time, milliseconds", "'12:00+05'::timetz, java.sql.Time, offset",
					"'12:00'::time, java.time.Instant, LocalTime", "'12:00'::time, java.sql.Timestamp, LocalTime",
					"'0044-03-15 BC'::date, java.sql.Date, calendar" })
	void queryWhenPartOfTimeWouldBeLostRefuses(String expression, Class<?> type, String reason) {
		both((soong) -> assertThatExceptionOfType(TypeMismatchDataAccessException.class)
			.isThrownBy(() -> soong.query(type, "SELECT " + expression + " AS v"))
			.withMessageContainingAll("column \"v\"", reason));
	}

	@Test
	void queryWhenElementsAreOfDomainGivesThoseOfItsType() {
		OffsetDateTime time = OffsetDateTime.parse("2024-07-01T10:00Z");
		both((soong) -> {
			Row row = soong.query("SELECT '{1,NULL,3}'::small[] AS a, '{{1},{2}}'::smaller[] AS b, ARRAY['" + ID
					+ "'::key] AS c, ARRAY['2024-07-01 10:00+00'::moment] AS d, "
					+ "ARRAY['{\"a\": [1]}'::jsonb, NULL]::\"Doc ument\"[] AS e, '{\"a,b\",NULL,\"\"}'::name_of[] AS f, "
					+ "'{\"{1,2}\",NULL,\"{3,NULL}\"}'::pair[] AS g, '{PINK}'::tint[] AS h, '{}'::small[] AS i, "
					+ "'[5:6]={7,8}'::small[] AS j, NULL::small[] AS k")
				.get(0);
			assertThat(row).containsEntry("a", Arrays.asList(1, null, 3))
				.containsEntry("b", List.of(List.of(1), List.of(2)))
				.containsEntry("c", List.of(ID))
				.containsEntry("d", List.of(time))
				.containsEntry("e", Arrays.asList(Map.of("a", List.of(1)), null))
				.containsEntry("f", Arrays.asList("a,b", null, ""))
				.containsEntry("g", Arrays.asList(List.of(1, 2), null, Arrays.asList(3, null)))
				.containsEntry("h", List.of("PINK"))
				.containsEntry("i", List.of())
				.containsEntry("j", List.of(7, 8))
				.containsEntry("k", null);
			assertThat(soong.query(Domains.class, "SELECT '{1}'::smaller[] AS numbers, '{PINK}'::tint[] AS hues"))
				.containsExactly(new Domains(List.of(1), List.of(Hue.PINK)));
			assertThat(soong.query(int[].class, "SELECT '{1,2}'::small[]")).singleElement()
				.isEqualTo(new int[] { 1, 2 });
		});
	}

	@Test
	void streamWhenElementsAreOfDomainReadsThemFromCursor() {
		for (SingleConnectionDataSource dataSource : List.of(textual, binary)) {
			JdbcTemplate jdbcTemplate = new JdbcTemplate(dataSource);
			jdbcTemplate.setFetchSize(2);
			try (Stream<Integer[]> rows = new SoongTemplate(jdbcTemplate).stream(Integer[].class,
					"SELECT ARRAY[i]::small[] FROM generate_series(1, 7) AS i")) {
				assertThat(rows.map((row) -> row[0])).containsExactly(1, 2, 3, 4, 5, 6, 7);
			}
		}
	}

	@Test
	void domainWhenMetAgainIsNotLookedUp() {
		String sql = "SELECT '{1}'::small[] AS a, '{2}'::small[] AS b FROM generate_series(1, 3)";
		new SoongTemplate(new JdbcTemplate(textual)).query(sql);
		SoongTemplate soong = new SoongTemplate(new JdbcTemplate(textual));
		assertThat(RoundTrips.count(() -> soong.query(sql))).isEqualTo(2);
		assertThat(RoundTrips.count(() -> soong.query(sql))).isEqualTo(1);
		assertThat(RoundTrips.count(() -> soong.query("SELECT '{1}'::int[] AS a, '1'::small AS b"))).isEqualTo(1);
	}

	@Test
	void recordWhenJsonIsPolymorphicIsReadByItsTypeIds() {
		String circle = "{\"radius\": 1.5, \"type\": \"circle\"}";
		String square = "{\"side\": 2, \"type\": \"square\"}";
		both((soong) -> {
			Drawing drawing = new Drawing(new Circle(1.5), List.of(new Circle(1.5), new Square(2)),
					Map.of("a", new Square(2)), new Shape[] { new Circle(1.5) }, Arrays.asList(new Square(2), null),
					new Cat("Tom"));
			String columns = "'" + circle + "'::jsonb AS shape, '[" + circle + ", " + square
					+ "]'::jsonb AS shapes, '{\"a\": " + square + "}'::json AS named, '[" + circle
					+ "]'::jsonb AS array, ARRAY['" + square
					+ "'::jsonb, NULL] AS many, '{\"type\": \"cat\", \"name\": \"Tom\"}'::jsonb AS animal";
			assertThat(soong.query(Drawing.class, "SELECT " + columns)).singleElement()
				.usingRecursiveComparison()
				.isEqualTo(drawing);
			Row row = soong.query("SELECT " + columns).get(0);
			assertThat(row.get("shape", Shape.class)).isEqualTo(new Circle(1.5));
			assertThat(row.get("array", Shape[].class)).containsExactly(new Circle(1.5));
			assertThat(row.get("animal", Animal.class)).usingRecursiveComparison().isEqualTo(new Cat("Tom"));
		});
	}

	@Test
	void recordWhenColumnOfInterfaceIsNotJsonRefuses() {
		both((soong) -> {
			assertThatExceptionOfType(TypeMismatchDataAccessException.class)
				.isThrownBy(() -> soong.query(OneShape.class, "SELECT 'circle' AS shape"))
				.withMessageContainingAll("column \"shape\"", "component shape of OneShape",
						"from json and jsonb only");
			assertThatExceptionOfType(TypeMismatchDataAccessException.class)
				.isThrownBy(() -> soong.query(OneShape.class, "SELECT '{\"type\": \"hexagon\"}'::jsonb AS shape"))
				.withMessageContaining("column \"shape\"")
				.withMessageNotContaining("hexagon");
			assertThatIllegalArgumentException().isThrownBy(() -> soong.query(OneThread.class, "SELECT 1 AS thread"))
				.withMessageContaining("java.lang.Runnable");
		});
	}

	@Test
	void rowWhenJsonIsReadKeepsWhatWasRead() {
		String digits = "12345678901234567890.123456789012345";
		both((soong) -> {
			Row row = soong
				.query("SELECT '\"123\"'::jsonb AS text, 'null'::jsonb AS nothing, '" + digits
						+ "'::jsonb AS number, '{\"a\": " + digits + "}'::jsonb AS object, '1.50'::jsonb AS fraction, "
						+ "ARRAY['1.50'::jsonb] AS many, NULL::jsonb AS missing, 7 AS plain")
				.get(0);
			assertThat(row).containsEntry("text", "123")
				.containsEntry("nothing", null)
				.containsEntry("number", new BigDecimal(digits))
				.containsEntry("object", Map.of("a", new BigDecimal(digits)))
				.containsEntry("fraction", 1.5)
				.containsEntry("many", List.of(1.5));
			assertThat(text(row, "text")).isEqualTo("\"123\"");
			assertThat(text(row, "nothing")).isEqualTo("null");
			assertThat(text(row, "number")).isEqualTo(digits);
			assertThat(text(row, "object")).isEqualTo("{\"a\": " + digits + "}");
			assertThat(text(row, "fraction")).isEqualTo("1.50");
			assertThat((List<?>) row.stored("many")).singleElement()
				.satisfies((element) -> assertThat(((StoredValue.JsonText) element).text()).isEqualTo("1.50"));
			assertThat(row.stored("missing")).isNull();
			assertThat(row.stored("plain")).isEqualTo(7);
			assertThat(row.stored("unknown")).isNull();
		});
	}

	@Test
	void beanWhenPropertyHasSetterOnlyIsFilledButNotWritten() {
		both((soong) -> {
			Account account = soong.query(Account.class, "SELECT 7 AS id, true AS active, 'x' AS secret, 'y' AS shown")
				.get(0);
			assertThat(account.getId()).isEqualTo(7);
			assertThat(account.isActive()).isTrue();
			assertThat(account.shown()).isEqualTo("x");
			soong.execute("CREATE TEMPORARY TABLE accounts (id bigint, active boolean, secret text, shown text)");
			assertThatIllegalArgumentException().isThrownBy(() -> soong.insert("accounts", account))
				.withMessageContainingAll("property secret", "no getter");
			assertThatIllegalArgumentException().isThrownBy(() -> soong.update("accounts", 7, account))
				.withMessageContainingAll("property secret", "no getter");
			assertThatIllegalArgumentException()
				.isThrownBy(() -> soong.insertAll("accounts", Collections.singletonList(account)))
				.withMessageContainingAll("property secret", "no getter");
			Flag flag = new Flag();
			flag.setId(1L);
			flag.setActive(true);
			soong.insert("accounts", flag);
			assertThat(soong.get("accounts", 1, Flag.class).orElseThrow().isActive()).isTrue();
			soong.execute("DROP TABLE accounts");
		});
	}

	private static String text(Row row, String column) {
		return ((StoredValue.JsonText) row.stored(column)).text();
	}

	private static void both(Consumer<SoongTemplate> test) {
		test.accept(new SoongTemplate(new JdbcTemplate(textual)));
		test.accept(new SoongTemplate(new JdbcTemplate(binary)));
	}

	enum Hue {

		PINK

	}

	record Prices(BigDecimal one, List<BigDecimal> many) {

	}

	record Times(Time one, List<Time> many) {

	}

	record Domains(List<Integer> numbers, List<Hue> hues) {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
	@JsonSubTypes({ @JsonSubTypes.Type(value = Circle.class, name = "circle"),
			@JsonSubTypes.Type(value = Square.class, name = "square") })
	sealed interface Shape permits Circle, Square {

	}

	record Circle(double radius) implements Shape {

	}

	record Square(int side) implements Shape {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
	@JsonSubTypes(@JsonSubTypes.Type(value = Cat.class, name = "cat"))
	abstract static class Animal {

	}

	static class Cat extends Animal {

		private String name;

		Cat() {
		}

		Cat(String name) {
			this.name = name;
		}

		public String getName() {
			return this.name;
		}

		public void setName(String name) {
			this.name = name;
		}

	}

	record Drawing(Shape shape, List<Shape> shapes, Map<String, Shape> named, Shape[] array, List<Shape> many,
			Animal animal) {

	}

	record OneShape(Shape shape) {

	}

	record OneThread(Runnable thread) {

	}

	static class Entity<T> {

		private T id;

		public T getId() {
			return this.id;
		}

		public void setId(T id) {
			this.id = id;
		}

	}

	static class Flag extends Entity<Long> {

		private Boolean active;

		public Boolean isActive() {
			return this.active;
		}

		public void setActive(Boolean active) {
			this.active = active;
		}

	}

	static class Account extends Flag {

		private String secret;

		public void setSecret(String secret) {
			this.secret = secret;
		}

		public String getShown() {
			return this.secret;
		}

		String shown() {
			return this.secret;
		}

	}

}
