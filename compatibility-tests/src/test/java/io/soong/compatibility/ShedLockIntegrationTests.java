package io.soong.compatibility;

import java.time.Duration;
import java.time.Instant;

import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.core.SimpleLock;
import net.javacrumbs.shedlock.provider.jdbctemplate.JdbcTemplateLockProvider;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * ShedLock, with its provider for JdbcTemplate.
 */
class ShedLockIntegrationTests {

	private static LockProvider provider(JdbcTemplate template, PlatformTransactionManager transactions) {
		return new JdbcTemplateLockProvider(JdbcTemplateLockProvider.Configuration.builder()
			.withJdbcTemplate(template)
			.withTransactionManager(transactions)
			.usingDbTime()
			.build());
	}

	private static LockConfiguration named(String name) {
		return new LockConfiguration(Instant.now(), name, Duration.ofMinutes(10), Duration.ZERO);
	}

	@Nested
	@CompatibilityTest
	class WithOneConnection {

		@Test
		void lockIsHeldUntilUnlocked(@Autowired JdbcTemplate template,
				@Autowired PlatformTransactionManager transactions) {
			LockProvider provider = provider(template, transactions);
			SimpleLock lock = provider.lock(named("report")).orElseThrow();
			assertThat(provider.lock(named("report"))).isEmpty();
			lock.unlock();
			assertThat(provider.lock(named("report"))).isPresent();
		}

		@Test
		void lockWhenTakenInTransactionSaysWhatItNeeds(@Autowired JdbcTemplate template,
				@Autowired PlatformTransactionManager transactions) {
			LockProvider provider = provider(template, transactions);
			assertThatException()
				.isThrownBy(() -> new TransactionTemplate(transactions).executeWithoutResult((status) -> {
					template.queryForObject("SELECT 1", Integer.class);
					provider.lock(named("in a transaction"));
				}))
				.withStackTraceContaining("soong.connection.max");
		}

	}

	@Nested
	@TwoConnections
	class WithTwoConnections {

		@Test
		void lockWhenTakenInTransactionIsHeldAfterItsRollback(@Autowired JdbcTemplate template,
				@Autowired PlatformTransactionManager transactions) {
			LockProvider provider = provider(template, transactions);
			new TransactionTemplate(transactions).executeWithoutResult((status) -> {
				template.queryForObject("SELECT 1", Integer.class);
				status.setRollbackOnly();
				assertThat(provider.lock(named("report"))).isPresent();
			});
			assertThat(provider.lock(named("report"))).isEmpty();
		}

	}

}
