package io.soong.sql;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.PermissionDeniedDataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import io.soong.SharedRds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What errors say about the place of the fault, and that every call says it alike.
 */
@NullUnmarked
class StatementErrorsIntegrationTests {

	private static final String SECRET = "4111-1111";

	private static SingleConnectionDataSource dataSource;

	private static SoongTemplate soong;

	@BeforeAll
	static void connect() {
		dataSource = PostgresServer.connect("statement_errors_tests");
		soong = new SoongTemplate(new JdbcTemplate(dataSource));
		soong.execute("CREATE DOMAIN short AS varchar(5)");
		soong.execute("CREATE TABLE ten (id int PRIMARY KEY, a text, b text, c int, d int2, e numeric(4, 1), f date, "
				+ "g varchar(4), h short, i uuid)");
		soong.execute("CREATE TABLE locked (id int)");
	}

	@AfterAll
	static void close() {
		dataSource.destroy();
	}

	@BeforeEach
	void empty() {
		soong.execute("TRUNCATE ten");
	}

	@Test
	void errorWhenValueDoesNotFitNamesItsColumn() {
		Map<String, Object> wrong = Map.of("c", SECRET, "d", 40000, "e", new BigDecimal("4111.1"), "f", SECRET, "g",
				SECRET, "h", SECRET, "i", SECRET);
		wrong.forEach((column, value) -> {
			Map<String, Object> row = row(column, value);
			String place = "column \"" + column + "\"";
			names(place, () -> soong.insert("ten", row));
			names(place, () -> soong.insert("ten", row, "id", Integer.class));
			names(place, () -> soong.upsert("ten", row, "id"));
			names(place, () -> soong.update("ten", 1, row));
			names(place, () -> soong.inTransaction(() -> soong.insertAll("ten", Collections.nCopies(1200, row))));
			names(place, () -> soong.insertAll("ten", Collections.nCopies(1200, row)));
			names("row 1 of the rows given for table \"ten\", " + place, () -> soong.insertAll("ten", List.of(row)));
			names("row 2 of the rows given for table \"ten\", " + place,
					() -> soong.upsertAll("ten", List.of(row("id", 9), row), "id"));
		});
		soong.insert("ten", row("id", 1));
		names("column \"c\"", () -> soong.get("ten", Map.of("c", SECRET)));
		names("column \"i\"", () -> soong.select("ten").where("id", 1).where("i", SECRET).list());
		names("parameter 2", () -> soong.query("SELECT * FROM ten WHERE a = ? AND c = ?", "x", SECRET));
		names("parameter :pin",
				() -> soong.query("SELECT * FROM ten WHERE a = :a AND c = :pin", Map.of("a", "x", "pin", SECRET)));
		names("parameter 1", () -> soong.execute("UPDATE ten SET c = ? WHERE id = ?", SECRET, 1));
	}

	@Test
	void errorWhenNothingCanBeAskedNamesWhatCanBeMeant() {
		names("column \"g\" of table \"ten\" or column \"a\" of table \"ten\"", () -> soong.inTransaction(() -> {
			Map<String, Object> row = new LinkedHashMap<>();
			row.put("id", 1);
			row.put("g", SECRET);
			row.put("a", "x");
			soong.insert("ten", row);
		}));
	}

	@Test
	void errorOfManyRowsSaysWhatTheOneOfInsertSays() throws Exception {
		JdbcTemplate unprivileged = new JdbcTemplate(dataSource);
		SharedRds.rds().execute("CREATE ROLE nobody_tests; GRANT nobody_tests TO bob");
		try {
			soong.execute("GRANT USAGE ON SCHEMA statement_errors_tests TO nobody_tests");
			same(BadSqlGrammarException.class, "ten", Map.of("idd", 1), "column \"idd\"", "Perhaps you meant \"id\"");
			same(BadSqlGrammarException.class, "tenn", Map.of("id", 1), "\"tenn\" does not exist",
					"Perhaps you meant \"ten\"");
			unprivileged.execute("SET ROLE nobody_tests");
			same(PermissionDeniedDataAccessException.class, "ten", Map.of("id", 1), "permission denied for table ten",
					"GRANT");
		}
		finally {
			unprivileged.execute("RESET ROLE");
			soong.execute("REVOKE USAGE ON SCHEMA statement_errors_tests FROM nobody_tests");
			SharedRds.rds().execute("DROP ROLE nobody_tests");
		}
		for (ThrowingCallable call : List.<ThrowingCallable>of(() -> soong.upsert("locked", Map.of("id", 1), "id"),
				() -> soong.upsertAll("locked", List.of(Map.of("id", 1)), "id"),
				() -> soong.upsertAll("locked", Collections.nCopies(1, Map.of("id", 1)).stream(), "id"))) {
			assertThat(catchThrowableOfType(BadSqlGrammarException.class, call))
				.hasMessageContaining("no unique or exclusion constraint");
		}
	}

