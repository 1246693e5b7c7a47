package io.soong.sql;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.soong.SharedRds;
import io.soong.jdbc.SoongDataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tables that change under a warm function.
 */
@NullUnmarked
class ColumnTypesIntegrationTests {

	// The driver prepares a statement on the server at its fifth execution
	private static final int PAST_THRESHOLD = 7;

	private static SoongDataSource dataSource;

	private static SingleConnectionDataSource other;

	private final SoongTemplate soong = new SoongTemplate(new JdbcTemplate(dataSource));

	private final SoongTemplate migration = new SoongTemplate(new JdbcTemplate(other));

	@BeforeAll
	static void connect() {
		other = PostgresServer.connect("column_types_tests");
		new SoongTemplate(new JdbcTemplate(other)).execute("GRANT ALL ON SCHEMA column_types_tests TO jane_doe");
		dataSource = new SoongDataSource(SharedRds.settings().build(), SharedRds.iam());
	}

	@AfterAll
	static void close() {
		dataSource.close();
		other.destroy();
	}

	@BeforeEach
	void create() {
		this.migration.execute("CREATE TABLE things (id int, tags text[])");
		// What an earlier test left prepared
		this.soong.execute("DEALLOCATE ALL");
		this.migration.execute("GRANT ALL ON things TO jane_doe");
	}

	@AfterEach
	void drop() {
		this.migration.execute("DROP TABLE things");
	}

	@Test
	void insertAllWhenColumnChangesBeforeItIsCopiedStoresNothing() {
		List<Map<String, Object>> rows = new ArrayList<>(
				Collections.nCopies(1200, Map.of("id", 1, "tags", List.of("a"))));
		Stream<Map<String, Object>> changing = IntStream.range(0, rows.size()).mapToObj((i) -> {
			// After the columns were looked up, before the first row is sent
			if (i == 600) {
				this.migration.execute("ALTER TABLE things ALTER tags TYPE text USING 'x'");
			}
			return rows.get(i);
		});
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(
					() -> this.soong.inTransaction(() -> this.soong.insertAll("column_types_tests.things", changing)))
			.withMessageContaining("Nothing was stored");
		assertThat(this.migration.query("SELECT * FROM things")).isEmpty();
	}

	@Test
	void insertWhenColumnWasAddedReadsItsType() {
		insert("tags");
		this.migration.execute("ALTER TABLE things ADD data jsonb");
		insert("data");
		assertThat(this.soong.select("column_types_tests.things")
			.where("data", Condition.isNotNull())
			.optional()
			.orElseThrow()).containsEntry("data", List.of("a"));
	}

	@Test
	void insertWhenColumnWasAddedInTransactionReadsItsType() {
		SoongTemplate owner = this.migration;
		owner.inTransaction(() -> {
			owner.insert("things", Map.of("tags", List.of("a")));
			owner.execute("ALTER TABLE things ADD data jsonb");
			owner.insert("things", Map.of("data", List.of("a")));
		});
		assertThat(owner.select("things").where("data", Condition.eq(List.of("a"))).count()).isEqualTo(1);
	}

	@Test
	void insertWhenColumnChangedFromArrayToJsonOrTextIsNeverStoredAsText() {
		for (int i = 0; i < PAST_THRESHOLD; i++) {
			insert("tags");
		}
		this.migration.execute("ALTER TABLE things ALTER tags TYPE jsonb USING to_jsonb(tags)");
		insert("tags");
		assertThat(this.soong.select("column_types_tests.things").where("tags", Condition.eq(List.of("a"))).count())
			.isEqualTo(PAST_THRESHOLD + 1);
		this.migration.execute("ALTER TABLE things ALTER tags TYPE text[] USING '{}'");
		insert("tags");
		this.migration.execute("ALTER TABLE things ALTER tags TYPE text USING 'x'");
		assertThatIllegalArgumentException().isThrownBy(() -> insert("tags"))
			.withMessageContainingAll("column \"tags\"", "text");
		assertThatIllegalArgumentException().isThrownBy(
				() -> this.soong.insertAll("column_types_tests.things", List.of(Map.of("id", 1, "tags", List.of("a")))))
			.withMessageContainingAll("column \"tags\"", "text");
		assertThat(this.migration.query(String.class, "SELECT DISTINCT tags FROM things")).containsExactly("x");
	}

	@Test
	void insertWhenColumnChangedBeforeTransactionFailsOnceAndThenKnows() {
		for (int i = 0; i < PAST_THRESHOLD; i++) {
			insert("tags");
		}
		this.migration.execute("ALTER TABLE things ALTER tags TYPE jsonb USING to_jsonb(tags)");
		assertThatExceptionOfType(StatementErrors.ColumnsChangedException.class)
			.isThrownBy(() -> this.soong.inTransaction(() -> insert("tags")))
			.withMessageContainingAll("Nothing was stored", "run it again");
		this.soong.inTransaction(() -> insert("tags"));
	}

