package io.soong.compatibility;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Spring's transactions, one within another.
 */
@CompatibilityTest
class TransactionIntegrationTests {

	@Autowired
	private JdbcClient client;

	@Autowired
	private PlatformTransactionManager transactions;

	@Test
	void innerTransactionWhenOuterIsRolledBackIsKept() {
		TransactionTemplate outer = new TransactionTemplate(this.transactions);
		TransactionTemplate inner = new TransactionTemplate(this.transactions);
		inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		outer.executeWithoutResult((status) -> {
			insert("outer");
			inner.executeWithoutResult((innerStatus) -> insert("inner"));
			status.setRollbackOnly();
		});
		assertThat(
				this.client.sql("SELECT name FROM gizmos WHERE name IN ('outer', 'inner')").query(String.class).list())
			.containsExactly("inner");
	}

	private void insert(String name) {
		this.client.sql("INSERT INTO gizmos (name) VALUES (?)").param(name).update();
	}

}
