package io.soong.sql;

import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import java.util.UUID;
import java.util.stream.IntStream;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static io.soong.sql.Condition.contains;
import static io.soong.sql.Condition.eq;
import static io.soong.sql.Condition.in;
import static io.soong.sql.Condition.notIn;
import static io.soong.sql.Condition.op;
import static io.soong.sql.JsonValue.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Values that look alike but mean different things to the server: what is stored or found
 * is what was given, or the call is refused.
 */
@NullUnmarked
class RightAnswersIntegrationTests {

	private static SingleConnectionDataSource dataSource;

	private static SoongTemplate soong;

	@BeforeAll
	static void connect() {
		dataSource = PostgresServer.connect("right_answers_tests");
		soong = new SoongTemplate(new JdbcTemplate(dataSource));
		soong.execute("CREATE TYPE mood AS ENUM ('sad', 'ok')");
		soong.execute("CREATE DOMAIN doc AS jsonb");
		soong.execute("CREATE TABLE g (id int, name text)");
		soong.execute("CREATE TABLE acc (id int, balance int, version int)");
		soong.execute("CREATE TABLE job (id int, status text, worker text)");
		soong.execute("CREATE TABLE jl (id int, js jsonb, plain json, d doc, tags text[], docs jsonb[], ids int[], "
				+ "uuids uuid[], moods mood[])");
		soong.execute("CREATE TABLE tx (email text, code varchar(20), n int, js jsonb, u uuid, m mood, i interval)");
	}

	@AfterAll
	static void disconnect() {
		dataSource.destroy();
	}

	@BeforeEach
	void fill() {
		soong.execute("TRUNCATE g, acc, job, jl, tx");
		soong.execute("INSERT INTO g VALUES (1, 'a'), (2, 'b'), (3, 'c')");
		soong.execute("INSERT INTO acc VALUES (1, 100, 3)");
		soong.execute("INSERT INTO job VALUES (1, 'new', NULL)");
		soong.execute("INSERT INTO jl (id) VALUES (1)");
	}

	@Test
	void inListOfFreeSqlWhenListIsGivenMeansItsElements() {
		assertThat(ids("SELECT id FROM g WHERE name IN (:n) ORDER BY id", Map.of("n", List.of("a", "b"))))
			.containsExactly(1, 2);
		assertThat(ids("SELECT id FROM g WHERE name IN (?) ORDER BY id", List.of("a", "b"))).containsExactly(1, 2);
		assertThat(ids("SELECT id FROM g WHERE id IN ( /* ? */ ? ) ORDER BY id", new int[] { 1, 3 })).containsExactly(1,
				3);
		assertThat(ids("select id from g where id not in (:n) order by id", Map.of("n", List.of(1L, 3L))))
			.containsExactly(2);
		assertThat(ids("SELECT id FROM g WHERE name IN (:n)", Map.of("n", List.of()))).isEmpty();
		assertThat(ids("SELECT id FROM g WHERE name NOT IN (:n)", Map.of("n", List.of()))).hasSize(3);
		assertThat(ids("SELECT id FROM g WHERE name IN (:n)", Map.of("n", "a"))).containsExactly(1);
		assertThat(ids("SELECT id FROM g WHERE name IN ('c', :n) ORDER BY id", Map.of("n", "a"))).containsExactly(1, 3);
		assertThat(ids("SELECT id FROM g WHERE name = ANY (?) ORDER BY id", List.of("a", "b"))).containsExactly(1, 2);
		assertThat(ids("SELECT id FROM g WHERE id <> ALL (?)", List.of())).hasSize(3);
		assertThat(soong.execute("DELETE FROM g WHERE name NOT IN (:keep)", Map.of("keep", List.of("a", "b"))))
			.isEqualTo(1);
	}

	@Test
	void inListOfFreeSqlWhenElementsAreOfOtherTypesIsRefused() {
		for (ThrowingCallable call : List.<ThrowingCallable>of(
				() -> soong.query("SELECT id FROM g WHERE name IN (?)", List.of(Map.of("a", 1))),
				() -> soong.query("SELECT id FROM g WHERE name NOT IN (?)", List.of(1)),
				() -> soong.query("SELECT id FROM g WHERE name IN ('x', ?)", List.of("a")))) {
			assertThatExceptionOfType(DataAccessException.class).isThrownBy(call);
		}
		for (ThrowingCallable call : List.<ThrowingCallable>of(
				() -> soong.query("SELECT id FROM g WHERE name IN (?)", List.of(List.of("a"))),
				() -> soong.query("SELECT id FROM g WHERE name IN (?)", List.of("a", 1)))) {
			assertThatIllegalArgumentException().isThrownBy(call).withMessageContaining("parameter 1");
		}
	}

