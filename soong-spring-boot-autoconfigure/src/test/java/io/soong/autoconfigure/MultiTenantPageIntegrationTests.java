package io.soong.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

import io.soong.auth.DatabaseCredentials;
import io.soong.jdbc.ConnectionSettings;
import io.soong.jdbc.SoongDataSource;
import io.soong.sql.Row;
import io.soong.sql.SoongTemplate;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.core.io.FileSystemResource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Runs what the page about tenants shows, by a role as a function has it.
 */
@Timeout(120)
class MultiTenantPageIntegrationTests {

	private static final String PASSWORD = "s3cret-of-jane";

	/** More often than the driver sends a statement before the server prepares it. */
	private static final int OFTEN = 12;

	private static List<String> blocks;

	private static RdsLookalike rds;

	private static SoongDataSource dataSource;

	private static SoongTemplate soong;

	@BeforeAll
	static void start() throws IOException, SQLException {
		blocks = Page.read("multi-tenant.md").blocks("sql");
		rds = RdsLookalike.builder().iamUser("other").passwordUser("jane_doe", PASSWORD).start();
		for (String block : blocks) {
			rds.execute(block);
		}
		rds.execute("GRANT SELECT, INSERT ON invoices TO jane_doe");
		rds.execute("INSERT INTO invoices (tenant, amount) VALUES ('acme', 10), ('umbrella', 20)");
		for (String tenant : List.of("acme", "umbrella")) {
			rds.execute("CREATE SCHEMA " + tenant + "; GRANT USAGE ON SCHEMA " + tenant + " TO jane_doe; CREATE TABLE "
					+ tenant + ".orders (name text); INSERT INTO " + tenant + ".orders VALUES ('of " + tenant
					+ "'); GRANT SELECT ON " + tenant + ".orders TO jane_doe");
		}
		dataSource = new SoongDataSource(ConnectionSettings.builder(rds.endpoint())
			.hostaddr(rds.address())
			.port(rds.port())
			.dbname(rds.database())
			.user("jane_doe")
			.rootCert(new FileSystemResource(rds.caCertificate()))
			.build(), (endpoint) -> new DatabaseCredentials("jane_doe", PASSWORD));
		soong = new SoongTemplate(new JdbcTemplate(dataSource), new JdbcTransactionManager(dataSource));
	}

	@AfterAll
	static void stop() throws SQLException {
		dataSource.close();
		rds.close();
	}

	@Test
	void tablesOnThePageAreThoseOfItsTest() throws IOException {
		assertThat(blocks).first()
			.isEqualTo(Files.readString(Path.of("..", "slice-tests", "src", "test", "resources", "invoices.sql")));
	}

	@Test
	void tenantSeesItsRowsAndTheNextTransactionNone() {
		for (int i = 0; i < OFTEN; i++) {
			assertThat(invoices("acme")).singleElement()
				.satisfies((invoice) -> assertThat(invoice).containsEntry("tenant", "acme"));
			assertThat(soong.select("invoices").count()).isZero();
			assertThat(invoices("umbrella")).singleElement()
				.satisfies((invoice) -> assertThat(invoice).containsEntry("tenant", "umbrella"));
		}
		assertThat(rds.logins()).hasSize(1);
	}

	@Test
	void schemaOfATenantIsThatOfEachTransaction() {
		for (int i = 0; i < OFTEN; i++) {
			for (String tenant : List.of("acme", "umbrella")) {
				assertThat(orders(tenant)).singleElement()
					.satisfies((order) -> assertThat(order).containsEntry("name", "of " + tenant));
			}
		}
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> soong.select("orders").list());
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> orders("initech"));
	}

	@Test
	void roleOfATenantIsThatOfEachTransaction() {
		assertThat(reports("acme")).singleElement()
			.satisfies((report) -> assertThat(report).containsEntry("title", "acme's"));
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> soong.select("reports").list())
			.withMessageContaining("permission denied");
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> reports("umbrella"));
	}

	private static List<Row> invoices(String tenant) {
		List<Row> invoices = soong.inTransaction(() -> {
			soong.setLocal("app.tenant", tenant);
			return soong.select("invoices").list();
		});
		return invoices;
	}

	private static List<Row> orders(String tenant) {
		List<Row> orders = soong.inTransaction(() -> {
			soong.setLocal("search_path", tenant);
			return soong.select("orders").list();
		});
		return orders;
	}

	private static List<Row> reports(String tenant) {
		List<Row> reports = soong.inTransaction(() -> {
			soong.setLocal("role", "tenant_" + tenant);
			return soong.select("reports").list();
		});
		return reports;
	}

}
