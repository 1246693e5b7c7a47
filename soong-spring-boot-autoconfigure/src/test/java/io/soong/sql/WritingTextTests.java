package io.soong.sql;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The SQL of upserts and of many rows, and what is refused before any is sent.
 */
@NullUnmarked
class WritingTextTests {

	private final RecordingDataSource dataSource = new RecordingDataSource();

	private final SoongTemplate soong = new SoongTemplate(new JdbcTemplate(this.dataSource));

	@Test
	void upsertWhenKeyIsGivenUpdatesTheOtherColumns() {
		Map<String, Object> values = map("id", 1, "name", "x", "color", null);
		String upsert = "INSERT INTO \"gizmos\" (\"id\", \"name\", \"color\") VALUES (?, ?, ?) ON CONFLICT (\"id\") "
				+ "DO UPDATE SET \"name\" = EXCLUDED.\"name\", \"color\" = EXCLUDED.\"color\"";
		sends(upsert, () -> this.soong.upsert("gizmos", values, "id"));
		sends(upsert, () -> this.soong.upsert("gizmos", values, List.of("id")));
		sends(upsert + " RETURNING \"id\", \"unit_price\"",
				() -> this.soong.upsert("gizmos", values, List.of("id"), Gizmo.class));
		sends(upsert + " RETURNING *", () -> this.soong.upsert("gizmos", values, "id", Row.class));
	}

	@Test
	void upsertWhenKeyHasSeveralColumnsNamesThemAll() {
		sends("INSERT INTO \"shop\".\"gizmos\" (\"a\", \"b\", \"c\") VALUES (?, ?, ?) ON CONFLICT (\"b\", \"a\") "
				+ "DO UPDATE SET \"c\" = EXCLUDED.\"c\"",
				() -> this.soong.upsert("shop.gizmos", map("a", 1, "b", 2, "c", 3), List.of("b", "a")));
	}

	@Test
	void upsertWhenThereIsNothingButTheKeySetsItToItself() {
		sends("INSERT INTO \"gizmos\" (\"id\") VALUES (?) ON CONFLICT (\"id\") DO UPDATE SET \"id\" = EXCLUDED.\"id\"",
				() -> this.soong.upsert("gizmos", Map.of("id", 1), "id"));
	}

	@Test
	void upsertWhenRecordHasNullLeavesItOut() {
		sends("INSERT INTO \"gizmos\" (\"id\") VALUES (?) ON CONFLICT (\"id\") DO UPDATE SET \"id\" = EXCLUDED.\"id\"",
				() -> this.soong.upsert("gizmos", new Gizmo(1, null), "id"));
	}

	@Test
	void upsertWhenKeyHasNoValueIsRefused() {
		refuses("key column \"id\"", () -> this.soong.upsert("gizmos", new Gizmo(null, 3), "id"));
		refuses("key column \"id\"", () -> this.soong.upsert("gizmos", Map.of("name", "x"), "id"));
		refuses("key column \"id\"",
				() -> this.soong.upsert("gizmos", Collections.singletonMap("id", null), List.of("id")));
		refuses("is empty", () -> this.soong.upsert("gizmos", Map.of("id", 1), List.of()));
		refuses("named twice", () -> this.soong.upsert("gizmos", Map.of("id", 1), List.of("id", "id")));
		refuses("column name", () -> this.soong.upsert("gizmos", Map.of("id", 1), "id\") --"));
		refuses("null", () -> this.soong.upsert("gizmos", Map.of("id", 1), (String) null));
		refuses("one column", () -> this.soong.upsert("gizmos", Map.of("id", 1), "id", Integer.class));
	}

	@Test
	void insertAllWhenRowsAreFewSendsOneInsert() {
		String insert = "INSERT INTO \"gizmos\" (\"name\", \"color\") VALUES (?, ?), (?, ?)";
		List<Map<String, Object>> rows = List.of(map("name", "x", "color", null), map("color", "red", "name", "y"));
		sends(insert, () -> this.soong.insertAll("gizmos", rows));
		sends(insert, () -> this.soong.insertAll("gizmos", rows.stream()));
	}

	@Test
	void insertAllWhenRecordsHaveNullsLeavesThemOut() {
		sends("INSERT INTO \"gizmos\" (\"unit_price\") VALUES (?), (?)",
				() -> this.soong.insertAll("gizmos", List.of(new Gizmo(null, 1), new Gizmo(null, 2))));
		sends("INSERT INTO \"gizmos\" (\"id\", \"unit_price\") VALUES (DEFAULT, ?), (?, DEFAULT)",
				() -> this.soong.insertAll("gizmos", List.of(new Gizmo(null, 1), new Gizmo(2, null))));
	}

