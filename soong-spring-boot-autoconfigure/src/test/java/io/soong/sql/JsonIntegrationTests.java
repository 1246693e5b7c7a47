package io.soong.sql;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.dao.TypeMismatchDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static io.soong.sql.Condition.containedBy;
import static io.soong.sql.Condition.contains;
import static io.soong.sql.Condition.eq;
import static io.soong.sql.Condition.in;
import static io.soong.sql.Condition.op;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

/**
 * Json to the server and back.
 */
@NullUnmarked
class JsonIntegrationTests {

	private static final Order ORDER = new Order("Ann", LocalDate.of(2024, 2, 29), List.of(new Item("nut", 2)));

	private static final String TEXT = "{\"customer\":\"Ann\",\"day\":\"2024-02-29\",\"items\":[{\"name\":\"nut\","
			+ "\"count\":2}]}";

	private static SingleConnectionDataSource dataSource;

	private static SoongTemplate soong;

	@BeforeAll
	static void connect() {
		dataSource = PostgresServer.connect("json_tests", Map.of("socketFactory", RoundTrips.class.getName()));
		soong = new SoongTemplate(new JdbcTemplate(dataSource));
		soong.execute("CREATE DOMAIN doc AS jsonb");
		soong.execute("CREATE DOMAIN doc_of_doc AS doc");
		soong.execute("CREATE TABLE docs (id int PRIMARY KEY, data jsonb, plain json, tags text[], many jsonb[], "
				+ "domain doc_of_doc)");
	}

	@AfterAll
	static void close() {
		dataSource.destroy();
	}

	@BeforeEach
	void empty() {
		soong.execute("TRUNCATE docs");
	}

