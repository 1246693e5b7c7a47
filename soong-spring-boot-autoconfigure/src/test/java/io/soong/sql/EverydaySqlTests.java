package io.soong.sql;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

import static io.soong.sql.Condition.atLeast;
import static io.soong.sql.Condition.containsText;
import static io.soong.sql.Condition.endsWith;
import static io.soong.sql.Condition.eq;
import static io.soong.sql.Condition.isNull;
import static io.soong.sql.Condition.lessThan;
import static io.soong.sql.Condition.startsWith;
import static io.soong.sql.Expression.minus;
import static io.soong.sql.Expression.now;
import static io.soong.sql.Expression.plus;
import static io.soong.sql.Expression.toDefault;
import static io.soong.sql.Filter.allOf;
import static io.soong.sql.Filter.anyOf;
import static io.soong.sql.Filter.where;
import static io.soong.sql.Order.asc;
import static io.soong.sql.Order.desc;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The SQL that filters, expressions, conflicts and pages send, and what is refused before
 * anything is sent.
 */
@NullUnmarked
class EverydaySqlTests {

	private final RecordingDataSource dataSource = new RecordingDataSource();

	private final SoongTemplate soong = new SoongTemplate(new JdbcTemplate(this.dataSource));

	@Test
	void filterJoinsConditionsOnSeveralColumns() {
		Filter filter = anyOf(where("color", "pink"),
				allOf(where("price", lessThan(3)), Filter.not(where("name", startsWith("X")))));
		String sql = " WHERE (\"color\" = ? OR (\"price\" < ? AND NOT (\"name\" LIKE ?)))";
		sends("SELECT * FROM \"gizmos\"" + sql, () -> this.soong.select("gizmos").where(filter).list());
		sends("SELECT * FROM \"gizmos\" WHERE \"id\" = ? AND (\"color\" = ? OR \"price\" < ?)",
				() -> this.soong.select("gizmos")
					.where("id", 1)
					.where(anyOf(where("color", "pink"), where("price", lessThan(3))))
					.list());
		sends("UPDATE \"gizmos\" SET \"price\" = ?" + sql,
				() -> this.soong.update("gizmos", filter, Map.of("price", 1)));
		sends("DELETE FROM \"gizmos\"" + sql, () -> this.soong.delete("gizmos", filter));
		sends("SELECT count(*) FROM \"gizmos\"" + sql, () -> this.soong.select("gizmos").where(filter).count());
		assertThat(filter).hasToString("ANY[where(color), ALL[where(price), NOT[where(name)]]]");
	}

	@Test
	void conditionsOnOneColumnAreJoined() {
		sends("SELECT * FROM \"t\" WHERE (\"at\" >= ? AND \"at\" < ?)",
				() -> this.soong.select("t", Map.of("at", atLeast(1).and(lessThan(2)))));
		sends("DELETE FROM \"t\" WHERE (\"at\" IS NULL OR \"at\" < ?)",
				() -> this.soong.delete("t", Map.of("at", isNull().or(lessThan(2)))));
		sends("SELECT * FROM \"t\" WHERE NOT ((\"at\" IS NULL OR \"at\" < ?))",
				() -> this.soong.select("t", Map.of("at", Condition.not(isNull().or(lessThan(2))))));
		assertThat(atLeast("secret").and(lessThan(2))).hasToString("AND[>= ?, < ?]");
	}

	@Test
	void wildcardsInTextStandForThemselves() {
		for (Map.Entry<Condition, String> each : Map
			.of(startsWith("5%_\\"), "5\\%\\_\\\\%", endsWith("5%"), "%5\\%", containsText("_x"), "%\\_x%")
			.entrySet()) {
			StatementText text = Select.Selection.of(Where.all("t").and("name", each.getKey())).select();
			assertThat(text.sql()).endsWith("\"name\" LIKE ?");
			assertThat(text.parameters()).containsExactly(each.getValue());
		}
	}

	@Test
	void nullsAreFirstOrLast() {
		sends("SELECT * FROM \"t\" ORDER BY \"a\" DESC NULLS LAST, \"b\" NULLS FIRST, \"c\"",
				() -> this.soong.select("t").orderBy(desc("a").nullsLast(), asc("b").nullsFirst(), asc("c")).list());
	}