	@Test
	void freeSqlWhenTextIsComparedWithListOrMapIsRefused() {
		for (Object value : List.of(List.of("a"), Map.of("$gt", ""), new Object[0], Map.of(), new Pair(1, "x"),
				List.of(), json("a"))) {
			for (String sql : List.of("SELECT id FROM g WHERE name <> ?", "SELECT id FROM g WHERE name = ?",
					"SELECT id FROM g WHERE name LIKE ?", "SELECT id FROM g WHERE name || 'x' <> ?",
					"SELECT id FROM g WHERE name <> 'x' || ?", "SELECT id FROM g WHERE name <> concat('x', ?)",
					"SELECT id FROM g WHERE lower(name) <> lower(?)", "SELECT id FROM g WHERE name > coalesce(?, name)",
					"DELETE FROM g WHERE name <> ?", "UPDATE g SET name = ?", "UPDATE g SET name = coalesce(?, name)",
					"UPDATE g SET name = name || ?", "UPDATE g SET name = CASE WHEN id > 0 THEN ? END",
					"UPDATE g SET (id, name) = (7, ?)", "INSERT INTO g (id, name) VALUES (9, ?)",
					"INSERT INTO g (id, name) SELECT 9, ?",
					"INSERT INTO tx (code) VALUES (?) RETURNING code, NULL AS name",
					"WITH x AS (UPDATE g SET name = ? RETURNING 1) SELECT * FROM x",
					"MERGE INTO g USING (SELECT 1) AS s ON id = 1 WHEN MATCHED THEN UPDATE SET name = ?")) {
				refused(sql, () -> soong.execute(sql, value));
				String named = sql.replace("?", ":value");
				refused(named, () -> soong.execute(named, Map.of("value", value)));
			}
		}
		assertThat(soong.query(String.class, "SELECT name FROM g ORDER BY id")).containsExactly("a", "b", "c");
		assertThat(soong.query("SELECT * FROM tx")).isEmpty();
	}

	@Test
	void freeSqlWhenCallerCastsMatchesText() {
		assertThat(soong.execute("UPDATE g SET name = ?::jsonb::text WHERE id = ?", Map.of("a", 1), 1)).isEqualTo(1);
		assertThat(soong.execute("UPDATE g SET name = CAST(? AS text[]) WHERE id = 2", List.of("a"))).isEqualTo(1);
		assertThat(soong.query(String.class, "SELECT name FROM g ORDER BY id")).containsExactly("{\"a\": 1}", "{a}",
				"c");
	}

	@Test
	void freeSqlWhenListMeetsArrayColumnStoresIt() {
		soong.execute("UPDATE jl SET tags = ?, ids = ?, uuids = ?, moods = ?, docs = ?", List.of("x"), List.of(1),
				List.of("00000000-0000-0000-0000-000000000001"), List.of("ok"), List.of(Map.of("a", 1)));
		assertThat(soong.get("jl", 1).orElseThrow()).containsEntry("tags", List.of("x"))
			.containsEntry("ids", List.of(1))
			.containsEntry("moods", List.of("ok"))
			.containsEntry("docs", List.of(Map.of("a", 1)));
		soong.execute("UPDATE jl SET tags = ?, ids = :ids".replace(":ids", "?"), List.of(), List.of());
		assertThat(soong.get("jl", 1).orElseThrow()).containsEntry("tags", List.of()).containsEntry("ids", List.of());
		assertThat(soong.query("SELECT 1 FROM jl WHERE ids = ? AND tags <@ ?", List.of(), List.of())).hasSize(1);
		assertThat(soong.query(Integer.class, "SELECT * FROM unnest(?)", List.of(1, 2))).containsExactly(1, 2);
	}

	@Test
	void freeSqlWhenJsonIsMeantIsAskedForByName() {
		for (Object value : Arrays.asList(List.of(), List.of("a"), new String[] { "a" })) {
			for (String sql : List.of("UPDATE jl SET js = ? WHERE id = ?", "UPDATE jl SET plain = ? WHERE id = ?",
					"UPDATE jl SET d = ? WHERE id = ?")) {
				assertThatIllegalArgumentException().isThrownBy(() -> soong.execute(sql, value, 1))
					.withMessageContainingAll("parameter 1", "json(...)");
			}
		}
		soong.execute("UPDATE jl SET js = ?, plain = ?, d = ? WHERE id = ?", json(List.of()), json(List.of("a")),
				json(null), 1);
		assertThat(soong.query(String.class, "SELECT js::text || ' ' || plain::text || ' ' || d::text FROM jl"))
			.containsExactly("[] [\"a\"] null");
		soong.update("jl", 1, Map.of("js", json("123"), "plain", json(List.of(1)), "d", Map.of("a", List.of())));
		assertThat(soong.query(String.class, "SELECT js::text || ' ' || plain::text || ' ' || d::text FROM jl"))
			.containsExactly("\"123\" [1] {\"a\": []}");
		assertThat(soong.select("jl").where("js", eq(json("123"))).count()).isEqualTo(1);
		assertThat(soong.query("SELECT 1 FROM jl WHERE js = ?", json("123"))).hasSize(1);
		refused("insert", () -> soong.insert("tx", Map.of("email", json("x"))));
	}