	@Test
	void insertWhenColumnBecameAnArrayOrJsonIsNotRefusedByWhatItWas() {
		insert("tags");
		this.migration.execute("ALTER TABLE things ALTER tags TYPE text USING 'x'");
		assertThatIllegalArgumentException().isThrownBy(() -> insert("tags"));
		this.migration.execute("ALTER TABLE things ALTER tags TYPE text[] USING '{}'");
		insert("tags");
		Map<String, Object> json = Map.of("tags", List.of(Map.of("a", 1)));
		assertThatIllegalArgumentException().isThrownBy(() -> this.soong.insert("column_types_tests.things", json));
		this.migration.execute("ALTER TABLE things ALTER tags TYPE jsonb[] USING '{}'");
		assertThat(this.soong.insert("column_types_tests.things", json)).isEqualTo(1);
		this.migration.execute("ALTER TABLE things ALTER tags TYPE jsonb USING '[]'");
		assertThat(this.soong.insertAll("column_types_tests.things", List.of(json, json))).isEqualTo(2);
	}

	@Test
	void insertWhenTypesAreKnownAsksForThemNoMore() {
		SingleConnectionDataSource counted = PostgresServer.connect("column_types_counted",
				Map.of("socketFactory", RoundTrips.class.getName()));
		SoongTemplate template = new SoongTemplate(new JdbcTemplate(counted));
		template.execute("CREATE TABLE things (tags text[])");
		Map<String, Object> values = Map.of("tags", List.of("a"));
		assertThat(RoundTrips.count(() -> template.insert("things", values))).isEqualTo(2);
		assertThat(RoundTrips.count(() -> template.insert("things", values))).isEqualTo(1);
		for (ThrowingCallable wrong : List.<ThrowingCallable>of(() -> template.query("SELECT nothing"),
				() -> template.query("SELECT 1 FROM missing"), () -> template.insert("things", Map.of("tags", "x")),
				() -> template.insert("things", Map.of("tags", 1)),
				() -> template.insert("things", Map.of("tag", 1)))) {
			assertThat(catchThrowableOfType(DataAccessException.class, wrong)).isNotNull();
		}
		// A wrong value or name says nothing about the types that are known
		assertThat(RoundTrips.count(() -> template.insert("things", values))).isEqualTo(1);
		counted.destroy();
	}

	@Test
	void insertWhenThereIsNoTableLeavesItToTheServer() {
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(DataAccessException.class)
				.isThrownBy(() -> this.soong.insert("nothing", Map.of("tags", List.of("a"))))
				.havingCause()
				.withMessageContaining("\"nothing\" does not exist");
		}
	}

	@Test
	void selectWhenTableChangedOutsideTransactionIsPreparedAnew() {
		warmUp();
		this.migration.execute("ALTER TABLE things ADD data jsonb");
		assertThat(this.soong.select("column_types_tests.things").list().get(0)).containsKey("data");
	}

	@Test
	void selectWhenTableChangedInsideTransactionFailsOnce() {
		warmUp();
		this.migration.execute("ALTER TABLE things ADD data jsonb");
		DataAccessException ex = catchThrowableOfType(DataAccessException.class,
				() -> this.soong.inTransaction(() -> this.soong.select("column_types_tests.things").list()));
		assertThat(ex).hasMessageContaining("cached plan must not change result type");
		assertThat(this.soong.inTransaction(() -> this.soong.select("column_types_tests.things").list()).get(0))
			.containsKey("data");
	}

	private void warmUp() {
		insert("tags");
		for (int i = 0; i < PAST_THRESHOLD; i++) {
			this.soong.select("column_types_tests.things").list();
		}
	}

	@Test
	void insertWhenTypesAreKnownButStatementIsStaleStores() {
		for (int i = 0; i < PAST_THRESHOLD; i++) {
			insert("tags");
		}
		this.migration.execute("ALTER TABLE things ALTER tags TYPE jsonb USING to_jsonb(tags)");
		// Another has to read the types
		SoongTemplate fresh = new SoongTemplate(new JdbcTemplate(dataSource));
		Map<String, Object> values = Map.of("id", 1, "tags", List.of("a"));
		assertThat(fresh.insert("column_types_tests.things", values)).isEqualTo(1);
	}

	private void insert(String column) {
		assertThat(this.soong.insert("column_types_tests.things", Map.of("id", 1, column, List.of("a")))).isEqualTo(1);
	}

}
