package io.soong.compatibility;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * MyBatis, with its starter.
 */
@CompatibilityTest
class MyBatisIntegrationTests {

	@Autowired
	private GizmoMapper gizmos;

	@Test
	void mapperReadsWhatItWrote() {
		assertThat(this.gizmos.insert("of MyBatis")).isOne();
		assertThat(this.gizmos.named("of MyBatis")).containsExactly("of MyBatis");
	}

	@Test
	void mapperWhenTransactionIsRolledBackHasWrittenNothing(@Autowired PlatformTransactionManager transactions) {
		new TransactionTemplate(transactions).executeWithoutResult((status) -> {
			this.gizmos.insert("rolled back");
			assertThat(this.gizmos.named("rolled back")).hasSize(1);
			status.setRollbackOnly();
		});
		assertThat(this.gizmos.named("rolled back")).isEmpty();
	}

}