	@Test
	void updateWhenValueIsThatOfKeyColumnComparesAndSets() {
		assertThat(soong.update("acc", Map.of("id", 1, "version", 3), Map.of("balance", 110, "version", 4)))
			.isEqualTo(1);
		assertThat(soong.update("acc", Map.of("id", 1, "version", 3), Map.of("balance", 120, "version", 4))).isZero();
		assertThat(soong.get("acc", 1).orElseThrow()).containsEntry("balance", 110).containsEntry("version", 4);
		assertThat(soong.update("job", Map.of("id", 1, "status", "new"), Map.of("status", "taken", "worker", "A")))
			.isEqualTo(1);
		assertThat(soong.update("job", Map.of("id", 1, "status", "new"), Map.of("status", "taken", "worker", "B")))
			.isZero();
		assertThat(soong.get("job", 1).orElseThrow()).containsEntry("worker", "A");
		assertThat(soong.update("job", Map.of("status", in("taken", "new")), Map.of("status", "done"))).isEqualTo(1);
		Row row = soong.get("job", 1).orElseThrow();
		assertThat(soong.update("job", 1, row)).isEqualTo(1);
		assertThat(soong.get("job", 1)).contains(row);
	}

	@Test
	void manyRowsWhenListMeetsJsonColumnStoreWhatInsertStores() {
		for (List<Object> list : List.of(List.of(), List.<Object>of("a", 1))) {
			List<Listed> few = List.of(new Listed(3, list), new Listed(4, list));
			List<Listed> many = IntStream.range(0, 1200).mapToObj((i) -> new Listed(i, list)).toList();
			soong.execute("TRUNCATE jl");
			soong.insert("jl", few.get(0));
			soong.insertAll("jl", few);
			soong.insertAll("jl", many);
			soong.insertAll("jl", many.stream());
			assertThat(soong.query(String.class, "SELECT DISTINCT js::text FROM jl"))
				.containsExactly(list.isEmpty() ? "[]" : "[\"a\", 1]");
		}
		soong.execute("CREATE UNIQUE INDEX IF NOT EXISTS jl_id ON jl (id)".replace("UNIQUE ", ""));
	}

	@Test
	void tableWhenSearchPathNamesAnotherIsReadAnew() {
		soong.execute("CREATE SCHEMA IF NOT EXISTS right_answers_other");
		soong.execute("CREATE TABLE IF NOT EXISTS right_answers_other.jl (id int, js text[], tags text, ids jsonb)");
		Map<String, Object> values = Map.of("id", 5, "js", List.of(), "ids", List.of());
		soong.insert("jl", values);
		soong.execute("SET search_path = right_answers_other");
		try {
			soong.insert("jl", values);
			soong.insertAll("jl", List.of(values, values));
			assertThat(soong.query(String.class, "SELECT DISTINCT js::text || ' ' || ids::text FROM jl"))
				.containsExactly("{} []");
			refused("text", () -> soong.update("jl", 5, Map.of("tags", List.of("a"))));
		}
		finally {
			soong.execute("SET search_path = right_answers_tests");
		}
		soong.insertAll("jl", List.of(values, values));
		assertThat(soong.query(String.class, "SELECT DISTINCT js::text || ' ' || ids::text FROM jl WHERE id = 5"))
			.containsExactly("[] {}");
		soong.update("jl", 5, Map.of("tags", List.of("a")));
		assertThat(soong.query("SELECT 1 FROM jl WHERE tags = '{a}'")).hasSize(3);
	}