	@Test
	void errorWhenAnEarlierStatementFailedSaysSo() {
		soong.insert("ten", Map.of("id", 1));
		DataAccessException ex = catchThrowableOfType(DataAccessException.class, () -> soong.inTransaction(() -> {
			try {
				soong.insert("ten", Map.of("id", 1));
			}
			catch (DuplicateKeyException duplicate) {
				soong.get("ten", 1);
			}
		}));
		assertThat(ex).hasMessageContainingAll("25P02", "An earlier statement of this transaction failed");
	}

	@Test
	void errorOfLookUpWhenAnEarlierStatementFailedShowsNoSqlOfItsOwn() {
		soong.insert("ten", Map.of("id", 1));
		for (Runnable call : List.<Runnable>of(() -> soong.insert("locked", Map.of("id", List.of(1))),
				() -> soong.insertAll("locked", Collections.nCopies(1200, Map.of("id", 1))))) {
			DataAccessException ex = catchThrowableOfType(DataAccessException.class, () -> soong.inTransaction(() -> {
				try {
					soong.insert("ten", Map.of("id", 1));
				}
				catch (DuplicateKeyException duplicate) {
					call.run();
				}
			}));
			assertThat(ex).hasMessageContainingAll("\"locked\"", "25P02",
					"An earlier statement of this transaction failed");
			for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
				assertThat(cause.toString()).doesNotContain("pg_catalog");
			}
		}
	}

	@Test
	void errorWhenFunctionRaisesItHidesItsTextWhateverTheState() {
		for (String state : List.of("P0001", "P0002", "U0001", "42501", "40001", "P0004")) {
			soong.execute("CREATE OR REPLACE FUNCTION raises(v text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN "
					+ "RAISE EXCEPTION USING ERRCODE = '" + state + "', MESSAGE = 'no ' || v, DETAIL = 'detail ' || v, "
					+ "HINT = 'hint ' || v; END $$");
			DataAccessException ex = catchThrowableOfType(DataAccessException.class,
					() -> soong.query("SELECT raises(?)", SECRET));
			assertThat(ex).hasMessageContainingAll(state, "raised an exception", "left out");
			showsNothing(ex);
			assertThat(catchThrowableOfType(DataAccessException.class,
					() -> soong.withValuesInErrors().query("SELECT raises(?)", SECRET)))
				.hasMessageContaining("no " + SECRET);
		}
	}

	@Test
	void errorWhenItIsNotAboutWhatWasGivenBlamesNoParameter() {
		soong.execute("CREATE TABLE IF NOT EXISTS watched (id int, a text, b int2)");
		soong.execute("CREATE OR REPLACE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
				+ "NEW.b := 'x'::int; RETURN NEW; END $$");
		soong.execute("CREATE OR REPLACE TRIGGER watch BEFORE INSERT ON watched FOR EACH ROW EXECUTE FUNCTION watch()");
		for (ThrowingCallable call : List.<ThrowingCallable>of(
				() -> soong.insert("watched", Map.of("id", 1, "a", "x", "b", 2)),
				() -> soong.insertAll("watched", List.of(Map.of("id", 1, "a", "x"))))) {
			assertThat(catchThrowableOfType(DataAccessException.class, call).getMessage()).contains("22P02")
				.doesNotContain("column \"a\"")
				.doesNotContain("column \"b\"");
		}
		assertThat(catchThrowableOfType(DataAccessException.class,
				() -> soong.query("SELECT 'y'::text::int FROM (SELECT ?::text) AS t", "x")))
			.hasMessageContaining("perhaps parameter 1");
	}

	@Test
	void errorWhenFunctionReadsJsonThatIsNotValidBlamesNoParameter() {
		soong.execute("CREATE TABLE IF NOT EXISTS watched_json (id int, a text, doc jsonb)");
		soong.execute("CREATE OR REPLACE FUNCTION watch_json() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
				+ "NEW.doc := '{'::text::jsonb; RETURN NEW; END $$");
		soong.execute("CREATE OR REPLACE TRIGGER watch_json BEFORE INSERT ON watched_json "
				+ "FOR EACH ROW EXECUTE FUNCTION watch_json()");
		assertThat(catchThrowableOfType(DataAccessException.class,
				() -> soong.insert("watched_json", Map.of("id", 1, "a", "x")))
			.getMessage()).startsWith("Statement failed; text is not valid for its type (SQLState 22P02");
	}

	@Test
	void errorWhenJsonIsOfTheSqlItselfGuessesWhateverItsText() {
		assertThat(catchThrowableOfType(DataAccessException.class,
				() -> soong.query("SELECT ?::text, concat('{SQL', ?::text)::jsonb", "x", "y")))
			.hasMessageContaining("perhaps parameter 1");
	}

	@Test
	void errorWhenJsonIsNotValidNamesItsPlace() {
		soong.execute(
				"CREATE TABLE IF NOT EXISTS wide (id int, a text, b text, c text, d text, e text, f text, doc jsonb, "
						+ "plain json)");
		for (String column : List.of("doc", "plain")) {
			for (String text : List.of("{\"" + SECRET + "\"", "[\"$1 = 4111\n\", \"$2\"", SECRET + " $3")) {
				Map<String, Object> row = new LinkedHashMap<>(
						Map.of("id", 1, "a", "x", "b", "x", "c", "x", "d", "x", "e", "x", "f", "x"));
				row.put(column, text);
				names("column \"" + column + "\"", () -> soong.insert("wide", row));
				names("column \"" + column + "\"", () -> soong.insertAll("wide", List.of(row, row)));
				names("column \"" + column + "\"", () -> soong.insertAll("wide", Collections.nCopies(1200, row)));
				names("parameter 2", () -> soong.execute("UPDATE wide SET a = ?, " + column + " = ?", "x", text));
			}
		}
		names("column \"doc\"",
				() -> soong.insert("wide", Map.of("id", 1, "a", "x", "doc", "{\"a\": \"4111\\u0000\"}")));
	}

	@Test
	void errorWhenSqlIsLongPutsTheReasonFirstAndShortensIt() {
		Object[] parameters = Collections.nCopies(70000, 1).toArray();
		String sql = "SELECT 1 WHERE 1 IN (" + String.join(", ", Collections.nCopies(70000, "?")) + ")";
		assertThat(catchThrowableOfType(IllegalArgumentException.class, () -> soong.query(sql, parameters)))
			.hasMessageContainingAll("70000", "65535", "IN (:list)")
			.satisfies((ex) -> assertThat(ex.getMessage()).hasSizeLessThan(500));
		String few = sql.substring(0, 21 + 3 * 60000).concat("?, x)");
		DataAccessException ex = catchThrowableOfType(DataAccessException.class,
				() -> soong.query(few, Arrays.copyOf(parameters, 60001)));
		assertThat(ex.getMessage()).startsWith("column \"x\" does not exist (42703)").hasSizeLessThan(700);
	}

	@Test
	void errorWhenServerQuotesAllParametersShowsNoneAndNamesNoWrongPlace() throws Exception {
		SharedRds.rds().execute("ALTER ROLE bob SET log_parameter_max_length_on_error = -1");
		SingleConnectionDataSource quoting = PostgresServer.connect("statement_errors_quoting");
		try {
			JdbcTemplate jdbcTemplate = new JdbcTemplate(quoting);
			SoongTemplate soong = new SoongTemplate(jdbcTemplate);
			soong.execute("CREATE TABLE checked (id int, secret text CHECK (length(secret) < 3))");
			assertThat(soong.query(String.class, "SHOW log_parameter_max_length_on_error")).containsExactly("-1");
			DataAccessException violated = catchThrowableOfType(DataAccessException.class,
					() -> soong.insert("checked", Map.of("id", 1, "secret", SECRET)));
			assertThat(violated).hasMessageContaining("check constraint").hasMessageNotContaining("column \"id\"");
			showsNothing(violated);
			jdbcTemplate.execute("SET default_transaction_read_only = on");
			DataAccessException readOnly = catchThrowableOfType(DataAccessException.class,
					() -> soong.insert("checked", Map.of("id", 1, "secret", SECRET)));
			assertThat(readOnly).hasMessageContaining("25006");
			showsNothing(readOnly);
		}
		finally {
			quoting.destroy();
			SharedRds.rds().execute("ALTER ROLE bob RESET log_parameter_max_length_on_error");
		}
	}

	private static void showsNothing(Throwable ex) {
		for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
			assertThat(cause.toString()).doesNotContain(SECRET);
			if (cause instanceof PSQLException original && original.getServerErrorMessage() != null) {
				assertThat(original.getServerErrorMessage().toString()).doesNotContain(SECRET);
				assertThat(String.valueOf(original.getServerErrorMessage().getWhere())).doesNotContain(SECRET);
			}
		}
	}

	@Test
	void errorPutsTheReasonBeforeTheSql() {
		soong.insert("ten", Map.of("id", 1));
		DataAccessException ex = catchThrowableOfType(DataAccessException.class,
				() -> soong.insert("ten", Map.of("id", 1)));
		assertThat(ex.getMessage()).matches(".*a unique constraint is violated.*\\[INSERT INTO \"ten\".*");
	}

	private static void same(Class<? extends DataAccessException> type, String table, Map<String, Object> row,
			String... message) {
		for (ThrowingCallable call : List.<ThrowingCallable>of(() -> soong.insert(table, row),
				() -> soong.insertAll(table, List.of(row, row)),
				() -> soong.insertAll(table, Collections.nCopies(1200, row)),
				() -> soong.insertAll(table, Collections.nCopies(1200, row).stream()))) {
			assertThat(catchThrowableOfType(type, call)).as(String.valueOf(row)).hasMessageContainingAll(message);
		}
	}

	private static void names(String place, ThrowingCallable call) {
		DataAccessException ex = catchThrowableOfType(DataAccessException.class, call);
		assertThat(ex).hasMessageContaining(place);
		for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
			assertThat(cause.toString()).doesNotContain(SECRET).doesNotContain("4111");
		}
	}

	private static Map<String, Object> row(String column, Object value) {
		Map<String, Object> row = new LinkedHashMap<>(
				Map.of("id", 7, "a", "x", "b", "y", "c", 1, "d", 1, "e", 1, "f", "2024-01-01", "g", "g", "h", "h"));
		row.put("i", "00000000-0000-0000-0000-000000000001");
		row.put(column, value);
		return row;
	}

}
