package io.soong.reliability;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.soong.jdbc.ConnectionSettings;
import io.soong.jdbc.Invocation;
import io.soong.jdbc.SettableClock;
import io.soong.jdbc.SoongDataSource;
import io.soong.sql.SoongTemplate;
import io.soong.test.RdsLookalike;
import io.soong.test.RdsProxyLookalike;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.core.io.FileSystemResource;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Behind a proxy that gives every transaction another session of the server, and keeps a
 * session for the client that leaves state in it.
 */
class RdsProxyIntegrationTests {

	private static RdsLookalike rds;

	private static RdsProxyLookalike proxy;

	private final SettableClock clock = new SettableClock();

	private int pinsBefore;

	@BeforeAll
	static void start() throws SQLException {
		rds = RdsLookalike.builder().iamUser("jane_doe").start();
		rds.execute("CREATE TABLE gizmos (id int PRIMARY KEY, name text); GRANT ALL ON gizmos TO jane_doe");
		proxy = RdsProxyLookalike.start(rds);
	}

	@AfterAll
	static void stop() {
		proxy.close();
		rds.close();
	}

	@BeforeEach
	void countPins() throws SQLException {
		this.pinsBefore = proxy.pins().size();
		rds.execute("TRUNCATE gizmos");
	}

	@Test
	void everydayCallsWorkAndPinNothing() throws SQLException {
		try (SoongDataSource dataSource = dataSource()) {
			SoongTemplate soong = template(dataSource);
			for (int id = 0; id < 10; id++) {
				soong.insert("gizmos", Map.of("id", id, "name", "gizmo"));
				assertThat(soong.get("gizmos", id)).isPresent();
			}
			soong.insertAll("gizmos",
					IntStream.range(10, 500).mapToObj((id) -> Map.of("id", id, "name", "gizmo")).toList());
			soong.upsertAll("gizmos", List.of(Map.of("id", 1, "name", "other")), "id");
			soong.upsertAll("gizmos",
					IntStream.range(0, 2000).mapToObj((id) -> Map.of("id", id % 2000 + 1000, "name", "gizmo")), "id");
			soong.execute("DELETE FROM gizmos WHERE id >= 1000");
			soong.inTransaction(() -> {
				soong.update("gizmos", 2, Map.of("name", "other"));
				soong.select("gizmos").where("id", 2).forUpdate().list();
				assertThatExceptionOfType(DuplicateKeyException.class)
					.isThrownBy(() -> soong.inNestedTransaction(() -> soong.insert("gizmos", Map.of("id", 3))));
				soong.update("gizmos", 3, Map.of("name", "after a savepoint"));
			});
			try (Stream<Integer> ids = soong.stream(Integer.class, "SELECT id FROM gizmos")) {
				assertThat(ids.count()).isEqualTo(500);
			}
			this.clock.advance(Duration.ofMinutes(5));
			assertThat(soong.delete("gizmos", 1)).isEqualTo(1);
			assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> soong.query("SELECT nonsense"));
			assertThat(soong.select("gizmos").count()).isEqualTo(499);
		}
		assertThat(pins()).isEmpty();
	}

	@Test
	void deadlineCutsWithoutARequestToCancel() throws SQLException {
		try (SoongDataSource dataSource = dataSource()) {
			Invocation invocation = Invocation.open("an-event", Duration.ofSeconds(3));
			try (Connection connection = dataSource.getConnection();
					Statement statement = connection.createStatement()) {
				assertThatExceptionOfType(SQLException.class)
					.isThrownBy(() -> statement.executeQuery("SELECT pg_sleep(60)"))
					.withMessageContaining("deadline");
			}
			finally {
				invocation.close();
			}
			new SoongTemplate(new JdbcTemplate(dataSource)).insert("gizmos", Map.of("id", 1));
		}
		assertThat(proxy.cancelRequests()).isZero();
		assertThat(pins()).isEmpty();
	}

	@Test
	void tenantOfATransactionIsSeenByNobodyElse() throws SQLException {
		try (SoongDataSource dataSource = dataSource(); SoongDataSource otherDataSource = dataSource()) {
			SoongTemplate soong = template(dataSource);
			SoongTemplate other = template(otherDataSource);
			String query = "SELECT current_setting('app.tenant', true)";
			Invocation invocation = Invocation.open("an-event", Duration.ofMinutes(1));
			try {
				soong.inTransaction(() -> {
					soong.setLocal("app.tenant", "acme");
					assertThat(soong.queryOne(String.class, query)).hasValue("acme");
					assertThat(other.queryOne(String.class, query).orElse("")).isEmpty();
				});
			}
			finally {
				invocation.close();
			}
			invocation = Invocation.open("another-event", Duration.ofMinutes(1));
			try {
				for (SoongTemplate template : List.of(soong, other)) {
					assertThat(template.queryOne(String.class, query).orElse("")).isEmpty();
					template
						.inTransaction(() -> assertThat(template.queryOne(String.class, query).orElse("")).isEmpty());
				}
			}
			finally {
				invocation.close();
			}
		}
		assertThat(pins()).as("the price of a setting").singleElement().asString().contains("set_config");
	}

	private List<String> pins() {
		return proxy.pins().subList(this.pinsBefore, proxy.pins().size());
	}

	private static SoongTemplate template(SoongDataSource dataSource) {
		return new SoongTemplate(new JdbcTemplate(dataSource), new DataSourceTransactionManager(dataSource));
	}

	private SoongDataSource dataSource() {
		ConnectionSettings settings = ConnectionSettings.builder(proxy.endpoint())
			.hostaddr(proxy.address())
			.port(proxy.port())
			.dbname(rds.database())
			.user("jane_doe")
			.rootCert(new FileSystemResource(rds.caCertificate()))
			.build();
		return new SoongDataSource(settings, Environment.iam(rds), this.clock);
	}

}