	@Test
	void upsertAllWhenRowsAreFewSendsOneInsert() {
		sends("INSERT INTO \"gizmos\" (\"id\", \"unit_price\") VALUES (?, ?), (?, ?) ON CONFLICT (\"id\") "
				+ "DO UPDATE SET \"unit_price\" = EXCLUDED.\"unit_price\"",
				() -> this.soong.upsertAll("gizmos", List.of(new Gizmo(1, 1), new Gizmo(2, 2)), "id"));
	}

	@Test
	void copyWhenColumnsAreNamedQuotesThem() {
		assertThat(StatementText.copy("shop.gizmos", List.of("id", "unit_price")))
			.isEqualTo("COPY \"shop\".\"gizmos\" (\"id\", \"unit_price\") FROM STDIN");
	}

	@Test
	void rowsWhenThereAreNoneSendNothing() {
		assertThat(this.soong.insertAll("gizmos", List.of())).isZero();
		assertThat(this.soong.insertAll("gizmos", Stream.of())).isZero();
		assertThat(this.soong.upsertAll("gizmos", List.of(), "id")).isZero();
		assertThat(this.soong.upsertAll("gizmos", Stream.of(), List.of("id"))).isZero();
		assertThat(this.dataSource.connections()).isZero();
	}

	@Test
	void rowsWhenOneDiffersFromTheFirstAreRefusedByNumber() {
		refusesRows("Row 2 of the rows for table \"gizmos\" has no column \"b\"", Map.of("a", 1, "b", 1),
				Map.of("a", 1, "c", 1));
		refusesRows("Row 2 of the rows for table \"gizmos\" has the column \"c\"", Map.of("a", 1),
				Map.of("a", 1, "c", 1));
		refusesRows("Row 2 of the rows for table \"gizmos\" has the column \"\\u000a\"", Map.of("a", 1),
				Map.of("a", 1, "\n", 1));
		refusesRows("Row 3 of the rows for table \"gizmos\" is null", Map.of("a", 1), Map.of("a", 1), null);
		refusesRows("Row 2 of the rows for table \"gizmos\" is a", new Gizmo(1, 1), Map.of("id", 1));
		refusesRows("Row 2 of the rows for table \"gizmos\" is a", Map.of("id", 1), new Gizmo(1, 1));
		refusesRows("Row 1 of the rows for table \"gizmos\" is empty", Map.of());
		refusesRows("Row 1 of the rows for table \"gizmos\" is a java.lang.Integer", 1);
		refusesRows("not all strings", Map.of(1, 1));
		refusesRows("column name", Map.of("a\"", 1));
		refusesRows("column \"a\" of row 2 of the rows for table \"gizmos\" is a java.lang.Thread", Map.of("a", 1),
				Map.of("a", Thread.currentThread()));
	}

	@Test
	void rowsWhenCallIsNotValidAreRefused() {
		refuses("null", () -> this.soong.insertAll("gizmos", (List<?>) null));
		refuses("null", () -> this.soong.insertAll("gizmos", (Stream<?>) null));
		refuses("table name", () -> this.soong.insertAll("gizmos;", List.of()));
		refuses("is empty", () -> this.soong.upsertAll("gizmos", List.of(), List.of()));
		refuses("Row 2 of the rows for table \"gizmos\" has no value for the key column \"id\"",
				() -> this.soong.upsertAll("gizmos", List.of(new Gizmo(1, 1), new Gizmo(null, 1)), "id"));
		refuses("Row 1 of the rows for table \"gizmos\" has no value for the key column \"no\"",
				() -> this.soong.upsertAll("gizmos", List.of(new Gizmo(1, 1)), "no"));
	}

	@Test
	void streamWhenReadOrRefusedIsClosed() {
		AtomicBoolean closed = new AtomicBoolean();
		this.soong.insertAll("gizmos", Stream.of().onClose(() -> closed.set(true)));
		assertThat(closed.getAndSet(false)).isTrue();
		refuses("null",
				() -> this.soong.upsertAll("gizmos", Stream.of((Object) null).onClose(() -> closed.set(true)), "id"));
		assertThat(closed).isTrue();
	}

	private void refusesRows(String message, Object... rows) {
		refuses(message, () -> this.soong.insertAll("gizmos", Arrays.asList(rows)));
	}

	private void refuses(String message, Runnable call) {
		assertThatIllegalArgumentException().isThrownBy(call::run).withMessageContaining(message);
		assertThat(this.dataSource.connections()).isZero();
	}

	private void sends(String expected, Runnable call) {
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(call::run);
		assertThat(this.dataSource.takeStatements()).containsExactly(expected);
	}

	private static Map<String, Object> map(Object... entries) {
		Map<String, Object> map = new LinkedHashMap<>();
		for (int i = 0; i < entries.length; i += 2) {
			map.put((String) entries[i], entries[i + 1]);
		}
		return map;
	}

	record Gizmo(Integer id, Integer unitPrice) {

	}

}
