package io.soong.compatibility;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Spring Session's repository, with transactions as {@code @EnableJdbcHttpSession} sets
 * them.
 */
@CompatibilityTest
class SessionIntegrationTests {

	@Autowired
	private JdbcTemplate template;

	@Autowired
	private PlatformTransactionManager transactions;

	@Test
	void sessionWhenSavedInTransactionIsFoundAfterItsRollback() {
		TransactionTemplate own = new TransactionTemplate(this.transactions);
		own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		SessionRepository<? extends Session> sessions = new JdbcIndexedSessionRepository(this.template, own);
		String id = new TransactionTemplate(this.transactions).execute((status) -> {
			this.template.queryForObject("SELECT 1", Integer.class);
			status.setRollbackOnly();
			return save(sessions);
		});
		assertThat(id).isNotNull();
		Session found = sessions.findById(id);
		assertThat(found).isNotNull();
		assertThat(found.<String>getAttribute("gizmo")).isEqualTo("Flux");
	}

	private static <S extends Session> String save(SessionRepository<S> sessions) {
		S session = sessions.createSession();
		session.setAttribute("gizmo", "Flux");
		sessions.save(session);
		return session.getId();
	}

}