	@Test
	void pageContinuesAfterARow() {
		sends("SELECT * FROM \"t\" WHERE \"x\" = ? AND (\"at\", \"id\") > (?, ?) ORDER BY \"at\", \"id\" LIMIT ?",
				() -> this.soong.select("t")
					.where("x", 1)
					.orderBy("at", "id")
					.after(Map.of("id", 7, "at", "2026-01-01", "more", 1))
					.limit(20)
					.list());
		sends("SELECT \"id\", \"unit_price\" FROM \"t\" WHERE (\"unit_price\") < (?) ORDER BY \"unit_price\" DESC",
				() -> this.soong.select("t").orderBy(desc("unit_price")).after(new Gizmo(1, 2)).list(Gizmo.class));
	}

	@Test
	void updateSetsAColumnFromItself() {
		sends("UPDATE \"stock\" SET \"count\" = \"count\" - ?, \"at\" = now(), \"note\" = DEFAULT WHERE \"id\" = ?",
				() -> this.soong.update("stock", 42, map("count", minus(1), "at", now(), "note", toDefault())));
		sends("UPDATE \"stock\" SET \"count\" = \"count\" + ? WHERE \"id\" = ? RETURNING \"id\", \"unit_price\"",
				() -> this.soong.update("stock", 42, Map.of("count", plus(2)), Gizmo.class));
		sends("INSERT INTO \"stock\" (\"at\", \"id\", \"note\") VALUES (now(), ?, DEFAULT)",
				() -> this.soong.insert("stock", map("at", now(), "id", 1, "note", toDefault())));
	}

	@Test
	void updateAndDeleteReturnRows() {
		sends("UPDATE \"t\" SET \"a\" = ? WHERE \"id\" = ? RETURNING *",
				() -> this.soong.update("t", 1, Map.of("a", 1), Row.class));
		sends("UPDATE \"t\" SET \"a\" = ? WHERE \"b\" = ? RETURNING \"id\", \"unit_price\"",
				() -> this.soong.update("t", Map.of("b", 2), Map.of("a", 1), Gizmo.class));
		sends("DELETE FROM \"t\" WHERE \"id\" = ? RETURNING \"id\", \"unit_price\"",
				() -> this.soong.delete("t", 1, Gizmo.class));
		sends("DELETE FROM \"t\" WHERE \"b\" < ? RETURNING *",
				() -> this.soong.delete("t", Map.of("b", lessThan(2)), Row.class));
	}

	@Test
	void insertIfAbsentLeavesTheRowThatIsThere() {
		sends("INSERT INTO \"t\" (\"id\") VALUES (?) ON CONFLICT (\"id\") DO NOTHING",
				() -> this.soong.insertIfAbsent("t", Map.of("id", 1), "id"));
		sends("INSERT INTO \"t\" (\"id\") VALUES (?) ON CONFLICT DO NOTHING",
				() -> this.soong.insertIfAbsent("t", Map.of("id", 1)));
		sends("INSERT INTO \"t\" (\"id\") VALUES (?), (?) ON CONFLICT (\"id\") DO NOTHING",
				() -> this.soong.insertAllIfAbsent("t", List.of(Map.of("id", 1), Map.of("id", 1)), "id"));
	}

	@Test
	void upsertUpdatesChosenColumns() {
		sends("INSERT INTO \"t\" (\"email\", \"name\", \"n\") VALUES (?, ?, ?) ON CONFLICT (\"email\") "
				+ "WHERE \"deleted_at\" IS NULL AND NOT \"old\" DO UPDATE SET \"name\" = EXCLUDED.\"name\"",
				() -> this.soong.upsert("t", map("email", "a@b", "name", "A", "n", 1),
						Conflict.on("email").where("deleted_at", isNull()).where("old", false).update("name")));
		sends("INSERT INTO \"t\" (\"id\", \"unit_price\") VALUES (?, ?), (?, ?) ON CONFLICT (\"id\") DO UPDATE "
				+ "SET \"unit_price\" = EXCLUDED.\"unit_price\" RETURNING \"id\", \"unit_price\"",
				() -> this.soong.upsertAll("t", List.of(new Gizmo(1, 2), new Gizmo(2, 2)), Conflict.on("id"),
						Gizmo.class));
	}

	@Test
	void insertAllReturnsWhatTheDatabaseMade() {
		List<Map<String, Object>> rows = List.of(Map.of("name", "a"), Map.of("name", "b"));
		sends("INSERT INTO \"t\" (\"name\") VALUES (?), (?) RETURNING \"id\"",
				() -> this.soong.insertAll("t", rows, "id", Integer.class));
		sends("INSERT INTO \"t\" (\"name\") VALUES (?), (?) RETURNING *",
				() -> this.soong.insertAll("t", rows, Row.class));
	}

