package io.soong.sql;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Errors that say what was meant.
 */
@NullUnmarked
class HintsIntegrationTests {

	private static SingleConnectionDataSource dataSource;

	private static SoongTemplate soong;

	@BeforeAll
	static void connect() {
		dataSource = PostgresServer.connect("hints_tests", Map.of("socketFactory", RoundTrips.class.getName()));
		soong = new SoongTemplate(new JdbcTemplate(dataSource));
		soong.execute("CREATE TABLE gizmos (id int, color text, unit_price numeric, tags text[])");
		soong.execute("CREATE SCHEMA IF NOT EXISTS hints_shop");
		soong.execute("DROP TABLE IF EXISTS hints_shop.customers");
		soong.execute("CREATE TABLE hints_shop.customers (id int)");
	}

	@AfterAll
	static void close() {
		dataSource.destroy();
	}

	@Test
	void errorWhenListStandsBesideValuesSaysHowToWriteIt() {
		Map<String, Object> ids = Map.of("ids", List.of(1, 2));
		assertThat(hint(() -> soong.query("SELECT * FROM gizmos WHERE id IN (5, :ids)", ids)))
			.endsWith("= ANY (?) OR ... for them");
		assertThat(hint(() -> soong.query("SELECT * FROM gizmos WHERE id NOT IN (:ids, 5)", ids)))
			.endsWith("<> ALL (?) AND ... for them");
		assertThat(hint(() -> soong.query("SELECT * FROM gizmos WHERE id IN :ids", ids)))
			.startsWith("Write the list of IN in parentheses");
	}

	@Test
	void errorWhenTableIsUnknownNamesTheNearest() {
		assertThat(hint(() -> soong.get("gizmo", 1))).isEqualTo("Perhaps you meant \"gizmos\".");
		assertThat(hint(() -> soong.get("Gizmos", 1))).isEqualTo("Perhaps you meant \"gizmos\".");
		assertThat(hint(() -> soong.query("SELECT * FROM gzimos"))).isEqualTo("Perhaps you meant \"gizmos\".");
		assertThat(hint(() -> soong.get("customer", 1))).isEqualTo("Perhaps you meant \"hints_shop.customers\".");
		assertThat(hint(() -> soong.get("nothing_like_it", 1))).isNull();
		assertThat(RoundTrips.count(() -> hint(() -> soong.get("gizmo", 1)))).isEqualTo(2);
	}

	@Test
	void errorWhenColumnIsUnknownNamesTheNearestOfItsTable() {
		assertThat(hint(() -> soong.select("gizmos", Map.of("colour", "pink")))).contains("color");
		assertThat(hint(() -> soong.insert("gizmos", Map.of("unitPrice", 1)))).contains("unit_price");
		assertThat(hint(() -> soong.update("gizmos", 1, Map.of("clor", 1)))).contains("\"color\"");
		assertThat(hint(() -> soong.query("SELECT g.colr FROM gizmos g"))).contains("color");
		assertThat(hint(() -> soong.get("gizmos", 1, List.of("nothing_like_it")))).isNull();
	}

	@Test
	void errorWhenServerHasHintKeepsIt() {
		assertThat(hint(() -> soong.query("SELECT coler FROM gizmos")))
			.isEqualTo("Perhaps you meant to reference the column \"gizmos.color\".");
	}

	@Test
	void errorWhenInTransactionIsHintedAtFromWhatIsKnown() {
		SoongTemplate fresh = new SoongTemplate(new JdbcTemplate(dataSource));
		assertThat(hint(() -> fresh.inTransaction(() -> fresh.get("gizmo", 1)))).isNull();
		fresh.insert("gizmos", Map.of("tags", List.of("a")));
		assertThat(RoundTrips.count(() -> assertThat(hint(() -> fresh.inTransaction(() -> fresh.get("gizmo", 1))))
			.isEqualTo("Perhaps you meant \"gizmos\"."))).isEqualTo(2);
		fresh.insert("gizmos", Map.of("tags", List.of("a")));
		assertThat(hint(() -> fresh.inTransaction(() -> fresh.insert("gizmos", Map.of("colour_", 1)))))
			.isEqualTo("Perhaps you meant \"color\".");
	}

	@Test
	void errorWhenHintedAtKeepsExceptionStateAndPosition() {
		BadSqlGrammarException ex = catchThrowableOfType(BadSqlGrammarException.class, () -> soong.get("gizmo", 1));
		SQLException cause = ex.getSQLException();
		assertThat(cause.getSQLState()).isEqualTo("42P01");
		assertThat((Throwable) cause).hasMessageContainingAll("relation \"gizmo\" does not exist", "Perhaps");
		assertThat(((PSQLException) cause).getServerErrorMessage().getPosition()).isEqualTo(15);
		assertThat(ex.getSql()).isEqualTo("SELECT * FROM \"gizmo\" WHERE \"id\" = ?");
	}

	private static String hint(Runnable call) {
		DataAccessException ex = catchThrowableOfType(DataAccessException.class, call::run);
		return ((PSQLException) ex.getCause()).getServerErrorMessage().getHint();
	}

}
