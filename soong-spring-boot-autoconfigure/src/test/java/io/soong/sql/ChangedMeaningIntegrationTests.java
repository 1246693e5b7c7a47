package io.soong.sql;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.UnexpectedRollbackException;

import static io.soong.sql.Condition.eq;
import static io.soong.sql.Condition.in;
import static io.soong.sql.Condition.ne;
import static io.soong.sql.Condition.notIn;
import static io.soong.sql.Expression.minus;
import static io.soong.sql.Expression.plus;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Values whose meaning depends on what the table is by now, on the state of the
 * transaction, or on the class of a constant.
 */
@NullUnmarked
class ChangedMeaningIntegrationTests {

	private static SingleConnectionDataSource dataSource;

	private SoongTemplate soong;

	@BeforeAll
	static void connect() {
		dataSource = PostgresServer.connect("changed_meaning_tests");
	}

	@AfterAll
	static void disconnect() {
		dataSource.destroy();
	}

	@BeforeEach
	void fill() {
		this.soong = new SoongTemplate(new JdbcTemplate(dataSource));
		this.soong.execute("DROP SCHEMA IF EXISTS a CASCADE; DROP SCHEMA IF EXISTS b CASCADE; "
				+ "DROP SCHEMA IF EXISTS c CASCADE; CREATE SCHEMA a; CREATE SCHEMA b; CREATE SCHEMA c");
		this.soong
			.execute("CREATE TYPE a.st AS ENUM ('in_progress', 'done'); CREATE TABLE a.jobs (id int, status a.st)");
		this.soong
			.execute("CREATE TYPE c.st AS ENUM ('done', 'in_progress'); CREATE TABLE c.jobs (id int, status c.st)");
		this.soong.execute("CREATE TABLE b.jobs (id int, status text)");
		this.soong.execute("INSERT INTO b.jobs VALUES (1, 'IN_PROGRESS'), (2, 'IN_PROGRESS')");
		this.soong.execute("INSERT INTO a.jobs VALUES (1, 'in_progress')");
		this.soong.execute("INSERT INTO c.jobs VALUES (1, 'in_progress')");
		this.soong.execute("SET search_path = a");
		assertThat(this.soong.select("jobs").where("status", Status.IN_PROGRESS).count()).isOne();
	}

	@Test
	void conditionIsThatOfTheTableInTheSearchPath() {
		this.soong.execute("SET search_path = b");
		assertThat(this.soong.select("jobs").where("status", Status.IN_PROGRESS).count()).isEqualTo(2);
		rememberEnum();
		assertThat(this.soong.select("jobs").where("status", in(Status.IN_PROGRESS)).count()).isEqualTo(2);
		rememberEnum();
		assertThat(this.soong.delete("jobs", Map.of("status", ne(Status.IN_PROGRESS)))).isZero();
		rememberEnum();
		assertThat(this.soong.update("jobs", Map.of("status", Status.IN_PROGRESS), Map.of("id", 3))).isEqualTo(2);
		rememberEnum();
		try (Stream<Row> rows = this.soong.select("jobs").where("status", Status.IN_PROGRESS).stream()) {
			assertThat(rows).hasSize(2);
		}
	}

	private void rememberEnum() {
		this.soong = new SoongTemplate(new JdbcTemplate(dataSource));
		this.soong.execute("SET search_path = a");
		assertThat(this.soong.select("jobs").where("status", in(Status.IN_PROGRESS)).count()).isOne();
		this.soong.execute("SET search_path = b");
	}

