package io.soong.sql;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.soong.SharedRds;
import io.soong.jdbc.SoongDataSource;
import io.soong.test.RdsLookalike;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.dao.TypeMismatchDataAccessException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionTimedOutException;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.entry;

/**
 * Rows fetched some at a time.
 */
@NullUnmarked
class StreamIntegrationTests {

	private static final String SERIES = "SELECT i AS id, 'gizmo ' || i AS name FROM generate_series(1, ?) AS i ORDER BY i";

	private static final String CURSORS = "SELECT count(*)::int FROM pg_cursors WHERE name <> ''";

	private static SoongDataSource dataSource;

	private static SoongTemplate soong;

	@BeforeAll
	static void connect() {
		dataSource = new SoongDataSource(SharedRds.settings().build(), SharedRds.iam());
		soong = new SoongTemplate(new JdbcTemplate(dataSource));
		SingleConnectionDataSource owner = PostgresServer.connect("stream_tests");
		SoongTemplate migration = new SoongTemplate(new JdbcTemplate(owner));
		migration.execute("CREATE TABLE gizmos (id int, name text)");
		migration.execute("INSERT INTO gizmos SELECT i, 'gizmo ' || i FROM generate_series(1, 2500) AS i");
		migration.execute("GRANT USAGE ON SCHEMA stream_tests TO jane_doe");
		migration.execute("GRANT ALL ON gizmos TO jane_doe");
		owner.destroy();
	}

	@AfterAll
	static void close() {
		dataSource.close();
	}

	@Test
	void streamWhenReadToTheEndGivesAllAndReleasesTheConnection() {
		Stream<Gizmo> gizmos = soong.stream(Gizmo.class, SERIES, 2500);
		// AssertJ would close the stream
		List<Integer> ids = gizmos.map(Gizmo::id).toList();
		assertThat(ids).containsExactlyElementsOf(IntStream.rangeClosed(1, 2500).boxed().toList());
		assertThat(readOnlyOfAnotherThread()).containsExactly("off");
		gizmos.close();
	}

	@Test
	void streamWhenClosedEarlyReleasesTheConnection() {
		try (Stream<Gizmo> gizmos = soong.stream(Gizmo.class, SERIES, 1_000_000)) {
			assertThat(gizmos.iterator().next().id()).isOne();
		}
		assertThat(readOnlyOfAnotherThread()).containsExactly("off");
	}

	/**
	 * Asks on another thread, which has to wait for the connection of a stream that holds
	 * it.
	 */
	private static List<String> readOnlyOfAnotherThread() {
		return CompletableFuture
			.supplyAsync(() -> soong.inTransaction(() -> soong.query(String.class, "SHOW transaction_read_only")))
			.join();
	}

	@Test
	void streamWhenClosedInTheTransactionOfItsCallerLeavesNoCursor() {
		soong.inTransaction(() -> {
			try (Stream<Gizmo> gizmos = soong.stream(Gizmo.class, SERIES, 2500)) {
				assertThat(gizmos.iterator().next().id()).isOne();
				assertThat(soong.query(Integer.class, CURSORS)).containsExactly(1);
			}
			assertThat(soong.query(Integer.class, CURSORS)).containsExactly(0);
		});
	}

	@Test
	void streamWhenInTransactionEndsAtItsTimeout() {
		JdbcTransactionManager transactions = new JdbcTransactionManager(dataSource);
		TransactionTemplate transaction = new TransactionTemplate(transactions);
		transaction.setTimeout(60);
		assertThatExceptionOfType(TransactionTimedOutException.class)
			.isThrownBy(() -> transaction.executeWithoutResult((status) -> {
				ConnectionHolder holder = (ConnectionHolder) TransactionSynchronizationManager.getResource(dataSource);
				holder.setTimeoutInMillis(-1);
				soong.stream(Integer.class, "SELECT 1").close();
			}));
		assertThat(readOnlyOfAnotherThread()).containsExactly("off");
	}

