package io.soong.slices;

import java.util.Map;

import io.soong.sql.SoongTemplate;
import io.soong.test.SoongTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessException;
import org.springframework.test.context.jdbc.Sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@SoongTest
@Sql("/invoices.sql")
class InvoicesIntegrationTests {

	@Autowired
	private SoongTemplate soong;

	@Test
	void tenantSeesItsOwnInvoices() {
		this.soong.setLocal("app.tenant", "umbrella");
		this.soong.insert("invoices", Map.of("amount", 20));
		this.soong.setLocal("app.tenant", "acme");
		this.soong.insert("invoices", Map.of("amount", 10));
		assertThat(this.soong.select("invoices").columns("amount").list(Integer.class)).containsExactly(10);
	}

	@Test
	void forgottenTenantSeesNothing() {
		this.soong.setLocal("app.tenant", "acme");
		this.soong.insert("invoices", Map.of("amount", 10));
		// What the end of a transaction leaves behind
		this.soong.setLocal("app.tenant", "");
		assertThat(this.soong.select("invoices").count()).isZero();
	}

	@Test
	void invoiceOfAnotherTenantIsRefused() {
		this.soong.setLocal("app.tenant", "acme");
		assertThatExceptionOfType(DataAccessException.class)
			.isThrownBy(() -> this.soong.insert("invoices", Map.of("tenant", "umbrella", "amount", 10)))
			.withMessageContaining("row-level security");
	}

	@Test
	void everyTableWithATenantHasAPolicy() {
		assertThat(this.soong.query(String.class, """
				SELECT c.relname
				FROM pg_class c
				JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant'
				WHERE c.relkind IN ('r', 'p') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
				""")).isEmpty();
	}

}
