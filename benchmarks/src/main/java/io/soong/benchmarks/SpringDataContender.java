package io.soong.benchmarks;

import java.sql.Connection;
import java.util.List;
import java.util.Objects;

import javax.sql.DataSource;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.jdbc.core.JdbcAggregateOperations;
import org.springframework.data.jdbc.repository.config.AbstractJdbcConfiguration;
import org.springframework.data.relational.core.query.Criteria;
import org.springframework.data.relational.core.query.Query;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcOperations;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Spring Data JDBC, by the template that its repositories call.
 */
final class SpringDataContender implements Contender {

	private final SingleConnectionDataSource dataSource;

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	private final JdbcAggregateOperations aggregates;

	private final TransactionTemplate transaction;

	SpringDataContender(Connection connection) {
		this.dataSource = Database.always(connection);
		this.context.registerBean(DataSource.class, () -> this.dataSource);
		this.context.register(JdbcConfiguration.class);
		this.context.refresh();
		this.aggregates = this.context.getBean(JdbcAggregateOperations.class);
		this.transaction = new TransactionTemplate(this.context.getBean(PlatformTransactionManager.class));
	}

	@Override
	public Gizmo get(int id) {
		return Objects.requireNonNull(this.aggregates.findById(id, Gizmo.class));
	}

	@Override
	public List<Gizmo> select(int quantity) {
		return this.aggregates.findAll(Query.query(Criteria.where("quantity").is(quantity)), Gizmo.class);
	}

	@Override
	public List<Gizmo> all() {
		return this.aggregates.findAll(Gizmo.class);
	}

	@Override
	public int insert(NewGizmo gizmo) {
		return Objects.requireNonNull(this.aggregates.insert(gizmo).id());
	}

	@Override
	public void update(Repainting repainting) {
		this.aggregates.update(repainting);
	}

	@Override
	public void insertAll(List<ImportedGizmo> gizmos) {
		this.transaction.executeWithoutResult((status) -> this.aggregates.insertAll(gizmos));
	}

	@Override
	public void close() {
		this.context.close();
		this.dataSource.destroy();
	}

	/**
	 * What Spring Boot would configure.
	 */
	@Configuration(proxyBeanMethods = false)
	static class JdbcConfiguration extends AbstractJdbcConfiguration {

		@Bean
		NamedParameterJdbcOperations jdbcOperations(DataSource dataSource) {
			return new NamedParameterJdbcTemplate(dataSource);
		}

		@Bean
		PlatformTransactionManager transactionManager(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

	}

}
