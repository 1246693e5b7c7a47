package io.soong.autoconfigure;

import java.util.Set;

import io.soong.sql.SoongTemplate;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Explains why there is no data source if {@code spring.datasource.url} leaves it to
 * Spring Boot, which needs a connection pool that the starter does not include. Comes
 * before Spring Boot's own analyzer, which only reports the missing bean.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class DataSourceLeftToBootFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchBeanDefinitionException> {

	private static final Set<String> CONCERNED = Set.of(SoongTemplate.class.getName(), "javax.sql.DataSource",
			"org.springframework.jdbc.core.JdbcTemplate", "org.springframework.jdbc.core.simple.JdbcClient");

	private final Environment environment;

	DataSourceLeftToBootFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause) {
		Class<?> type = cause.getBeanType();
		if (type == null || !CONCERNED.contains(type.getName()) || isSet("soong.host")
				|| !isSet("spring.datasource.url")) {
			return null;
		}
		return new FailureAnalysis(
				"There is no " + type.getSimpleName() + ": spring.datasource.url is set and soong.host (PG_HOST) is "
						+ "not, which leaves the data source to Spring Boot, and Spring Boot found no connection pool.",
				"To use Soong's data source, set soong.host or PG_HOST, or remove spring.datasource.url. To use Spring "
						+ "Boot's, add a pool (com.zaxxer:HikariCP).",
				cause);
	}

	private boolean isSet(String property) {
		return StringUtils.hasText(this.environment.getProperty(property));
	}

}