	@Test
	void whatSaysNothingOrSomethingElseIsRefused() {
		refused("anyOf(...) needs at least one filter", () -> anyOf());
		refused("allOf(...) needs at least one filter", () -> allOf(List.of()));
		refused("holds a filter that is null", () -> Filter.not(null));
		refused("not allowed there", () -> where("a\"b", 1));
		refused("is null, which matches no row", () -> this.soong.delete("t", anyOf(where("a", null))));
		refused("is a collection; write in(...)", () -> this.soong.delete("t", where("a", List.of(1))));
		refused("The filter on table \"t\" is null", () -> this.soong.select("t").where(null));
		refused("a filter belongs in a where", () -> this.soong.insert("t", Map.of("a", where("b", 1))));
		refused("of an empty text would match every row", () -> startsWith(""));
		refused("of null would match no row", () -> containsText(null));
		refused("The other condition is null", () -> eq(1).and(null));
		refused("takes a number or a Duration", () -> plus("1"));
		refused("would set the column to NULL", () -> minus(null));
		refused("a new row has no value to change", () -> this.soong.insert("t", Map.of("a", plus(1))));
		refused("a new row has no value to change", () -> this.soong.upsert("t", Map.of("id", 1, "a", plus(1)), "id"));
		refused("insert, update or upsert of a single row",
				() -> this.soong.insertAll("t", List.of(Map.of("a", now()))));
		refused("belong in an update", () -> this.soong.get("t", plus(1)));
		refused("The list of key columns is empty", () -> Conflict.on());
		refused("before it knows the parameters", () -> Conflict.on("id").where("n", lessThan(3)));
		refused("use insertIfAbsent", () -> Conflict.on("id").update());
		refused("is to be updated, but the values have no such column",
				() -> this.soong.upsert("t", Map.of("id", 1), Conflict.on("id").update("name")));
		refused("no value for the key column \"id\"",
				() -> this.soong.upsert("t", map("id", now(), "a", 1), Conflict.on("id")));
		refused("named twice", () -> this.soong.insertIfAbsent("t", Map.of("id", 1), "id", "id"));
		refused("returns rows: ask for a record", () -> this.soong.update("t", 1, Map.of("a", 1), Integer.class));
		refused("returns rows: ask for a record", () -> this.soong.delete("t", 1, Integer.class));
		refused("name it: insertAll(table, values, column, type)",
				() -> this.soong.insertAll("t", List.of(Map.of("a", 1)), Integer.class));
		refused("would match every row", () -> this.soong.delete("t", Map.of(), Row.class));
		refused("untrusted input", () -> this.soong.update("t", (Object) Map.of("a", 1), Map.of("a", 1), Row.class));
		Select ordered = this.soong.select("t").orderBy("at", "id");
		refused("has no value for column \"at\"", () -> ordered.after(map("at", null, "id", 1)));
		refused("The row passed to after(...) is null", () -> ordered.after(null));
		refused("has no column \"id\"", () -> ordered.after(Map.of("at", 1)));
		refused("compares with a single value", () -> ordered.after(Map.of("at", List.of(1), "id", 1)));
		refused("order in one direction",
				() -> this.soong.select("t").orderBy(asc("a"), desc("b")).after(Map.of("a", 1, "b", 1)));
		assertThatIllegalStateException().isThrownBy(() -> this.soong.select("t").after(Map.of("a", 1)))
			.withMessageContaining("call orderBy(...) before");
		assertThatIllegalStateException().isThrownBy(() -> ordered.after(Map.of("at", 1, "id", 1)).orderBy("more"))
			.withMessageContaining("call orderBy(...) before");
		assertThat(this.dataSource.connections()).isZero();
	}

	private static void refused(String message, ThrowingCallable call) {
		assertThatIllegalArgumentException().isThrownBy(call).withMessageContaining(message);
	}

	private void sends(String sql, Supplier<?> call) {
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(call::get);
		assertThat(this.dataSource.takeStatements()).containsExactly(sql);
	}

	private static Map<String, Object> map(Object... entries) {
		Map<String, Object> map = new LinkedHashMap<>();
		for (int i = 0; i < entries.length; i += 2) {
			map.put((String) entries[i], entries[i + 1]);
		}
		assertThat(map).as(Arrays.toString(entries)).hasSize(entries.length / 2);
		return map;
	}

	record Gizmo(Integer id, Integer unitPrice) {
	}

}