	@Test
	void tenantWithTheSameLabelsIsReadInATransaction() {
		this.soong.inTransaction(() -> {
			for (String tenant : List.of("c", "a", "c")) {
				this.soong.execute("SET LOCAL search_path = " + tenant);
				assertThat(this.soong.select("jobs").where("status", Status.IN_PROGRESS).count()).isOne();
				assertThat(this.soong.update("jobs", 1, Map.of("status", Status.IN_PROGRESS))).isOne();
			}
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void valuesBeforeTheOneThatShowsAMigrationAreThoseOfTheTableToo(boolean transaction) {
		Map<String, Object> first = row(1, Map.of("b", List.of(1)), null);
		Map<String, Object> second = row(2, Map.of("b", List.of(1)), List.of(1));
		List<Map<String, Object>> rows = List.of(first, second, row(3, Map.of("b", List.of(1)), null));
		List<Runnable> calls = List.of(() -> this.soong.insert("migrated", second),
				() -> this.soong.insertAll("migrated", rows), () -> this.soong.upsertAll("migrated", rows, "id"),
				() -> this.soong.insertAll("migrated", rows, Row.class),
				() -> this.soong.insertAll("migrated",
						Stream.iterate(0, (i) -> i + 1)
							.limit(2_000)
							.map((i) -> row(i, Map.of("b", List.of(1)), (i % 7 == 3) ? List.of(1) : null))));
		for (Runnable call : calls) {
			this.soong.execute("DROP TABLE IF EXISTS migrated");
			this.soong.execute("CREATE TABLE migrated (id int PRIMARY KEY, c0 jsonb, c1 text)");
			this.soong.insert("migrated", row(1, Map.of("b", 1), null));
			this.soong.execute("DROP TABLE migrated");
			this.soong.execute("CREATE TABLE migrated (id int PRIMARY KEY, c0 json, c1 int[])");
			if (transaction) {
				this.soong.inTransaction(call);
			}
			else {
				call.run();
			}
			assertThat(this.soong.query(String.class, "SELECT DISTINCT c0::text FROM migrated"))
				.containsExactly("{\"b\":[1]}");
		}
	}

	private static Map<String, Object> row(int id, Object json, Object array) {
		Map<String, Object> row = new LinkedHashMap<>();
		row.put("id", id);
		row.put("c0", json);
		row.put("c1", array);
		return row;
	}

	@Test
	void valueIsThatOfTheTableAfterAMigration() {
		this.soong.execute("ALTER TABLE a.jobs ALTER status TYPE text");
		this.soong.insert("jobs", Map.of("id", 2, "status", Status.IN_PROGRESS));
		assertThat(this.soong.queryOne(String.class, "SELECT status FROM jobs WHERE id = 2")).hasValue("IN_PROGRESS");
		this.soong.execute("SET search_path = c");
		this.soong.insertAll("jobs",
				IntStream.range(0, 1500).mapToObj((i) -> Map.of("id", i, "status", Status.IN_PROGRESS)));
		assertThat(this.soong.select("jobs").where("status", Status.IN_PROGRESS).count()).isEqualTo(1501);
		this.soong.execute("SET search_path = b");
		this.soong.insertAll("jobs", List.of(Map.of("id", 3, "status", Status.DONE)));
		assertThat(this.soong.queryOne(String.class, "SELECT status FROM jobs WHERE id = 3")).hasValue("DONE");
	}

	@Test
	void recordOfOneComponentIsJsonWhereTheColumnIsJsonByNow() {
		this.soong.execute("CREATE TABLE a.notes (v text); CREATE TABLE c.notes (v jsonb)");
		this.soong.execute("INSERT INTO a.notes VALUES ('5'); INSERT INTO c.notes VALUES ('{\"value\": \"5\"}')");
		for (String schema : List.of("a", "c", "a")) {
			this.soong.execute("SET search_path = " + schema);
			if (schema.equals("a")) {
				this.soong = new SoongTemplate(new JdbcTemplate(dataSource));
			}
			assertThat(this.soong.select("notes").where("v", new Name("5")).count()).as(schema).isOne();
		}
	}

	@Test
	void constantWithABodyIsAConstant() {
		this.soong.execute("SET search_path = b");
		this.soong.execute("CREATE TABLE k (id int, t text, ts text[], doc jsonb)");
		for (Sized size : Sized.values()) {
			this.soong.insert("k",
					Map.of("id", size.ordinal(), "t", size, "ts", List.of(size), "doc", Map.of("s", size)));
			assertThat(this.soong.select("k").where("t", size).count()).isOne();
			assertThat(this.soong.select("k").where("t", eq(size)).where("t", in(size)).count()).isOne();
			assertThat(this.soong.query("SELECT id FROM k WHERE t IN (:sizes)", Map.of("sizes", List.of(size))))
				.hasSize(1);
			assertThat(this.soong.query("SELECT id FROM k WHERE t = ?", size)).hasSize(1);
			assertThat(this.soong.update("k", Map.of("t", size), Map.of("id", 10))).isOne();
			assertThat(this.soong.query("SELECT ts[1] AS e, doc->>'s' AS s FROM k WHERE t = ?", size).get(0))
				.containsEntry("e", size.name())
				.containsEntry("s", size.name());
		}
	}

	@Test
	void transactionWhoseStatementFailedIsNotReportedAsCommitted() {
		this.soong.execute("SET search_path = b");
		this.soong.execute("CREATE TABLE t (id int PRIMARY KEY)");
		assertThatExceptionOfType(UnexpectedRollbackException.class).isThrownBy(() -> this.soong.inTransaction(() -> {
			this.soong.insert("t", Map.of("id", 1));
			assertThatExceptionOfType(DuplicateKeyException.class)
				.isThrownBy(() -> this.soong.insert("t", Map.of("id", 1)));
		})).withMessageContaining("nothing of it is stored").withMessageContaining("inNestedTransaction");
		assertThat(this.soong.select("t").count()).isZero();
		this.soong.inTransaction(() -> {
			this.soong.insert("t", Map.of("id", 1));
			assertThatExceptionOfType(DuplicateKeyException.class)
				.isThrownBy(() -> this.soong.inNestedTransaction(() -> this.soong.insert("t", Map.of("id", 1))));
		});
		assertThat(this.soong.select("t").count()).isOne();
	}

	@Test
	void numberInTheRowStaysExact() {
		this.soong.execute("SET search_path = b");
		this.soong.execute("CREATE TABLE n (id int, exact numeric, whole bigint, f float8)");
		this.soong.execute("INSERT INTO n VALUES (1, 12345678901234567890.12, 9007199254740993, 0.5)");
		this.soong.update("n", 1, Map.of("exact", plus(0.01), "whole", plus(1.0), "f", minus(0.25f)));
		assertThat(this.soong.get("n", 1).orElseThrow())
			.containsEntry("exact", new BigDecimal("12345678901234567890.13"))
			.containsEntry("whole", 9007199254740994L)
			.containsEntry("f", 0.25);
	}

	@Test
	void recordOfNullAmongElementsIsRefused() {
		this.soong.execute("SET search_path = b");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.soong.select("jobs").where("status", notIn(new Name(null))).count())
			.withMessageContaining("isNull()");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.soong.select("jobs").where("status", in(new Name(null), new Name("x"))).count())
			.withMessageContaining("isNull()");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "SELECT ?::tsquery | 'S3CRET &'", "SELECT to_tsquery('simple', ?) | S3CRET S3CRET",
					"SELECT ?::regproc | S3CRET", "SELECT ?::regclass | S3CRET", "SELECT ?::regtype | S3CRET",
					"SELECT set_config(?, 'x', false) | S3CRET",
					"SELECT has_table_privilege(?, 'pg_class', 'select') | S3CRET",
					"SELECT pg_temp.strict_(?) | S3CRET", "SELECT pg_temp.dynamic_(?) | S3CRET" })
	void valueTakenForANameIsNotQuoted(String sql, String value) {
		functions();
		DataAccessException failure = catchThrowableOfType(DataAccessException.class,
				() -> this.soong.query(sql, value));
		assertThat(failure).hasMessageContaining("the server's own text may hold values and is left out");
		assertThat(failure.toString() + failure.getMostSpecificCause()).doesNotContainIgnoringCase("s3cret");
	}

