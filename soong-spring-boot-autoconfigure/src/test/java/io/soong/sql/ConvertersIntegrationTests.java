package io.soong.sql;

import java.time.YearMonth;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.core.convert.converter.Converter;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.TypeMismatchDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static io.soong.sql.Condition.in;
import static io.soong.sql.Condition.not;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Types of the application that its own converters read and write, on a real server.
 */
@NullUnmarked
class ConvertersIntegrationTests {

	private static SingleConnectionDataSource dataSource;

	private static SoongTemplate soong;

	@BeforeAll
	static void connect() {
		dataSource = PostgresServer.connect("converters");
		soong = new SoongTemplate(new JdbcTemplate(dataSource))
			.withConverters(List.of(new CurrencyWriter(), new CurrencyReader(), new MonthWriter(), new MonthReader(),
					new LevelWriter(), new LevelReader(), new PointWriter(), new PointReader()));
	}

	@AfterAll
	static void close() {
		dataSource.destroy();
	}

	@BeforeEach
	void create() {
		soong.execute("DROP TABLE IF EXISTS price, client");
		soong.execute("DROP TYPE IF EXISTS address");
		soong.execute("CREATE TABLE price (id int PRIMARY KEY, currency char(3), others text[], month int, "
				+ "level smallint, place jsonb)");
	}

	@Test
	void valuesAreConvertedByEveryCallAlike() {
		Currency euro = Currency.getInstance("EUR");
		Currency yen = Currency.getInstance("JPY");
		Price price = new Price(1, euro, List.of(yen, euro), Optional.of(YearMonth.of(2026, 11)), Level.HIGH,
				new Point(1, 2));
		soong.insert("price", price);
		assertThat(soong.get("price", 1).orElseThrow()).containsEntry("currency", "EUR")
			.containsEntry("others", List.of("JPY", "EUR"))
			.containsEntry("month", 202611)
			.containsEntry("level", 2)
			.containsEntry("place", Map.of("x", 1, "y", 2));
		assertThat(soong.get("price", 1, Price.class)).contains(price);
		Price empty = new Price(2, null, null, Optional.empty(), null, null);
		soong.insertAll("price", Stream.of(empty));
		soong.upsertAll("price", List.of(price, empty), "id");
		soong.insertAll("price",
				Stream.iterate(3, (id) -> id + 1)
					.limit(2000)
					.map((id) -> new Price(id, yen, List.of(euro), Optional.empty(), Level.LOW, new Point(id, 0))));
		assertThat(soong.select("price").where("level", Level.LOW).count()).isEqualTo(2000);
		assertThat(soong.select("price").where("currency", not(Condition.eq(yen))).list(Price.class))
			.containsExactly(price);
		assertThat(soong.select("price").where("currency", in(euro, Currency.getInstance("USD"))).count()).isEqualTo(1);
		assertThat(soong.select("price").where("others", Condition.eq(List.of(yen, euro))).count()).isEqualTo(1);
		assertThat(soong.select("price").where("place", Condition.eq(new Point(7, 0))).list(Price.class))
			.singleElement()
			.satisfies((found) -> assertThat(found.id()).isEqualTo(7));
		assertThat(soong.update("price", 1, Map.of("currency", yen, "level", Level.LOW))).isEqualTo(1);
		assertThat(soong.get("price", 1).orElseThrow().get("currency", Currency.class)).isEqualTo(yen);
		assertThat(soong.get("price", 1).orElseThrow().get("level", Level.class)).isEqualTo(Level.LOW);
		assertThat(soong.get("price", 2, Price.class)).contains(empty);
	}

	@Test
	void argumentsOfFreeSqlAreConverted() {
		Currency euro = Currency.getInstance("EUR");
		assertThat(soong.queryOne(Currency.class, "SELECT CAST(? AS text)", euro)).contains(euro);
		assertThat(soong.queryOne(String.class, "SELECT concat(?, :x)".replace(":x", "'!'"), euro)).contains("EUR!");
		assertThat(soong.queryOne(Integer.class, "SELECT 1 WHERE 'EUR' IN (:list)", Map.of("list", List.of(euro))))
			.contains(1);
		assertThat(soong.queryOne(Integer.class, "SELECT ? + 0", Level.HIGH)).contains(2);
		soong.execute("INSERT INTO price (id, others, place) VALUES (?, ?, ?)", 1, List.of(euro), new Point(1, 2));
		assertThat(soong.queryOne(Price.class, "SELECT * FROM price").orElseThrow().place()).isEqualTo(new Point(1, 2));
		assertThat(soong.query(YearMonth.class, "SELECT 202601 UNION ALL SELECT NULL"))
			.containsExactly(YearMonth.of(2026, 1), null);
	}

