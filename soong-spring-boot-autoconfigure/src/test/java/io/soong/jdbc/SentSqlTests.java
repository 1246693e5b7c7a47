package io.soong.jdbc;

import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.core.Query;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a statement does, by its text.
 */
class SentSqlTests {

	@ParameterizedTest
	@ValueSource(strings = { "SELECT 1", " select 1", "SHOW work_mem", "VALUES (1)", "TABLE gizmos", "FETCH 10 FROM c",
			"EXPLAIN DELETE FROM gizmos", "SELECT 1; SELECT 2;", "-- gizmos\nSELECT 1", "/* a /* b */ */ SELECT 1" })
	void statementThatReadsChangesNothing(String sql) throws SQLException {
		assertThat(SentSql.isRead(sql)).isTrue();
		assertThat(SentSql.isRead(query(sql))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "INSERT INTO gizmos VALUES (1)", "SELECTION", "WITH d AS (DELETE FROM a) SELECT 1",
			"SELECT 1; DELETE FROM gizmos", "EXPLAIN ANALYZE DELETE FROM gizmos",
			"EXPLAIN (VERBOSE, analyse) DELETE FROM gizmos", "-- SELECT\nDELETE FROM gizmos",
			"/* SELECT */ DELETE FROM gizmos", "SELECT 'a\\'; DELETE FROM gizmos; --'", "(SELECT 1)",
			"SELECT * INTO copies FROM gizmos", "select 1 as a\ninto temp copies",
			"SELECT 1 UNION SELECT 2 INTO copies" })
	void statementThatMayWriteIsNoRead(String sql) throws SQLException {
		assertThat(SentSql.isRead(sql)).isFalse();
		assertThat(SentSql.isRead(new Query[] { query("SELECT 1"), query(sql) })).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "COMMIT", "end", " commit and chain", "/* done */ COMMIT", "PREPARE TRANSACTION 'a'",
			"INSERT INTO gizmos VALUES (1); COMMIT", "SELECT 'a\\'; COMMIT; --'" })
	void statementThatKeepsChangesEndsATransaction(String sql) throws SQLException {
		assertThat(SentSql.isEnding(sql)).isTrue();
		assertThat(SentSql.isEnding(query(sql))).isTrue();
		assertThat(SentSql.isEnding(new Query[] { query("SELECT 1"), query(sql) })).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "ROLLBACK", "PREPARE a AS SELECT 1", "SELECT 'COMMIT'", "SELECT 1; -- COMMIT",
			"SELECT '; COMMIT'", "ENDING", "SELECT 1 AS end" })
	void statementThatKeepsNothingEndsNoTransaction(String sql) throws SQLException {
		assertThat(SentSql.isEnding(sql)).isFalse();
		assertThat(SentSql.isEnding(new Query[] { query(sql) })).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "ROLLBACK; INSERT INTO gizmos VALUES (1)", "abort; SELECT 1", "SELECT 1; rollback work",
			"Rollback and chain; SELECT 1", "/* undo */ ROLLBACK TRANSACTION; SELECT 1", "ROLLBACK; -- \n SELECT 1",
			"SELECT 'a\\'; ROLLBACK; SELECT 1; --'", "SELECT 1; COMMIT", "COMMIT" })
	void statementBehindARollbackEscapesTheTransaction(String sql) throws SQLException {
		assertThat(SentSql.isEscaping(sql)).isTrue();
		assertThat(SentSql.isEscaping(new Query[] { query(sql) })).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "ROLLBACK", "abort", "ROLLBACK WORK", "rollback and chain;" })
	void rollbackEscapesTheTransactionInABatchAlone(String sql) throws SQLException {
		assertThat(SentSql.isEscaping(sql)).isFalse();
		assertThat(SentSql.isEscaping(new Query[] { query(sql) })).isFalse();
		assertThat(SentSql.isEscaping(new Query[] { query(sql), query("SELECT 1") })).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "ROLLBACK TO a", "rollback work to savepoint a", "ROLLBACK TRANSACTION TO a",
			"SELECT 'ROLLBACK'", "ROLLBACKS", "SELECT 1 AS rollback" })
	void rollbackToASavepointEscapesNothing(String sql) throws SQLException {
		assertThat(SentSql.isEscaping(sql + "; SELECT 1")).isFalse();
		assertThat(SentSql.isEscaping(new Query[] { query(sql), query("SELECT 1") })).isFalse();
	}

	@Test
	void commitIsOneStatement() {
		assertThat(Stream.of("COMMIT", "End;", "-- done\ncommit")).allMatch(SentSql::isCommit);
		assertThat(Stream.of("INSERT INTO gizmos VALUES (1); COMMIT", "ENDING", "ROLLBACK"))
			.noneMatch(SentSql::isCommit);
	}

	@Test
	void rollbackIsOneStatement() {
		assertThat(Stream.of("ROLLBACK", " rollback ; ", "ABORT", "-- undo\nROLLBACK", "/* undo */ROLLBACK",
				SentSql.CANCEL_COPY))
			.allMatch(SentSql::isRollback);
		assertThat(Stream.of("ROLLBACK TO a", "ROLLBACK; SELECT 1", "ROLLBACK PREPARED 'a'", "COMMIT", "-- ROLLBACK"))
			.noneMatch(SentSql::isRollback);
	}

	@Test
	void settingIsOneOfTheSessionUnlessItEndsWithTheTransaction() {
		assertThat(Stream.of("SET work_mem = '1MB'", "set role bob", "SELECT set_config('work_mem', '1MB', false)",
				query("SET a.b = 'c'"), "/* gizmos */ -- of the role\n SET role bob",
				"/* gizmos */SELECT set_config('work_mem', '1MB', false)"))
			.allMatch(SentSql::isSessionSetting);
		assertThat(Stream.of("SET LOCAL work_mem = '1MB'", "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
				"SET TRANSACTION READ ONLY", "SET CONSTRAINTS ALL DEFERRED",
				"SELECT set_config('work_mem', '1MB', true)", "SELECT set_config('search_path', ?, false)",
				"SELECT pg_catalog.set_config('application_name', ?, false)", "UPDATE gizmos SET a = 1",
				"SHOW work_mem", "-- SET role bob", "/* SET role bob */ SHOW work_mem"))
			.noneMatch(SentSql::isSessionSetting);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
			SELECT 1                      | SELECT
			  insert into gizmos          | INSERT
			/* gizmos */ UPDATE gizmos    | UPDATE
			BEGIN                         | BEGIN
			GIZMO 1                       | OTHER
			(SELECT 1)                    | OTHER
			-- nothing                    | ``
			``                            | ``
			""")
	void operationIsTheFirstWordIfItIsACommand(String sql, String operation) {
		assertThat(SentSql.operation(sql)).isEqualTo(operation);
		assertThat(SentSql.operation(query(sql))).isEqualTo(operation);
		assertThat(SentSql.operation(new Query[] { query(sql) })).isEqualTo(operation);
	}

	@Test
	void operationAfterALineCommentIsTheFirstWord() {
		assertThat(SentSql.operation("-- gizmos\n-- of all\n\tDELETE FROM gizmos")).isEqualTo("DELETE");
	}

	@Test
	void batchIsNamedByItsFirstStatement() {
		Query[] batch = { query("INSERT INTO gizmos VALUES ($1)"), query("INSERT INTO gizmos VALUES ($1)") };
		assertThat(SentSql.operation(batch)).isEqualTo("BATCH INSERT");
		assertThat(SentSql.subject(batch)).isEqualTo("INSERT INTO gizmos VALUES ($1) (batch of 2)");
		assertThat(SentSql.sql(batch)).isEqualTo("INSERT INTO gizmos VALUES ($1)");
		assertThat(SentSql.sql(batch[0])).isEqualTo("INSERT INTO gizmos VALUES ($1)");
	}

	@Test
	void copyThatIsCancelledIsACopy() {
		assertThat(SentSql.operation(SentSql.CANCEL_COPY)).isEqualTo("COPY");
		assertThat(SentSql.subject(SentSql.CANCEL_COPY)).isEqualTo("(cancel COPY)");
	}

	private static Query query(String sql) {
		return (Query) Proxy.newProxyInstance(Query.class.getClassLoader(), new Class<?>[] { Query.class },
				(proxy, method, args) -> {
					assertThat(method.getName()).isEqualTo("getNativeSql");
					return sql;
				});
	}

}
