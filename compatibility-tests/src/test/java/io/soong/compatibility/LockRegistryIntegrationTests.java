package io.soong.compatibility;

import java.util.concurrent.locks.Lock;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.integration.jdbc.lock.DefaultLockRepository;
import org.springframework.integration.jdbc.lock.JdbcLockRegistry;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Spring Integration's locks.
 */
class LockRegistryIntegrationTests {

	private static int held(JdbcClient client) {
		return client.sql("SELECT count(*) FROM int_lock").query(Integer.class).single();
	}

	@Nested
	@CompatibilityTest
	class WithOneConnection {

		@Test
		void lockIsHeldUntilUnlocked(@Autowired DefaultLockRepository repository, @Autowired JdbcClient client) {
			Lock lock = new JdbcLockRegistry(repository).obtain("report");
			assertThat(lock.tryLock()).isTrue();
			assertThat(held(client)).isOne();
			lock.unlock();
			assertThat(held(client)).isZero();
		}

		@Test
		void lockWhenTakenInTransactionSaysWhatItNeeds(@Autowired DefaultLockRepository repository,
				@Autowired TransactionOperations transactions, @Autowired JdbcClient client) {
			Lock lock = new JdbcLockRegistry(repository).obtain("in a transaction");
			assertThatException().isThrownBy(() -> transactions.executeWithoutResult((status) -> {
				held(client);
				lock.tryLock();
			})).withStackTraceContaining("soong.connection.max");
		}

	}

	@Nested
	@TwoConnections
	class WithTwoConnections {

		@Test
		void lockWhenTakenInTransactionKeepsOthersOut(@Autowired DefaultLockRepository repository,
				@Autowired TransactionOperations transactions, @Autowired JdbcClient client) {
			Lock lock = new JdbcLockRegistry(repository).obtain("report");
			transactions.executeWithoutResult((status) -> {
				held(client);
				assertThat(lock.tryLock()).isTrue();
				status.setRollbackOnly();
			});
			assertThat(held(client)).isOne();
			lock.unlock();
			assertThat(held(client)).isZero();
		}

	}

}