	@Test
	void failureOfAConverterIsNamedWithoutTheValue() {
		soong.execute("INSERT INTO price (id, currency) VALUES (1, 'xyz')");
		assertThatExceptionOfType(TypeMismatchDataAccessException.class)
			.isThrownBy(() -> soong.get("price", 1, Price.class))
			.withMessageContainingAll("column \"currency\"", "CurrencyReader", "IllegalArgumentException")
			.satisfies((ex) -> assertThat(ex).message().doesNotContain("xyz"));
		assertThatIllegalArgumentException().isThrownBy(() -> soong.insert("price", Map.of("level", Level.BROKEN)))
			.withMessageContainingAll("column \"level\"", "LevelWriter", "IllegalStateException")
			.satisfies((ex) -> assertThat(ex).message().doesNotContain("secret"));
		SoongTemplate without = new SoongTemplate(new JdbcTemplate(dataSource));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> without.insert("price", Map.of("currency", Currency.getInstance("EUR"))))
			.withMessageContaining("java.util.Currency, which cannot be bound");
	}

	@Test
	void conditionThatAConverterMakesNullOfIsRefused() {
		SoongTemplate template = new SoongTemplate(new JdbcTemplate(dataSource)).withConverters(List.of(new Nothing()));
		for (Condition condition : List.of(Condition.eq(Level.LOW), in(Level.LOW), Condition.notIn(Level.LOW),
				Condition.eq(List.of(Level.LOW)))) {
			assertThatIllegalArgumentException()
				.isThrownBy(() -> template.select("price").where("level", condition).list())
				.withMessageContainingAll("column \"level\"", "converts to null", "isNull()");
		}
		template.insert("price", Map.of("id", 1, "level", Level.LOW));
		assertThat(template.get("price", 1).orElseThrow()).containsEntry("level", null);
	}

	@Test
	void converterThatIsAmbiguousIsRefused() {
		SoongTemplate template = new SoongTemplate(new JdbcTemplate(dataSource));
		Converter<String, Currency> lambda = Currency::getInstance;
		assertThatIllegalArgumentException().isThrownBy(() -> template.withConverters(List.of(lambda)))
			.withMessageContaining("write a class that implements Converter<S, T>");
		assertThatIllegalArgumentException().isThrownBy(() -> template.withConverters(List.of(new Shouting())))
			.withMessageContaining("both are types of columns");
		assertThatIllegalArgumentException().isThrownBy(() -> template.withConverters(List.of(new Leveling())))
			.withMessageContaining("neither is a type of columns");
	}

	@Test
	void nestedRecordsAndCompositeTypesGoThroughJson() {
		soong.execute("CREATE TYPE address AS (street text, city text)");
		soong.execute("CREATE TABLE client (id int, street text, city text, home address)");
		Address address = new Address("Main", "Springfield");
		soong.execute("INSERT INTO client VALUES (1, 'Main', 'Springfield', jsonb_populate_record(NULL::address, ?))",
				address);
		assertThat(soong.queryOne(Customer.class, "SELECT id, to_jsonb(home) AS home FROM client"))
			.contains(new Customer(1, address));
		assertThat(soong.queryOne(Customer.class,
				"SELECT id, jsonb_build_object('street', street, 'city', city) AS home FROM client"))
			.contains(new Customer(1, address));
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> soong.query(Customer.class, "SELECT id, street, city FROM client"))
			.withMessageContaining(
					"a nested record is read from json, such as jsonb_build_object('city', city) AS home");
		assertThatIllegalArgumentException().isThrownBy(() -> soong.insert("client", new Customer(2, address)))
			.withMessageContainingAll("column \"home\"", "address");
	}

	enum Level {

		LOW, HIGH, BROKEN

	}

	record Point(int x, int y) {
	}

	record Address(String street, String city) {
	}

	record Customer(int id, Address home) {
	}

	record Price(int id, Currency currency, List<Currency> others, Optional<YearMonth> month, Level level,
			Point place) {
	}

	static class CurrencyWriter implements Converter<Currency, String> {

		@Override
		public String convert(Currency source) {
			return source.getCurrencyCode();
		}

	}

	static class CurrencyReader implements Converter<String, Currency> {

		@Override
		public Currency convert(String source) {
			return Currency.getInstance(source);
		}

	}

	static class MonthWriter implements Converter<YearMonth, Integer> {

		@Override
		public Integer convert(YearMonth source) {
			return source.getYear() * 100 + source.getMonthValue();
		}

	}

	static class MonthReader implements Converter<Integer, YearMonth> {

		@Override
		public YearMonth convert(Integer source) {
			return YearMonth.of(source / 100, source % 100);
		}

	}

	static class LevelWriter implements Converter<Level, Integer> {

		@Override
		public Integer convert(Level source) {
			if (source == Level.BROKEN) {
				throw new IllegalStateException("secret");
			}
			return source.ordinal() + 1;
		}

	}

	static class LevelReader implements Converter<Number, Level> {

		@Override
		public Level convert(Number source) {
			return Level.values()[source.intValue() - 1];
		}

	}

	@SuppressWarnings("rawtypes")
	static class PointWriter implements Converter<Point, Map> {

		@Override
		public Map convert(Point source) {
			return Map.of("x", source.x(), "y", source.y());
		}

	}

	@SuppressWarnings("rawtypes")
	static class PointReader implements Converter<Map, Point> {

		@Override
		public Point convert(Map source) {
			return new Point((Integer) source.get("x"), (Integer) source.get("y"));
		}

	}

	static class Nothing implements Converter<Level, Integer> {

		@Override
		public Integer convert(Level source) {
			return null;
		}

	}

	static class Shouting implements Converter<String, Integer> {

		@Override
		public Integer convert(String source) {
			return source.length();
		}

	}

	static class Leveling implements Converter<Level, Currency> {

		@Override
		public Currency convert(Level source) {
			return Currency.getInstance("EUR");
		}

	}

}