	@Test
	void rowWhenColumnIsJsonHoldsMapsListsAndScalars() {
		Row row = soong
			.query("SELECT '{\"a\": [1, null, {\"b\": 1.5}]}'::jsonb AS a, '[]'::json AS b, '7'::jsonb AS c, "
					+ "'\"x\"'::jsonb AS d, 'null'::jsonb AS e, NULL::jsonb AS f, 'true'::json AS g")
			.get(0);
		assertThat(row).containsExactly(entry("a", Map.of("a", Arrays.asList(1, null, Map.of("b", 1.5)))),
				entry("b", List.of()), entry("c", 7), entry("d", "x"), entry("e", null), entry("f", null),
				entry("g", true));
		Map<?, ?> map = row.get("a", Map.class);
		assertThat(map).hasSize(1);
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> ((Map<?, ?>) row.get("a")).clear());
	}

	@Test
	void rowWhenTypeIsAskedForGivesIt() {
		Row row = soong.query("SELECT '" + TEXT + "'::json AS data, '[1,2]'::jsonb AS numbers, 'null'::jsonb AS no")
			.get(0);
		assertThat(row.get("data", Order.class)).isEqualTo(ORDER);
		assertThat(row.get("data", Map.class).get("customer")).isEqualTo("Ann");
		assertThat(row.get("data", JsonNode.class).at("/items/0/count").asInt()).isEqualTo(2);
		assertThat(row.get("data", String.class)).isEqualTo(TEXT);
		assertThat((Object) row.get("numbers", List.class)).isEqualTo(List.of(1, 2));
		assertThat(row.get("numbers", long[].class)).containsExactly(1, 2);
		assertThat(row.get("no", Order.class)).isNull();
		assertThatExceptionOfType(TypeMismatchDataAccessException.class).isThrownBy(() -> row.get("numbers", Map.class))
			.withMessageContaining("\"numbers\"");
	}

	@Test
	void recordWhenComponentsAreJsonIsMadeOfThem() {
		Mixed mixed = soong
			.query(Mixed.class,
					"SELECT 1 AS id, '" + TEXT + "'::jsonb AS bill, '{\"a\": 1}'::json AS map, "
							+ "'[{\"name\": \"x\", \"count\": 1}]'::jsonb AS items, '{\"a\":  1}'::json AS text, "
							+ "'[1]'::jsonb AS node, ARRAY['{\"name\":\"y\",\"count\":3}'::jsonb, NULL] AS rows, "
							+ "'\"PINK\"'::jsonb AS hue, '5'::jsonb AS number")
			.get(0);
		assertThat(mixed).isEqualTo(new Mixed(1, ORDER, Map.of("a", 1), List.of(new Item("x", 1)), "{\"a\":  1}",
				JsonMapper.shared().readTree("[1]"), Arrays.asList(new Item("y", 3), null), Hue.PINK, 5));
	}

	@Test
	void queryWhenScalarIsJsonReadsIt() {
		assertThat(soong.query(JsonNode.class, "SELECT '{\"a\": 1}'::jsonb").get(0).get("a").asInt()).isEqualTo(1);
		assertThat(soong.query(String.class, "SELECT '{\"a\":  1}'::json")).containsExactly("{\"a\":  1}");
		assertThat(soong.query(Object.class, "SELECT '[1]'::json")).containsExactly(List.of(1));
		assertThat(soong.query(Object.class, "SELECT '{\"{\\\"a\\\": 1}\"}'::jsonb[]"))
			.containsExactly(List.of(Map.of("a", 1)));
		assertThatIllegalArgumentException().isThrownBy(() -> soong.query(Map.class, "SELECT '{}'::jsonb"));
	}

	@Test
	void insertAndUpdateWhenValueIsMapRecordNodeOrTextWriteJson() {
		Map<String, Object> map = Map.of("a", Arrays.asList(1, null, "\u20ac\ud83d\ude00'\"\\?:x"));
		soong.insert("docs", Map.of("id", 1, "data", map, "plain", ORDER));
		assertThat(soong.get("docs", 1).orElseThrow()).containsEntry("data", map);
		assertThat(soong.get("docs", 1).orElseThrow().get("plain", String.class)).isEqualTo(TEXT);
		soong.update("docs", 1, Map.of("data", JsonMapper.shared().readTree("{\"n\": 1}"), "plain", "[ 1]"));
		assertThat(soong.get("docs", 1).orElseThrow()).containsEntry("data", Map.of("n", 1))
			.containsEntry("plain", List.of(1));
		soong.update("docs", 1, Collections.singletonMap("data", null));
		assertThat(soong.select("docs").where("data", Condition.isNull()).exists()).isTrue();
		soong.insert("docs", new Document(2, ORDER, List.of("x"), List.of(new Item("a", 1))));
		assertThat(soong.get("docs", 2, Document.class))
			.contains(new Document(2, ORDER, List.of("x"), List.of(new Item("a", 1))));
	}

	@ParameterizedTest
	@ValueSource(strings = { "data", "plain", "domain", "tags", "many" })
	void insertWhenValueIsListIsJsonOrArrayAsTheColumnHasIt(String column) {
		List<Object> values = column.equals("many") ? List.of(Map.of("a", 1), Map.of()) : List.of("a", "b\"\\");
		soong.insert("docs", Map.of("id", 1, column, values));
		assertThat(soong.get("docs", 1).orElseThrow()).containsEntry(column, values);
		soong.update("docs", 1, Map.of(column, List.of()));
		assertThat(soong.get("docs", 1).orElseThrow()).containsEntry(column, List.of());
		soong.update("docs", 1, Map.of(column, Set.copyOf(values)));
		soong.update("docs", 1, Map.of(column, values.toArray()));
		assertThat(soong.get("docs", 1).orElseThrow()).containsEntry(column, values);
	}

	@Test
	void conditionsWhenColumnIsJsonbTakeMapsAndLists() {
		soong.insert("docs", Map.of("id", 1, "data", Map.of("a", 1, "b", List.of(1, 2)), "tags", List.of("a"), "many",
				List.of(Map.of("a", 1))));
		soong.insert("docs", Map.of("id", 2, "data", List.of(1, 2)));
		assertThat(ids("data", contains(Map.of("a", 1)))).containsExactly(1);
		assertThat(ids("data", contains(List.of(1)))).containsExactly(2);
		assertThat(ids("data", containedBy(List.of(1, 2, 3)))).containsExactly(2);
		assertThat(ids("data", eq(List.of(1, 2)))).containsExactly(2);
		assertThat(ids("data", eq(Map.of("a", 1, "b", List.of(1, 2))))).containsExactly(1);
		assertThat(ids("data", in(Map.of("a", 1, "b", List.of(1, 2))))).containsExactly(1);
		assertThat(ids("data", op("?|", List.of("a", "z")))).containsExactly(1);
		assertThat(ids("data", op("?&", new String[] { "a", "b" }))).containsExactly(1);
		assertThat(ids("data", op("@?", "$.a"))).containsExactly(1);
		assertThat(ids("tags", contains(List.of("a")))).containsExactly(1);
		assertThat(ids("many", contains(List.of(Map.of("a", 1))))).containsExactly(1);
		assertThatIllegalArgumentException().isThrownBy(() -> ids("data", Map.of("a", 1)))
			.withMessageContainingAll("\"data\"", "contains(...)");
		assertThatIllegalArgumentException().isThrownBy(() -> ids("data", JsonMapper.shared().readTree("[1]")))
			.withMessageContaining("contains(...)");
	}

	@Test
	void freeSqlWhenArgumentIsListOrMapBindsArrayOrJson() {
		assertThat(soong.query(Object.class, "SELECT ?::jsonb FROM (SELECT ?::int) AS x", Map.of("a", 1), 1))
			.containsExactly(Map.of("a", 1));
		assertThat(soong.query(Object.class, "SELECT :doc::jsonb", Map.of("doc", ORDER))).hasSize(1)
			.allSatisfy((doc) -> assertThat(doc).hasFieldOrPropertyWithValue("customer", "Ann"));
		assertThat(soong.query(Object.class, "SELECT ?::jsonb", ORDER)).hasSize(1);
		assertThat(soong.query(Object.class, "SELECT ?::jsonb[]", List.of(Map.of("a", 1))))
			.containsExactly(List.of(Map.of("a", 1)));
		assertThat(soong.query(Object.class, "SELECT ?::int[]", List.of(1))).containsExactly(List.of(1));
		assertThat(soong.query(Object.class, "SELECT ?::jsonb", "{\"a\": 1}")).containsExactly(Map.of("a", 1));
	}

	@Test
	void columnTypesWhenValuesDoNotDependOnThemAreNotRead() {
		SoongTemplate fresh = new SoongTemplate(new JdbcTemplate(dataSource));
		assertThat(RoundTrips.count(() -> fresh.insert("docs", Map.of("id", 1, "data", "{}")))).isEqualTo(1);
		assertThat(RoundTrips.count(() -> fresh.select("docs").where("id", in(1, 2)).list())).isEqualTo(1);
		assertThat(RoundTrips.count(() -> fresh.update("docs", 1, Map.of("tags", List.of("a"))))).isEqualTo(2);
		assertThat(RoundTrips.count(() -> fresh.update("docs", 1, Map.of("data", Map.of("a", 1))))).isEqualTo(1);
		assertThat(RoundTrips.count(() -> fresh.update("docs", 1, Map.of("plain", List.of("a"))))).isEqualTo(1);
	}

	@Test
	void mapperWhenGivenReadsAndWrites() {
		JsonMapper snake = JsonMapper.builder()
			.propertyNamingStrategy(PropertyNamingStrategies.UPPER_SNAKE_CASE)
			.build();
		SoongTemplate shouting = soong.withJsonMapper(() -> snake);
		shouting.insert("docs", Map.of("id", 1, "plain", new Item("x", 1)));
		assertThat(soong.get("docs", 1).orElseThrow().get("plain", String.class))
			.isEqualTo("{\"NAME\":\"x\",\"COUNT\":1}");
		assertThat(shouting.get("docs", 1).orElseThrow().get("plain", Item.class)).isEqualTo(new Item("x", 1));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> soong.withJsonMapper(() -> "no mapper").insert("docs", Map.of("id", 2, "data", Map.of())))
			.withMessageContaining("ObjectMapper");
	}

	@Test
	void jsonWhenJacksonIsAbsentSaysWhatToAdd() {
		Json json = new Json(null, false, new FilteredClassLoader("tools.jackson"));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> json.write(Map.of("a", "secret"), null, () -> "column \"x\""))
			.withMessageContainingAll("column \"x\"", "tools.jackson.core:jackson-databind")
			.withMessageNotContaining("secret");
		Row row = new Row(new Row.Columns(List.of("data"), Converters.NONE),
				new Object[] { new StoredValue.JsonText("{\"a\": 1}", "jsonb", json) });
		assertThat(row.get("data", String.class)).isEqualTo("{\"a\": 1}");
		assertThatExceptionOfType(TypeMismatchDataAccessException.class).isThrownBy(() -> row.get("data"))
			.withMessageContainingAll("\"data\"", "tools.jackson.core:jackson-databind");
		assertThat(row.keySet()).containsExactly("data");
	}

	private static List<Integer> ids(String column, Object condition) {
		return soong.select("docs").columns("id").where(column, condition).orderBy("id").list(Integer.class);
	}

	enum Hue {

		PINK

	}

	record Item(String name, int count) {

	}

	record Order(String customer, LocalDate day, List<Item> items) {

	}

	record Document(int id, Order data, List<String> tags, List<Item> many) {

	}

	record Mixed(int id, Order bill, Map<String, Object> map, List<Item> items, String text, JsonNode node,
			List<Item> rows, Hue hue, int number) {

	}

}
