package io.soong.compatibility;

import java.time.Duration;
import java.time.Instant;

import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.core.SimpleLock;
import net.javacrumbs.shedlock.provider.jdbctemplate.JdbcTemplateLockProvider;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * ShedLock, with its provider for JdbcTemplate.
 */
@CompatibilityTest
class ShedLockIntegrationTests {

	@Test
	void lockWhenTakenInTransactionIsHeldUntilUnlocked(@Autowired JdbcTemplate template,
			@Autowired PlatformTransactionManager transactions) {
		LockProvider provider = new JdbcTemplateLockProvider(JdbcTemplateLockProvider.Configuration.builder()
			.withJdbcTemplate(template)
			.withTransactionManager(transactions)
			.usingDbTime()
			.build());
		LockConfiguration configuration = new LockConfiguration(Instant.now(), "report", Duration.ofMinutes(10),
				Duration.ZERO);
		SimpleLock lock = new TransactionTemplate(transactions).execute((status) -> {
			template.queryForObject("SELECT 1", Integer.class);
			status.setRollbackOnly();
			return provider.lock(configuration).orElseThrow();
		});
		assertThat(lock).isNotNull();
		assertThat(provider.lock(configuration)).isEmpty();
		lock.unlock();
		assertThat(provider.lock(configuration)).isPresent();
	}

}