	@Test
	void nameInTheSqlIsQuoted() {
		functions();
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> this.soong.query("SELECT * FROM nowhere WHERE id = ?", 1))
			.withMessageContaining("\"nowhere\" does not exist");
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> this.soong.query("SELECT pg_temp.static_(?)", "x"))
			.withMessageContaining("\"missing\" does not exist");
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> this.soong.insert("jobs", Map.of("id", 1, "status", Status.DONE, "nothing", 1)))
			.withMessageContaining("\"nothing\"");
	}

	@Test
	void deferredTriggerThatRaisesAtTheCommitIsNotQuoted() {
		this.soong.execute("SET search_path = b");
		this.soong.execute("CREATE FUNCTION b.bad() RETURNS trigger LANGUAGE plpgsql AS "
				+ "$$ BEGIN RAISE EXCEPTION 'bad %', new.status; END $$; CREATE CONSTRAINT TRIGGER bad AFTER INSERT "
				+ "ON b.jobs DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION b.bad()");
		RuntimeException failure = catchThrowableOfType(RuntimeException.class,
				() -> this.soong.inTransaction(() -> this.soong.insert("jobs", Map.of("id", 9, "status", "S3CRET"))));
		assertThat(failure).isInstanceOfAny(DataAccessException.class, TransactionException.class);
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			assertThat(cause.toString()).doesNotContain("S3CRET");
		}
	}

	private void functions() {
		this.soong.execute("CREATE OR REPLACE FUNCTION pg_temp.strict_(v text) RETURNS int LANGUAGE plpgsql AS "
				+ "$$ #print_strict_params on\n DECLARE r int; BEGIN SELECT 1 INTO STRICT r WHERE v = ''; RETURN r; END $$");
		this.soong.execute("CREATE OR REPLACE FUNCTION pg_temp.dynamic_(v text) RETURNS void LANGUAGE plpgsql AS "
				+ "$$ BEGIN EXECUTE 'SELECT ' || v; END $$");
		this.soong.execute("CREATE OR REPLACE FUNCTION pg_temp.static_(v text) RETURNS void LANGUAGE plpgsql AS "
				+ "$$ BEGIN PERFORM missing FROM pg_class; END $$");
	}

	private enum Status {

		IN_PROGRESS, DONE

	}

	private enum Sized {

		SMALL {

			@Override
			int size() {
				return 1;
			}

		},

		LARGE {

			@Override
			int size() {
				return 2;
			}

		};

		abstract int size();

	}

	private record Name(String value) {

	}

}
