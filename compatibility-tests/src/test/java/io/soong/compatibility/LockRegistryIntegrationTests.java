package io.soong.compatibility;

import java.util.concurrent.locks.Lock;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.integration.jdbc.lock.DefaultLockRepository;
import org.springframework.integration.jdbc.lock.JdbcLockRegistry;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Spring Integration's locks.
 */
@CompatibilityTest
class LockRegistryIntegrationTests {

	@Test
	void lockWhenTakenInTransactionKeepsOthersOut(@Autowired DefaultLockRepository repository,
			@Autowired PlatformTransactionManager transactions, @Autowired JdbcClient client) {
		Lock lock = new JdbcLockRegistry(repository).obtain("report");
		new TransactionTemplate(transactions).executeWithoutResult((status) -> {
			client.sql("SELECT 1").query(Integer.class).single();
			assertThat(lock.tryLock()).isTrue();
			status.setRollbackOnly();
		});
		assertThat(client.sql("SELECT count(*) FROM int_lock").query(Integer.class).single()).isOne();
		lock.unlock();
		assertThat(client.sql("SELECT count(*) FROM int_lock").query(Integer.class).single()).isZero();
	}

}
