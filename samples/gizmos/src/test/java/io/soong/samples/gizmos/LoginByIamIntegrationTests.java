package io.soong.samples.gizmos;

import java.sql.SQLException;
import java.util.function.Function;

import io.soong.samples.gizmos.GizmoFunctions.Gizmo;
import io.soong.samples.gizmos.GizmoFunctions.GizmoId;
import io.soong.test.Login;
import io.soong.test.RdsLookalike;
import io.soong.test.SoongTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;

@SoongTest(iam = true)
@Import(GizmoFunctions.class)
class LoginByIamIntegrationTests {

	@Autowired
	private Function<GizmoId, Gizmo> getGizmo;

	@Autowired
	private RdsLookalike rds;

	@Test
	void functionLogsInWithATokenOverTls() {
		assertThat(this.getGizmo.apply(new GizmoId(42)).name()).isEqualTo("Gizmo42");
		assertThat(this.rds.logins()).last().satisfies((login) -> {
			assertThat(login.accepted()).isTrue();
			assertThat(login.user()).isEqualTo("jane_doe");
			assertThat(login.method()).isEqualTo(Login.Method.IAM_TOKEN);
			assertThat(login.tlsProtocol()).isEqualTo("TLSv1.3");
		});
	}

	@Test
	@Transactional(propagation = Propagation.NOT_SUPPORTED)
	void loginWhenRdsFailsToCheckTheTokenIsTriedOnceMore() throws SQLException {
		this.rds.killConnections();
		this.rds.failTokenChecks(1);
		assertThat(this.getGizmo.apply(new GizmoId(42)).name()).isEqualTo("Gizmo42");
		assertThat(this.rds.logins()).filteredOn((login) -> !login.accepted()).hasSize(1);
	}

}
