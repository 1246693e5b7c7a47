package io.soong.sql;

import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Columns that change their types under a function that knows them, in each mode of the
 * driver.
 */
@NullUnmarked
class ColumnCheckIntegrationTests {

	private static final String SCHEMA = "column_check_tests";

	@ParameterizedTest
	@CsvSource({ "preferQueryMode,simple", "preferQueryMode,extended", "preferQueryMode,extendedForPrepared",
			"prepareThreshold,-1", "prepareThreshold,0", "prepareThreshold,1" })
	void writeWhenColumnHasChangedStoresOnceOrNothing(String property, String value) {
		SingleConnectionDataSource dataSource = PostgresServer.connect(SCHEMA, Map.of(property, value));
		try {
			SoongTemplate soong = new SoongTemplate(new JdbcTemplate(dataSource));
			soong.execute("CREATE TABLE t (id int, v text[])");
			Map<String, Object> row = Map.of("id", 1, "v", List.of("a"));
			assertThat(soong.insert("t", row)).isEqualTo(1);
			assertThat(soong.insert("t", row, List.of("id", "v"))).containsEntry("id", 1)
				.containsEntry("v", List.of("a"));
			assertThat(soong.insertAll("t", List.of(row, row))).isEqualTo(2);
			assertThat(soong.update("t", 1, Map.of("v", List.of("b")))).isEqualTo(4);
			soong.execute("ALTER TABLE t ALTER v TYPE varchar(9)[]");
			assertThat(soong.insert("t", Map.of("id", 2, "v", List.of("a")))).isEqualTo(1);
			soong.execute("ALTER TABLE t ALTER v TYPE text[]");
			assertThat(soong.insertAll("t", List.of(Map.of("id", 3, "v", List.of("a"))))).isEqualTo(1);
			soong.execute("ALTER TABLE t ALTER v TYPE text USING 'x'");
			assertThatIllegalArgumentException().isThrownBy(() -> soong.insert("t", row));
			assertThatIllegalArgumentException().isThrownBy(() -> soong.update("t", 1, Map.of("v", List.of("c"))));
			assertThat(soong.query(String.class, "SELECT id || v FROM t ORDER BY id")).containsExactly("1x", "1x", "1x",
					"1x", "2x", "3x");
		}
		finally {
			dataSource.destroy();
		}
	}

	@Test
	void freeSqlWhenServerCannotBeAskedSaysHowToCast() {
		SingleConnectionDataSource dataSource = PostgresServer.connect(SCHEMA, Map.of("preferQueryMode", "simple"));
		try {
			SoongTemplate soong = new SoongTemplate(new JdbcTemplate(dataSource));
			soong.execute("CREATE TABLE t (id int, v text[])");
			assertThatExceptionOfType(InvalidDataAccessApiUsageException.class)
				.isThrownBy(() -> soong.execute("INSERT INTO t (v) VALUES (?)", List.of("a")))
				.withMessageContainingAll("preferQueryMode=simple", "CAST(? AS text[])");
			assertThat(soong.execute("INSERT INTO t (v) VALUES (CAST(? AS text[]))", List.of("a"))).isEqualTo(1);
		}
		finally {
			dataSource.destroy();
		}
	}

	/** The change is not to be seen until the statement has the lock of the table. */
	@Test
	void writeThatWaitsForAMigrationStoresNoArrayAsText() throws Exception {
		SingleConnectionDataSource dataSource = PostgresServer.connect(SCHEMA);
		SingleConnectionDataSource migration = PostgresServer.connect("column_check_migration");
		SingleConnectionDataSource watching = PostgresServer.connect("column_check_watching");
		try {
			SoongTemplate soong = new SoongTemplate(new JdbcTemplate(dataSource));
			soong.execute("CREATE TABLE t (id int, v text[])");
			soong.insert("t", Map.of("id", 1, "v", List.of("a")));
			int pid = soong.query(Integer.class, "SELECT pg_backend_pid()").get(0);
			CompletableFuture<Throwable> written;
			try (Connection connection = migration.getConnection();
					Statement statement = connection.createStatement()) {
				connection.setAutoCommit(false);
				statement.execute("ALTER TABLE " + SCHEMA + ".t ALTER v TYPE text USING 'x'");
				written = CompletableFuture.supplyAsync(() -> soong.insert("t", Map.of("id", 2, "v", List.of("a"))))
					.handle((count, ex) -> ex);
				await().until(isWaiting(watching, pid));
				connection.commit();
				connection.setAutoCommit(true);
			}
			assertThat(written.get()).hasCauseInstanceOf(IllegalArgumentException.class)
				.hasMessageContaining("of type text");
			assertThat(soong.query(String.class, "SELECT v FROM t")).containsExactly("x");
		}
		finally {
			watching.destroy();
			migration.destroy();
			dataSource.destroy();
		}
	}

	private static Callable<Boolean> isWaiting(SingleConnectionDataSource watching, int pid) {
		JdbcTemplate jdbcTemplate = new JdbcTemplate(watching);
		return () -> Boolean.TRUE
			.equals(jdbcTemplate.queryForObject("SELECT cardinality(pg_blocking_pids(?)) > 0", Boolean.class, pid));
	}

}
