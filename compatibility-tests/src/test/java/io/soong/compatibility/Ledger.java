package io.soong.compatibility;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/**
 * Transactions by annotation.
 */
@Component
class Ledger {

	private final JdbcClient client;

	Ledger(JdbcClient client) {
		this.client = client;
	}

	@Transactional
	public void addAndFail(String name) {
		insert(name);
		throw new IllegalStateException("rolled back");
	}

	@Transactional(propagation = Propagation.REQUIRES_NEW)
	public void addForGood(String name) {
		insert(name);
	}

	public boolean contains(String name) {
		return this.client.sql("SELECT count(*) FROM gizmos WHERE name = ?").param(name).query(Long.class).single() > 0;
	}

	private void insert(String name) {
		this.client.sql("INSERT INTO gizmos (name) VALUES (?)").param(name).update();
	}

}
