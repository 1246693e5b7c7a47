package io.soong.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.soong.Seed;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Values by the ten thousand, none of them meant well, stored and read back as they are.
 */
@NullUnmarked
class HostileValuesIntegrationTests {

	private static final int STATEMENTS = 10;

	private static final int VALUES = 1000;

	private static SingleConnectionDataSource dataSource;

	private static SoongTemplate soong;

	private final long seed = Seed.value();

	private final HostileInput input = new HostileInput(this.seed);

	@BeforeAll
	static void connect() {
		dataSource = PostgresServer.connect("hostile_tests");
		soong = new SoongTemplate(new JdbcTemplate(dataSource));
		soong.execute("CREATE TABLE gizmos (id int, name text, data jsonb, tags text[], matrix text[])");
	}

	@AfterAll
	static void close() {
		dataSource.destroy();
	}

	@Test
	void valuesWhenHostileComeBackAsTheyAre() {
		for (int id = 0; id < STATEMENTS; id++) {
			List<String> tags = values();
			List<String> list = values();
			String name = this.input.storable();
			List<List<String>> matrix = List.of(values().subList(0, 50), values().subList(0, 50));
			// json stores no escaped NUL, but the text of one it does
			Map<String, Object> data = Map.of("list", list, "k" + this.input.storable(), name);
			soong.insert("gizmos", Map.of("id", id, "name", name, "data", data, "tags", tags, "matrix", matrix));
			Row row = soong.get("gizmos", id).orElseThrow();
			assertThat(row.get("name")).as("seed %d", this.seed).isEqualTo(name);
			assertThat(row.get("tags")).as("seed %d", this.seed).isEqualTo(tags);
			assertThat(row.get("matrix")).as("seed %d", this.seed).isEqualTo(matrix);
			assertThat(row.get("data")).as("seed %d", this.seed).isEqualTo(data);
			assertThat(
					soong.select("gizmos").where("data", Condition.eq(data)).where("tags", Condition.eq(tags)).count())
				.isEqualTo(1);
			assertThat(soong.query(String.class, "SELECT unnest(:values::text[])", Map.of("values", list)))
				.as("seed %d", this.seed)
				.isEqualTo(list);
		}
		assertThat(soong.select("gizmos").count()).isEqualTo(STATEMENTS);
	}

	@Test
	void rowsWithHalfOfASurrogatePairAreRefused() {
		String half = "a\uD83D";
		soong.execute("CREATE TABLE halves (id int PRIMARY KEY, name text, data jsonb, tags text[])");
		for (Map<String, Object> values : List.<Map<String, Object>>of(Map.of("name", half),
				Map.of("data", Map.of("k", half)), Map.of("data", Map.of(half, 1)),
				Map.of("tags", List.of("x", half)))) {
			for (int count : new int[] { 1, 1000 }) {
				List<Map<String, Object>> rows = new ArrayList<>();
				for (int i = 0; i < count; i++) {
					Map<String, Object> row = new HashMap<>(Map.of("id", i, "name", "x"));
					if (i == count - 1) {
						row.putAll(values);
					}
					else {
						values.keySet().forEach((column) -> row.putIfAbsent(column, null));
					}
					rows.add(row);
				}
				assertThatIllegalArgumentException().isThrownBy(() -> soong.insertAll("halves", rows))
					.withMessageContaining("half of a surrogate pair");
				assertThatIllegalArgumentException().isThrownBy(() -> soong.upsertAll("halves", rows, "id"))
					.withMessageContaining("half of a surrogate pair");
			}
			assertThatIllegalArgumentException().isThrownBy(() -> soong.insert("halves", values))
				.withMessageContaining("half of a surrogate pair");
		}
		assertThat(soong.select("halves").count()).isZero();
	}

	@Test
	void valuesWhenHostileFindThemselvesAlone() {
		soong.execute("CREATE TABLE names (id int, name text)");
		for (int i = 0; i < 200; i++) {
			String name = this.input.storable();
			soong.insert("names", Map.of("id", i, "name", name));
			assertThat(soong.select("names").where("id", i).where("name", name).count()).as("seed %d", this.seed)
				.isEqualTo(1);
			assertThat(soong.select("names")
				.columns("name")
				.where("name", Condition.in(Arrays.asList(name, name + "x")))
				.list(String.class)).as("seed %d", this.seed)
				.contains(name)
				.allMatch((found) -> found.startsWith(name));
		}
		assertThat(soong.select("names").count()).isEqualTo(200);
	}

	private List<String> values() {
		List<String> values = new ArrayList<>();
		for (int i = 0; i < VALUES; i++) {
			values.add(this.input.storable());
		}
		return values;
	}

}
