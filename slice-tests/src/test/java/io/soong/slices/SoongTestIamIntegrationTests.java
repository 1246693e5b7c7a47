package io.soong.slices;

import java.sql.SQLException;
import java.util.Map;

import io.soong.sql.SoongTemplate;
import io.soong.test.Login;
import io.soong.test.RdsLookalike;
import io.soong.test.SoongTest;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SoongTest} with a login by IAM, whatever else is configured.
 */
@SoongTest(iam = true, properties = { "soong.password=secret", "soong.ssl.mode=require", "soong.iam.host=example.com",
		"soong.iam.port=1" })
class SoongTestIamIntegrationTests {

	@Autowired
	private SoongTemplate soong;

	@Autowired
	private RdsLookalike rds;

	@Test
	void loginIsByTokenOverTls() {
		assertThat(this.soong.select("gizmos").count()).isOne();
		assertThat(this.soong.query(String.class, "SELECT session_user")).containsExactly("jane_doe");
		assertThat(this.rds.logins()).isNotEmpty().allSatisfy((login) -> {
			assertThat(login.accepted()).isTrue();
			assertThat(login.method()).isEqualTo(Login.Method.IAM_TOKEN);
			assertThat(login.tlsProtocol()).isEqualTo("TLSv1.3");
		});
	}

	@Test
	@Transactional(propagation = Propagation.NOT_SUPPORTED)
	void connectionWhenKilledIsReplacedWithATokenOfTheRolesNewCredentials() throws SQLException {
		assertThat(this.soong.select("gizmos").count()).isOne();
		int before = this.rds.logins().size();
		this.rds.rotateCredentials();
		assertThat(this.rds.killConnections()).isOne();
		this.rds.execute("INSERT INTO gizmos (name) VALUES ('Flux')");
		assertThat(this.soong.inTransaction(() -> this.soong.delete("gizmos", Map.of("name", "Flux")))).isOne();
		assertThat(this.rds.logins()).hasSize(before + 1).allMatch(Login::accepted);
	}

	@RepeatedTest(2)
	void faultDoesNotOutliveItsTest() {
		assertThat(this.soong.select("gizmos").count()).isOne();
		this.rds.stallConnections();
		this.rds.refuseLogins(100, "53300", "sorry, too many clients already");
	}

}
