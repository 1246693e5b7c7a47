package io.soong.compatibility;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Spring Session's repository, with transactions as {@code @EnableJdbcHttpSession} sets
 * them.
 */
class SessionIntegrationTests {

	private static FindByIndexNameSessionRepository<?> sessions(JdbcTemplate template,
			PlatformTransactionManager transactions) {
		TransactionTemplate own = new TransactionTemplate(transactions);
		own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		return new JdbcIndexedSessionRepository(template, own);
	}

	private static <S extends Session> String save(FindByIndexNameSessionRepository<S> sessions) {
		S session = sessions.createSession();
		session.setAttribute("gizmo", "Flux");
		session.setAttribute(FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME, "jane_doe");
		sessions.save(session);
		return session.getId();
	}

	@Nested
	@CompatibilityTest
	class WithOneConnection {

		private final FindByIndexNameSessionRepository<?> sessions;

		private final JdbcTemplate template;

		WithOneConnection(@Autowired JdbcTemplate template, @Autowired PlatformTransactionManager transactions) {
			this.sessions = sessions(template, transactions);
			this.template = template;
		}

		@Test
		void sessionIsSavedFoundAndDeleted() {
			String id = save(this.sessions);
			Session found = this.sessions.findById(id);
			assertThat(found).isNotNull();
			assertThat(found.<String>getAttribute("gizmo")).isEqualTo("Flux");
			assertThat(this.sessions.findByPrincipalName("jane_doe")).containsKey(id);
			this.sessions.deleteById(id);
			assertThat(this.sessions.findById(id)).isNull();
		}

		@Test
		void sessionWhenSavedInTransactionSaysWhatItNeeds(@Autowired TransactionOperations transactions) {
			assertThatException().isThrownBy(() -> transactions.executeWithoutResult((status) -> {
				this.template.queryForObject("SELECT 1", Integer.class);
				save(this.sessions);
			})).withStackTraceContaining("soong.connection.max");
		}

	}

	@Nested
	@TwoConnections
	class WithTwoConnections {

		@Test
		void sessionWhenSavedInTransactionIsFoundAfterItsRollback(@Autowired JdbcTemplate template,
				@Autowired PlatformTransactionManager transactions) {
			FindByIndexNameSessionRepository<?> sessions = sessions(template, transactions);
			String id = new TransactionTemplate(transactions).execute((status) -> {
				template.queryForObject("SELECT 1", Integer.class);
				status.setRollbackOnly();
				return save(sessions);
			});
			assertThat(id).isNotNull();
			assertThat(sessions.findById(id)).isNotNull();
		}

	}

}
