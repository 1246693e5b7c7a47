package io.soong.benchmarks;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;

import io.soong.jdbc.SoongDataSource;
import io.soong.sql.Row;
import io.soong.sql.SoongTemplate;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is measured is right, whatever it takes.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ContendersIntegrationTests {

	private static final int ROWS = 1010;

	private static final int ID = 42;

	private RdsLookalike rds;

	@BeforeAll
	void start() throws SQLException {
		this.rds = Gizmos.start(ROWS);
	}

	@AfterAll
	void close() {
		this.rds.close();
	}

	@ParameterizedTest
	@EnumSource
	void contenderDoesWhatIsMeasured(Library library) throws SQLException {
		try (Contender contender = library.open(new Database(this.rds.environment()))) {
			for (Workload workload : Workload.values()) {
				if (workload.libraries().contains(library)) {
					check(workload, contender);
				}
			}
		}
	}

	@Test
	void streamHasAllRowsAsOftenAsAsked() {
		try (SoongDataSource dataSource = new Database(this.rds.environment()).dataSource()) {
			assertThat(StreamProgram.read(new SoongTemplate(new JdbcTemplate(dataSource))))
				.isEqualTo(StreamProgram.TIMES * ROWS);
		}
	}

	private void check(Workload workload, Contender contender) throws SQLException {
		switch (workload) {
			case GET -> assertGizmo(contender.get(ID), ID);
			case SELECT -> {
				List<?> gizmos = contender.select(1);
				assertThat(gizmos).hasSize(Gizmos.SAME_QUANTITY);
				assertGizmo(gizmos.get(0), Gizmos.SAME_QUANTITY);
			}
			case INSERT -> assertThat(
					queryForInt("SELECT quantity FROM new_gizmos WHERE id = " + contender.insert(Gizmos.newGizmo(ID))))
				.isEqualTo(Gizmos.gizmo(ID).quantity());
			case UPDATE -> {
				this.rds.execute("UPDATE painted_gizmos SET price = 1");
				contender.update(new Repainting(ID, "mauve", BigDecimal.TEN));
				assertThat(queryForInt("SELECT sum(price) FROM painted_gizmos WHERE color = 'mauve'")).isEqualTo(10);
			}
			case ALL -> {
				List<?> gizmos = contender.all();
				assertThat(gizmos).hasSize(ROWS);
				assertGizmo(gizmos.get(ROWS - 1), ROWS);
			}
			case WIDE -> assertThat(third(contender.wide(ID))).isEqualTo(BigDecimal.valueOf(ID, 2));
			case ALL_WIDE ->
				assertThat(contender.allWide()).hasSize(Gizmos.WIDE_ROWS).allSatisfy((row) -> third(row).signum());
			case UPSERT -> {
				this.rds
					.execute("TRUNCATE imported_gizmos; INSERT INTO imported_gizmos SELECT id, 'old', color, price, "
							+ "quantity, rating, made_on, updated_at FROM gizmos WHERE id % 2 = 0");
				contender.upsertAll(Gizmos.imported(ROWS));
				assertThat(
						queryForInt("SELECT count(*) FROM (TABLE imported_gizmos INTERSECT TABLE gizmos) AS the_same"))
					.isEqualTo(ROWS);
			}
			case IMPORT -> {
				this.rds.execute("TRUNCATE imported_gizmos");
				contender.insertAll(Gizmos.imported(ROWS));
				assertThat(
						queryForInt("SELECT count(*) FROM (TABLE imported_gizmos INTERSECT TABLE gizmos) AS the_same"))
					.isEqualTo(ROWS);
			}
		}
	}

	private static BigDecimal third(Object row) {
		return (row instanceof Row map) ? Objects.requireNonNull(map.get("c3", BigDecimal.class))
				: ((WideGizmo) row).c3();
	}

	private static void assertGizmo(Object read, int id) {
		Gizmo expected = Gizmos.gizmo(id);
		if (read instanceof Row row) {
			assertThat(row.get("id")).isEqualTo(id);
			assertThat(row.get("name")).isEqualTo(expected.name());
			assertThat(row.get("updated_at")).isEqualTo(expected.updatedAt());
		}
		else {
			assertThat(read).isEqualTo(expected);
		}
	}

	private int queryForInt(String sql) throws SQLException {
		try (Connection connection = this.rds.openAdminConnection();
				Statement statement = connection.createStatement();
				ResultSet resultSet = statement.executeQuery(sql)) {
			resultSet.next();
			return resultSet.getInt(1);
		}
	}

}
