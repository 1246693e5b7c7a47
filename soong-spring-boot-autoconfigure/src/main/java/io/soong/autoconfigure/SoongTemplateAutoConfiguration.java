package io.soong.autoconfigure;

import io.soong.sql.SoongTemplate;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Auto-configuration of the {@link SoongTemplate}, over whatever {@link JdbcTemplate}
 * there is.
 */
@AutoConfiguration(after = { JdbcTemplateAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class },
		afterName = "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration")
@ConditionalOnClass({ JdbcTemplate.class, JdbcTemplateAutoConfiguration.class })
@ConditionalOnBooleanProperty(name = "soong.enabled", matchIfMissing = true)
public final class SoongTemplateAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnSingleCandidate(JdbcTemplate.class)
	SoongTemplate soongTemplate(JdbcTemplate jdbcTemplate,
			ObjectProvider<PlatformTransactionManager> transactionManager) {
		PlatformTransactionManager unique = transactionManager.getIfUnique();
		return (unique != null) ? new SoongTemplate(jdbcTemplate, unique) : new SoongTemplate(jdbcTemplate);
	}

}
