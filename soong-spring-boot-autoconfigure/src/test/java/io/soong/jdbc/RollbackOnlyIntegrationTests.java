package io.soong.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.soong.SharedRds;
import io.soong.sql.SoongTemplate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What a sample event does to a real database, and what is left of it.
 */
class RollbackOnlyIntegrationTests {

	private static final String TABLE = "rollback_only_gizmos";

	private final SoongDataSource dataSource = new SoongDataSource(SharedRds.settings().build(), SharedRds.iam());

	private final SoongTemplate soong = new SoongTemplate(new JdbcTemplate(this.dataSource),
			new DataSourceTransactionManager(this.dataSource));

	@BeforeEach
	void create() {
		this.soong.execute("DROP TABLE IF EXISTS " + TABLE);
		this.soong.execute("CREATE TABLE " + TABLE + " (id int PRIMARY KEY, name text)");
		this.soong.insert(TABLE, Map.of("id", 0, "name", "there"));
	}

	@AfterEach
	void drop() {
		this.soong.execute("DROP TABLE " + TABLE);
		this.dataSource.close();
	}

	@Test
	void eventSeesWhatItDoesAndLeavesNothing() {
		for (int i = 0; i < 3; i++) {
			inRollbackOnly(this::handle);
			assertThat(this.soong.select(TABLE).count()).isEqualTo(1);
		}
		this.soong.inTransaction(() -> this.soong.insert(TABLE, Map.of("id", 1, "name", "committed")));
		assertThatExceptionOfType(DuplicateKeyException.class)
			.isThrownBy(() -> this.soong.insert(TABLE, Map.of("id", 1, "name", "again")));
		assertThat(this.soong.select(TABLE).count()).isEqualTo(2);
	}

	private void handle() {
		this.soong.insert(TABLE, Map.of("id", 1, "name", "auto-commit"));
		assertThat(this.soong.get(TABLE, 1)).isPresent();
		assertThatExceptionOfType(DuplicateKeyException.class)
			.isThrownBy(() -> this.soong.insert(TABLE, Map.of("id", 1, "name", "again")));
		this.soong.inTransaction(() -> this.soong.insert(TABLE, Map.of("id", 2, "name", "committed")));
		assertThatIllegalStateException().isThrownBy(() -> this.soong.inTransaction(() -> {
			this.soong.insert(TABLE, Map.of("id", 3, "name", "rolled back"));
			throw new IllegalStateException();
		}));
		assertThat(this.soong.select(TABLE).orderBy("id").columns("id").list(Integer.class)).containsExactly(0, 1, 2);
		this.soong.insertAll(TABLE, IntStream.range(10, 3000).mapToObj((id) -> Map.of("id", id, "name", "many")));
		this.soong.upsertAll(TABLE, IntStream.range(10, 3000).mapToObj((id) -> Map.of("id", id, "name", "other")),
				"id");
		try (Stream<String> names = this.soong.stream(String.class, "SELECT name FROM " + TABLE + " WHERE id > 5")) {
			assertThat(names).hasSize(2990).containsOnly("other");
		}
		TransactionTemplate readOnly = new TransactionTemplate(new DataSourceTransactionManager(this.dataSource));
		readOnly.setReadOnly(true);
		readOnly.setIsolationLevel(TransactionTemplate.ISOLATION_SERIALIZABLE);
		assertThat(readOnly.<Long>execute((status) -> this.soong.select(TABLE).count())).isEqualTo(2993);
		this.soong.inTransaction(() -> {
			assertThatExceptionOfType(DuplicateKeyException.class).isThrownBy(() -> this.soong
				.inNestedTransaction(() -> this.soong.insert(TABLE, Map.of("id", 1, "name", "again"))));
			this.soong.delete(TABLE, 1);
		});
		assertThat(this.soong.get(TABLE, 1)).isEmpty();
	}

	@Test
	void whatWouldStayIsRefused() {
		inRollbackOnly(() -> {
			this.soong.insert(TABLE, Map.of("id", 1, "name", "x"));
			for (String sql : List.of("COMMIT", "commit and chain", " END", "SELECT 1; COMMIT",
					"PREPARE TRANSACTION 'x'", "/* of /* both */ kinds */ -- \n COMMIT", "SELECT ';'; --\n commit work",
					"SELECT 'a\\'; COMMIT", "ROLLBACK; INSERT INTO " + TABLE + " VALUES (2)",
					"ABORT; INSERT INTO " + TABLE + " VALUES (2)")) {
				try (Connection connection = this.dataSource.getConnection();
						Statement statement = connection.createStatement()) {
					assertThatExceptionOfType(SQLFeatureNotSupportedException.class).as(sql)
						.isThrownBy(() -> statement.execute(sql))
						.withMessageContaining("its changes must be rolled back");
				}
				catch (SQLException ex) {
					throw new IllegalStateException(ex);
				}
			}
			assertThatExceptionOfType(SQLException.class).isThrownBy(this.dataSource::openConnection);
			// Only looks as if it did
			this.soong.execute("DO $$ BEGIN PERFORM 1; END $$");
			assertThat(this.soong.query(String.class, "SELECT '; COMMIT' -- ; COMMIT")).containsExactly("; COMMIT");
		});
		assertThat(this.soong.select(TABLE).count()).isEqualTo(1);
	}

	@Test
	void batchWithARollbackIsRefused() {
		inRollbackOnly(() -> {
			try (Connection connection = this.dataSource.getConnection();
					Statement statement = connection.createStatement()) {
				for (String sql : List.of("INSERT INTO " + TABLE + " VALUES (1)", "ROLLBACK",
						"INSERT INTO " + TABLE + " VALUES (2)")) {
					statement.addBatch(sql);
				}
				assertThatExceptionOfType(SQLException.class).isThrownBy(statement::executeBatch)
					.withStackTraceContaining("its changes must be rolled back");
				statement.execute("ROLLBACK");
				statement.execute("INSERT INTO " + TABLE + " VALUES (3)");
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		});
		assertThat(this.soong.select(TABLE).count()).isEqualTo(1);
	}

	@Test
	void driversOwnConnectionCommitsNothing() {
		inRollbackOnly(() -> {
			try (Connection connection = this.dataSource.getConnection()) {
				org.postgresql.jdbc.PgConnection driver = connection.unwrap(org.postgresql.jdbc.PgConnection.class);
				driver.createStatement().execute("INSERT INTO " + TABLE + " VALUES (1, 'x')");
				assertThatExceptionOfType(SQLException.class).isThrownBy(driver::commit);
				assertThatExceptionOfType(SQLException.class).isThrownBy(() -> driver.setAutoCommit(true));
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		});
		assertThat(this.soong.select(TABLE).count()).isEqualTo(1);
	}

	@Test
	void connectionThatIsNotReturnedLeavesNothing() throws SQLException {
		Connection[] leaked = new Connection[1];
		inRollbackOnly(() -> {
			try {
				leaked[0] = this.dataSource.getConnection();
				leaked[0].createStatement().execute("INSERT INTO " + TABLE + " VALUES (1, 'x')");
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		});
		assertThat(this.soong.select(TABLE).count()).isEqualTo(1);
		assertThat(leaked[0].isClosed()).isTrue();
	}

	private void inRollbackOnly(Runnable event) {
		Invocation invocation = Invocation.openRollbackOnly("sample event", Duration.ofMinutes(1));
		try {
			event.run();
		}
		finally {
			invocation.close();
		}
	}

}