	@Test
	void recordOfOneComponentIsThatOutsideJson() {
		Email email = new Email("a@b.c");
		soong.insert("tx", Map.of("email", email, "code", email, "js", email, "n", new Number1(7)));
		soong.insertAll("tx", List.of(Map.of("email", email, "js", email), Map.of("email", email, "js", email)));
		soong.insertAll("tx", Collections.nCopies(1200, Map.of("email", email, "js", email)));
		assertThat(soong.query(String.class, "SELECT DISTINCT email || ' ' || js::text FROM tx"))
			.containsExactly("a@b.c {\"value\": \"a@b.c\"}");
		assertThat(soong.select("tx", Map.of("email", email))).hasSize(1203);
		assertThat(soong.select("tx", Map.of("n", new Number1(7)))).hasSize(1);
		assertThat(soong.select("tx").where("email", in(email, new Email("x"))).count()).isEqualTo(1203);
		assertThat(soong.select("tx").where("n", notIn(new Number1(8))).count()).isEqualTo(1);
		assertThat(soong.query("SELECT 1 FROM tx WHERE email = ? AND n = ?", email, new Number1(7))).hasSize(1);
		assertThat(soong.query("SELECT 1 FROM tx WHERE email IN (?)", List.of(email))).hasSize(1203);
		assertThat(soong.execute("UPDATE tx SET email = ? WHERE n = 7", new Email("new"))).isEqualTo(1);
		soong.update("jl", 1, Map.of("tags", List.of(email), "docs", List.of(email)));
		assertThat(soong.query(String.class, "SELECT tags::text || ' ' || docs::text FROM jl"))
			.containsExactly("{a@b.c} {\"{\\\"value\\\": \\\"a@b.c\\\"}\"}");
		refused("larger", () -> soong.insert("tx", Map.of("email", new Pair(1, "x"))));
		refused("map", () -> soong.insert("tx", Map.of("email", Map.of("a", 1))));
		refused("bean", () -> soong.insert("tx", Map.of("n", Map.of("a", 1))));
		refused("list", () -> soong.insert("tx", Map.of("email", List.of("a"))));
		refused("node", () -> soong.insert("tx", Map.of("email", JsonMapper.shared().createObjectNode())));
		refused("many", () -> soong.insertAll("tx", Collections.nCopies(1200, Map.of("email", List.of("a")))));
		refused("array", () -> soong.update("jl", 1, Map.of("tags", List.of(Map.of("a", 1)))));
		refused("component", () -> soong.query("SELECT 1 FROM tx WHERE js @> ?", new Email("1")));
	}

	@Test
	void listOfTimestampsComparesAsASingleOne() {
		TimeZone before = TimeZone.getDefault();
		TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
		SingleConnectionDataSource berlin = PostgresServer.connect("right_answers_berlin");
		try {
			SoongTemplate soong = new SoongTemplate(new JdbcTemplate(berlin));
			soong.execute("CREATE TABLE t (id int, tz timestamptz, ts timestamp, tzs timestamptz[], d date)");
			Instant first = Instant.parse("2023-10-29T00:30:00Z");
			List<Instant> both = List.of(first, first.plus(Duration.ofHours(1)));
			for (int i = 0; i < 2; i++) {
				Timestamp timestamp = Timestamp.from(both.get(i));
				soong.insert("t", Map.of("id", i, "tz", both.get(i), "ts", timestamp, "tzs", List.of(timestamp)));
			}
			for (int i = 0; i < 2; i++) {
				Timestamp timestamp = Timestamp.from(both.get(i));
				java.util.Date date = java.util.Date.from(both.get(i));
				for (Object condition : List.of(timestamp, in(timestamp), in(date), eq(date), in(both.get(i)))) {
					assertThat(soong.select("t").columns("id").where("tz", condition).list(Integer.class))
						.containsExactly(i);
				}
				assertThat(soong.query(Integer.class, "SELECT id FROM t WHERE tz IN (?)", List.of(timestamp)))
					.containsExactly(i);
				assertThat(soong.query(Integer.class, "SELECT id FROM t WHERE tz = ANY (?)", List.of(date)))
					.containsExactly(i);
				assertThat(
						soong.select("t").columns("id").where("tzs", contains(List.of(timestamp))).list(Integer.class))
					.containsExactly(i);
				assertThat(soong.select("t").where("ts", in(timestamp)).count()).isEqualTo(2);
			}
		}
		finally {
			berlin.destroy();
			TimeZone.setDefault(before);
		}
	}