	@Test
	void reasonWithoutAStreamIsThatOfTheDataSource() throws SQLException {
		try (Connection held = dataSource.getConnection()) {
			held.setAutoCommit(false);
			assertThatExceptionOfType(CannotGetJdbcConnectionException.class).isThrownBy(() -> soong.query("SELECT 1"))
				.withMessageContaining("soong.connection.max")
				.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("stream"));
		}
	}

	@Test
	void streamWhenOpenRefusesOtherCallsOfTheThread() {
		try (Stream<Integer> ids = soong.stream(Integer.class, "SELECT generate_series(1, 5)")) {
			for (ThrowingCallable call : List.<ThrowingCallable>of(() -> soong.query("SELECT 1"),
					() -> soong.stream(Integer.class, "SELECT 1"))) {
				assertThatExceptionOfType(CannotGetJdbcConnectionException.class).isThrownBy(call)
					.withMessageContainingAll("stream", "inTransaction", "soong.connection.max");
			}
			assertThatExceptionOfType(CannotCreateTransactionException.class)
				.isThrownBy(() -> soong.inTransaction(() -> soong.query("SELECT 1")))
				.withMessageContainingAll("stream", "inTransaction", "soong.connection.max");
			assertThat(ids).hasSize(5);
		}
		soong.query("SELECT 1");
	}

	@Test
	void streamWhenInTransactionReadsInIt() {
		soong.inTransaction(() -> {
			soong.insert("stream_tests.gizmos", Map.of("id", 0, "name", "new"));
			try (Stream<Gizmo> gizmos = soong.select("stream_tests.gizmos").orderBy("id").stream(Gizmo.class)) {
				List<Gizmo> first = new ArrayList<>();
				gizmos.limit(2).forEach((gizmo) -> {
					first.add(gizmo);
					assertThat(soong.get("stream_tests.gizmos", gizmo.id(), Gizmo.class)).contains(gizmo);
				});
				assertThat(first.get(0)).isEqualTo(new Gizmo(0, "new"));
			}
			assertThat(soong.delete("stream_tests.gizmos", 0)).isEqualTo(1);
		});
		assertThat(soong.select("stream_tests.gizmos").count()).isEqualTo(2500);
	}

	@Test
	void streamWhenOfSelectGivesRowsRecordsAndNulls() {
		Select select = soong.select("stream_tests.gizmos").where("id", 7);
		try (Stream<Row> rows = select.stream()) {
			assertThat(rows.findFirst().orElseThrow()).containsExactly(entry("id", 7), entry("name", "gizmo 7"));
		}
		try (Stream<String> names = soong.stream(String.class, "SELECT :a::text",
				Collections.singletonMap("a", null))) {
			assertThat(names).containsExactly((String) null);
		}
	}

	@Test
	void streamWhenStatementWritesIsRefusedByTheServer() {
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> soong.stream(Integer.class, "DELETE FROM stream_tests.gizmos RETURNING id"))
			.withStackTraceContaining("read-only transaction");
		assertThatExceptionOfType(InvalidDataAccessApiUsageException.class)
			.isThrownBy(() -> soong.stream(Integer.class, "SET search_path = public"));
		assertThat(soong.select("stream_tests.gizmos").exists()).isTrue();
	}

	@Test
	void streamWhenFetchFailsTranslatesAndReleases() {
		Stream<Integer> quotients = soong.stream(Integer.class,
				"SELECT 1 / (1500 - i) FROM generate_series(1, 2000) AS i");
		assertThatExceptionOfType(DataIntegrityViolationException.class).isThrownBy(() -> quotients.toList())
			.withMessageContaining("22012");
		assertThat(soong.query(Integer.class, "SELECT 1")).containsExactly(1);
		Stream<Integer> numbers = soong.stream(Integer.class, "SELECT 'x'");
		assertThatExceptionOfType(TypeMismatchDataAccessException.class).isThrownBy(() -> numbers.toList());
		assertThat(soong.query(Integer.class, "SELECT 1")).containsExactly(1);
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> soong.stream(Integer.class, "SELECT nothing"));
		assertThatIllegalArgumentException().isThrownBy(() -> soong.stream(Integer.class, "SELECT ?"));
		assertThat(soong.query(Integer.class, "SELECT 1")).containsExactly(1);
	}

	@Test
	void streamWhenRowsAreAMillionFitsInSmallHeap() throws IOException, InterruptedException {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx64m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp",
				System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
				Program.class.getName(), url())
			.inheritIO()
			.start();
		assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
		assertThat(process.exitValue()).isZero();
	}

	@Test
	void forUpdateWhenOutsideTransactionIsRefused() {
		Select select = soong.select("stream_tests.gizmos").forUpdate();
		for (ThrowingCallable call : List.<ThrowingCallable>of(select::list, select::first, select::optional,
				select::stream, () -> select.skipLocked().list(Gizmo.class))) {
			assertThat(catchThrowable(call)).isInstanceOf(IllegalStateException.class)
				.hasMessageContaining("inTransaction");
		}
	}

	@Test
	void skipLockedWhenAnotherHoldsTheRowTakesTheNext() {
		DriverManagerDataSource others = new DriverManagerDataSource(url());
		SoongTemplate other = new SoongTemplate(new JdbcTemplate(others));
		Select next = soong.select("stream_tests.gizmos").columns("id").orderBy("id").limit(1).forUpdate().skipLocked();
		soong.inTransaction(() -> {
			assertThat(next.list(Integer.class)).containsExactly(1);
			other.inTransaction(() -> {
				other.execute("SET LOCAL lock_timeout = '50ms'");
				Select theirs = other.select("stream_tests.gizmos").columns("id").orderBy("id").limit(1).forUpdate();
				assertThat(theirs.skipLocked().list(Integer.class)).containsExactly(2);
				assertThatExceptionOfType(DataAccessException.class)
					.isThrownBy(() -> other.inNestedTransaction(() -> theirs.list(Integer.class)))
					.withStackTraceContaining("lock timeout");
			});
		});
	}

	private static String url() {
		RdsLookalike rds = SharedRds.rds();
		return "jdbc:postgresql://" + rds.address() + ":" + rds.port() + "/" + rds.database()
				+ "?sslmode=require&user=bob&password=" + SharedRds.PASSWORD;
	}

	record Gizmo(int id, String name) {

	}

	/**
	 * Reads a million rows.
	 */
	static final class Program {

		private Program() {
		}

		public static void main(String[] args) {
			SoongTemplate template = new SoongTemplate(new JdbcTemplate(new DriverManagerDataSource(args[0])));
			try (Stream<Gizmo> gizmos = template.stream(Gizmo.class, SERIES, 1_000_000)) {
				System.exit((gizmos.mapToLong(Gizmo::id).sum() == 500_000_500_000L) ? 0 : 1);
			}
		}

	}

}