	@Test
	void rowWhenWrittenBackStoresWhatWasRead() {
		List<String> documents = List.of("\"123\"", "null", "12345678901234567890.123456789012345", "\"null\"",
				"{\"a\": 1.10, \"b\": 1e400}", "[1, \"1\"]", "1e400", "true", "\"\\u00e9\"");
		for (String document : documents) {
			soong.execute("TRUNCATE jl");
			soong.execute("INSERT INTO jl (id, js, plain, docs) VALUES (1, ?, ?, ARRAY[?::jsonb, NULL])", document,
					document, document);
			Row row = soong.get("jl", 1).orElseThrow();
			soong.insert("jl", row);
			soong.insertAll("jl", List.of(row, row));
			soong.insertAll("jl", Collections.nCopies(1200, row));
			soong.update("jl", 1, row);
			soong.execute("INSERT INTO jl (id, js, plain, docs) VALUES (:id, :js, :plain, :docs)", row);
			assertThat(soong.query("SELECT DISTINCT js::text, plain::text, docs::text FROM jl")).as(document)
				.hasSize(1);
			assertThat(soong.query("SELECT 1 FROM jl WHERE docs IS NULL OR js IS NULL")).isEmpty();
		}
	}

	@Test
	void objectOfTheDriverIsOfTheTypeThatItNames() {
		soong.execute("CREATE TEMPORARY TABLE driver_object (id int, js jsonb, span int4range, spans int4range[])");
		Object js = ScalarParameter.typed("jsonb", "{\"a\": 1}");
		Object span = ScalarParameter.typed("int4range", "[1,3)");
		Map<String, Object> values = Map.of("id", 1, "js", js, "span", span, "spans", List.of(span));
		soong.insert("driver_object", values);
		soong.insertAll("driver_object", Collections.nCopies(2, values));
		soong.insertAll("driver_object", Collections.nCopies(1200, values));
		soong.execute("INSERT INTO driver_object VALUES (?, ?, ?, ?)", 1, js, span, List.of(span));
		soong.update("driver_object", 1, Map.of("js", js, "span", span));
		assertThat(soong.query(String.class,
				"SELECT DISTINCT concat_ws(' ', js ->> 'a', span, spans, count(*) OVER ()) FROM driver_object"))
			.containsExactly("1 [1,3) {\"[1,3)\"} 1204");
		assertThat(soong.select("driver_object").where("js", js).where("span", span).count()).isEqualTo(1204);
		assertThat(soong.select("driver_object").where("span", in(span)).where("js", in(js)).count()).isEqualTo(1204);
	}

	@Test
	void rowWhenJavaValueDoesNotSayAllIsWrittenBackAsItWas() {
		soong.execute("CREATE DOMAIN kept_interval AS interval");
		soong.execute("CREATE DOMAIN kept_int AS int");
		soong.execute(
				"CREATE TEMPORARY TABLE kept (di kept_interval[], dn kept_int[], bx box[], id int, i interval, ii interval[], b bit(1), bb bit(1)[], b3 bit(3), "
						+ "vb varbit, ints int[], texts text[], ts timestamptz, n numeric, tm time, c char(4), r int4range, x xml, "
						+ "o oid, p point, e mood[], nn numeric[], flag boolean)");
		soong.execute(
				"INSERT INTO kept VALUES ('{1 day}', '[0:0]={1}', '{(1,1),(0,0);(2,2),(0,0)}', 1, '1 day', '{1 day,24:00:00,NULL,\"1 mon -1 days\"}', B'1', "
						+ "'{1,0,NULL}', B'101', B'1', '[0:1]={1,2}', '[5:6][-1:0]={{a,\"b\\\"c\"},{NULL,\"\"}}', 'infinity', "
						+ "'NaN', '24:00', 'a', 'empty', '<a/>', 7, '(1,2)', '[0:0]={ok}', '[2:3]={1.50,NaN}', true)");
		String all = "SELECT DISTINCT di::text, dn::text, bx::text, i::text, ii::text, b::text, bb::text, b3::text, vb::text, ints::text, texts::text, "
				+ "ts::text, n::text, tm::text, c::text, r::text, x::text, o::text, p::text, e::text, nn::text, flag::text "
				+ "FROM kept";
		List<Row> expected = soong.query(all);
		// More often than the driver needs to ask for the binary form
		for (int i = 0; i < 8; i++) {
			Row row = soong.get("kept", Map.of("id", 1), Row.class).orElseThrow();
			soong.execute("DELETE FROM kept");
			soong.insert("kept", row);
			soong.update("kept", 1, row);
			soong.insertAll("kept", List.of(row, row));
			soong.insertAll("kept", Collections.nCopies(1200, row));
			soong.execute(
					"INSERT INTO kept (di, dn, bx, i, ii, b, bb, b3, vb, ints, texts, ts, n, tm, c, r, x, o, p, e, nn, flag) "
							+ "VALUES (:di, :dn, :bx, :i, :ii, :b, :bb, :b3, :vb, :ints, :texts, :ts, :n, :tm, :c, :r, :x, :o, :p, :e, :nn, :flag)",
					row);
			assertThat(soong.query(all)).as("round " + i).isEqualTo(expected);
			soong.execute("DELETE FROM kept WHERE ctid <> (SELECT min(ctid) FROM kept WHERE id = 1)");
			assertThat(row.get("i")).isEqualTo(Duration.ofDays(1));
			assertThat(row.get("b")).isEqualTo(true);
			assertThat(row.get("ints")).isEqualTo(List.of(1, 2));
			assertThat(row.get("bb")).isEqualTo(Arrays.asList(true, false, null));
			refused("text", () -> soong.update("g", 1, Map.of("name", row.get("ints"))));
		}
		soong.execute("DROP TABLE kept");
		soong.execute("DROP DOMAIN kept_interval, kept_int");
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 1, 5 })
	void oidIsReadAsLongInEitherFormOfTheDriver(int prepareThreshold) {
		SingleConnectionDataSource prepared = PostgresServer.connect("right_answers_oid",
				Map.of("prepareThreshold", String.valueOf(prepareThreshold)));
		SoongTemplate template = new SoongTemplate(new JdbcTemplate(prepared));
		for (int i = 0; i < 7; i++) {
			Row row = template.query("SELECT 4000000000::oid AS o, '{1,4000000000}'::oid[] AS os, NULL::oid AS n")
				.get(0);
			assertThat(row).containsEntry("o", 4000000000L)
				.containsEntry("os", List.of(1L, 4000000000L))
				.containsEntry("n", null);
			assertThat(template.query(Long.class, "SELECT 4000000000::oid")).containsExactly(4000000000L);
		}
		prepared.destroy();
	}

	@Test
	void freeSqlWhenListOrMapWouldBecomePartOfTextIsRefused() {
		for (Object value : List.of(List.of("a"), Map.of("$gt", ""))) {
			for (String sql : List.of("concat((?), 'x')", "concat(coalesce(?))", "concat(CASE WHEN true THEN ? END)",
					"format('%s', (?))", "concat(row(?))", "concat(array[?])", "concat((SELECT ?))", "concat(max(?))",
					"quote_literal((?))", "xmlelement(name a, ?)::text", "xmlforest(? AS a)::text",
					"xmlelement(name a, xmlattributes(? AS b))::text", "concat('x', nullif(?, ?))")) {
				assertThat(org.assertj.core.api.Assertions
					.catchThrowable(() -> soong.query("SELECT " + sql.replace("?", ":v"), Map.of("v", value)))).as(sql)
					.isInstanceOf(IllegalArgumentException.class)
					.hasMessageContaining("turn it into text");
			}
			for (String sql : List.of("min(?)", "max(?)", "greatest(?, name)", "(?)", "coalesce((?), name)",
					"(SELECT max(?))")) {
				refused(sql, () -> soong.execute(
						"INSERT INTO g (id, name) SELECT 9, " + sql.replace("?", ":v") + " FROM g GROUP BY name",
						Map.of("v", value)));
			}
			refused("lag", () -> soong.execute("INSERT INTO g (id, name) SELECT 9, lag(:v) OVER () FROM g",
					Map.of("v", value)));
		}
		assertThat(soong.query(String.class, "SELECT name FROM g ORDER BY id")).containsExactly("a", "b", "c");
		assertThat(soong.query(String.class,
				"SELECT concat('x', (SELECT max(name) FROM g WHERE name IN (:n) AND ARRAY[name] && :n))",
				Map.of("n", List.of("a", "b"))))
			.containsExactly("xb");
		assertThat(soong.query(String.class, "SELECT concat(CASE WHEN ARRAY['a'] && ? THEN 'yes' ELSE (?) END)",
				List.of("a"), "no"))
			.containsExactly("yes");
		assertThat(soong.query(String.class,
				"SELECT concat(VARIADIC ?) || format('%s-%s', array_to_string(?, '+'), cardinality(?))",
				List.of("a", "b"), List.of("c", "d"), List.of(1)))
			.containsExactly("abc+d-1");
	}

	@Test
	void freeSqlWhenOperatorComparesListTakesTheTypeOfTheOtherSide() {
		soong.execute("CREATE TEMPORARY TABLE arrays (v varchar(9)[], e mood[], u uuid[], big bigint[], t text[], "
				+ "js jsonb)");
		UUID uuid = UUID.fromString("00000000-0000-0000-0000-000000000001");
		soong.execute("INSERT INTO arrays VALUES ('{a,b}', '{ok}', ARRAY[?], '{1,2}', '{a,b}', '{\"a\":1}')", uuid);
		for (String operator : List.of("&&", "@>", "<@", "=", ">=")) {
			for (String named : List.of("v " + operator + " :v", ":e " + operator + " e", "u " + operator + " :u",
					"big " + operator + " :big", "t " + operator + " (:v)")) {
				assertThat(soong.query("SELECT 1 FROM arrays WHERE " + named, Map.of("v", List.of("a", "b"), "e",
						List.of("ok"), "u", List.of(uuid.toString()), "big", List.of(1, 2))))
					.as(named)
					.hasSize(1);
			}
		}
		assertThat(soong.query("SELECT 1 FROM arrays WHERE t @> ARRAY[?]", new Code("a"))).hasSize(1);
		assertThat(soong.query("SELECT 1 FROM arrays WHERE js ??| ?", List.of("a", "z"))).hasSize(1);
		refused("json", () -> soong.query("SELECT 1 FROM arrays WHERE js @> ?", List.of("a")));
		soong.execute("DROP TABLE arrays");
	}

	@Test
	void freeSqlWhenListIsCastToOneValueOrJsonSaysWhatToWrite() {
		for (String in : List.of("IN ((?))", "IN ( ( ( ? ) ) )", "NOT IN ((?))", "IN (?)")) {
			assertThat(soong.query("SELECT 1 FROM g WHERE name " + in, List.of("a", "b"))).as(in)
				.hasSize(in.startsWith("NOT") ? 1 : 2);
		}
		for (String in : List.of("IN (?::text)", "IN (CAST(? AS text))", "IN ((?)::text)")) {
			assertThatIllegalArgumentException().as(in)
				.isThrownBy(() -> soong.query("SELECT 1 FROM g WHERE name " + in, List.of("a", "b")))
				.withMessageContaining("IN (?) without the cast");
			assertThat(soong.query("SELECT 1 FROM g WHERE name " + in, "a")).as(in).hasSize(1);
		}
		for (String cast : List.of("?::jsonb", "CAST(? AS json)", "(?)::jsonb", "? :: jsonb")) {
			assertThatIllegalArgumentException().as(cast)
				.isThrownBy(() -> soong.query("SELECT " + cast, List.of("a")))
				.withMessageContaining("JsonValue.json(...)");
			assertThat(soong.query("SELECT " + cast.replace("?", ":v"), Map.of("v", Map.of("a", 1)))).as(cast)
				.hasSize(1);
		}
		assertThat(soong.query("SELECT ?::jsonb[]", List.of(Map.of("a", 1)))).hasSize(1);
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> soong.query("SELECT 1 FROM g WHERE true = name IN (?)", List.of("a")))
			.withMessageContaining("put the comparison in parentheses");
		assertThat(soong.query(String.class, "SELECT jsonb_build_object('n', (?))::text", "x"))
			.containsExactly("{\"n\": \"x\"}");
		assertThat(soong.query(String.class, "SELECT array_agg(? ORDER BY id)::text FROM g", "x"))
			.containsExactly("{x,x,x}");
	}

	@Test
	void freeSqlWhenTypeCannotBeInferredBindsText() {
		List<Object> names = new ArrayList<>(List.of("a"));
		names.add(null);
		for (Object name : names) {
			Map<String, Object> values = Collections.singletonMap("name", name);
			assertThat(ids("SELECT id FROM g WHERE (:name IS NULL OR name = :name)", values))
				.hasSize((name != null) ? 1 : 3);
			assertThat(ids("SELECT id FROM g WHERE :name is not null AND name = :name", values))
				.hasSize((name != null) ? 1 : 0);
		}
		assertThat(ids("SELECT id FROM g WHERE (? IS NULL OR id = ?)", 1, 1)).containsExactly(1);
		assertThat(soong.query(String.class, "SELECT jsonb_build_object('n', ?, 'm', ?)::text", "x", null))
			.containsExactly("{\"m\": null, \"n\": \"x\"}");
		assertThat(soong.query(String.class, "SELECT jsonb_build_object('n', ?, 'm', ?)::text", List.of("x"),
				Map.of("a", 1)))
			.containsExactly("{\"m\": {\"a\": 1}, \"n\": [\"x\"]}");
		assertThat(soong.query(String.class, "SELECT concat(?, '-', ?, ?)", "x", 1, null)).containsExactly("x-1");
		assertThat(soong.query(String.class, "SELECT format('%s %s', ?, ?)", "x", 1)).containsExactly("x 1");
		assertThat(soong.query(String.class, "SELECT to_jsonb(?)::text", "x")).containsExactly("\"x\"");
		assertThat(soong.query(Boolean.class, "SELECT now() - ? < now()", Duration.ofMinutes(5))).containsExactly(true);
		assertThat(soong.query(Duration.class, "SELECT ?", Duration.ofMinutes(5)))
			.containsExactly(Duration.ofMinutes(5));
		assertThat(soong.query("SELECT 1 FROM tx WHERE i > ?", Duration.ZERO)).isEmpty();
		assertThat(soong.query(Integer.class, "SELECT 1 WHERE ? = ANY (ARRAY['a'])", "a")).containsExactly(1);
	}

	@Test
	void conditionWhenColumnIsJsonOrArrayComparesAsSuch() {
		soong.update("jl", 1, Map.of("js", List.of("a"), "tags", List.of("a", "b"), "ids", List.of(1, 2), "moods",
				List.of("ok"), "docs", List.of(Map.of("a", 1))));
		for (Object condition : List.of(eq(List.of("a")), contains(List.of("a")), op("?|", List.of("a", "z")),
				in(json(List.of("a")), json("b")))) {
			assertThat(soong.select("jl").where("js", condition).count()).as(condition.toString()).isEqualTo(1);
		}
		assertThat(soong.select("jl").where("tags", eq(List.of("a", "b"))).count()).isEqualTo(1);
		assertThat(soong.select("jl").where("tags", contains(List.of("a"))).count()).isEqualTo(1);
		assertThat(soong.select("jl").where("ids", contains(List.of(1L))).count()).isEqualTo(1);
		assertThat(soong.select("jl").where("moods", eq(List.of("ok"))).count()).isEqualTo(1);
		assertThat(soong.select("jl").where("docs", eq(List.of(Map.of("a", 1)))).count()).isEqualTo(1);
		refused("text", () -> soong.select("g").where("name", eq(List.of("a"))).list());
		refused("text", () -> soong.select("g").where("name", eq(Map.of("a", 1))).list());
		refused("text", () -> soong.select("g").where("name", notIn(List.of(1))).list());
		refused("text", () -> soong.select("g").where("name", op("~", List.of("a"))).list());
	}

	@Test
	void updateWhenValueEqualsKeyInOtherDigitsSetsIt() {
		soong.execute("CREATE TEMPORARY TABLE digits (id int, price numeric, ratio float8)");
		soong.execute("INSERT INTO digits VALUES (1, 1.5, 0)");
		assertThat(soong.update("digits", Map.of("id", 1L, "price", new BigDecimal("1.5"), "ratio", 0.0),
				Map.of("id", 1, "price", new BigDecimal("1.50"), "ratio", -0.0)))
			.isEqualTo(1);
		assertThat(soong.query(String.class, "SELECT price || ' ' || ratio FROM digits")).containsExactly("1.50 -0");
		soong.execute("DROP TABLE digits");
	}

	@Test
	void freeSqlWhenDateOfJavaSqlHasNoTypeGivesItOne() {
		for (Object date : List.of(Timestamp.from(Instant.EPOCH), new java.util.Date(0),
				java.sql.Date.valueOf("1970-01-01"))) {
			assertThat(soong.query("SELECT 1 WHERE (:v IS NULL OR now() > :v)", Map.of("v", date))).hasSize(1);
			assertThat(soong.query(Boolean.class, "SELECT to_jsonb(?) IS NOT NULL", date)).containsExactly(true);
		}
		assertThat(soong.query(String.class, "SELECT concat(?)", java.sql.Time.valueOf("12:30:00")).get(0))
			.startsWith("12:30:00");
	}

	@Test
	void freeSqlWhenJsonIsStoredInColumnOfJsonKeepsItsText() {
		soong.execute("CREATE TEMPORARY TABLE texts (doc json, docs json[])");
		String text = "{\"b\":  1, \"a\": 2, \"a\": 3}";
		soong.execute("INSERT INTO texts VALUES (?, ARRAY[?::json, NULL])", text, text);
		Row row = soong.select("texts").first().orElseThrow();
		soong.execute("INSERT INTO texts (doc, docs) VALUES (:doc, :docs)", row);
		soong.insert("texts", row);
		assertThat(soong.query("SELECT DISTINCT doc::text, docs::text FROM texts")).hasSize(1);
		soong.execute("DROP TABLE texts");
	}

	private static List<Integer> ids(String sql, Object... args) {
		return soong.query(Integer.class, sql, args);
	}

	private static void refused(String what, ThrowingCallable call) {
		assertThat(org.assertj.core.api.Assertions.catchThrowable(call)).as(what)
			.isInstanceOfAny(IllegalArgumentException.class, DataAccessException.class);
	}

	record Code(String value) {

	}

	record Listed(int id, List<Object> js) {

	}

	record Email(String value) {

	}

	record Number1(Integer value) {

	}

	record Pair(int one, String other) {

	}

}
