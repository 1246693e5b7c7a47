package io.soong.samples.gizmos;

import java.nio.file.Path;

import io.soong.test.HostsFile;
import io.soong.test.LambdaRuntime;
import io.soong.test.Login;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A failover that moves the endpoint's name to another server.
 */
class MovedNameIntegrationTests {

	private static final Path DEPLOYMENT = Path.of("target", "gizmos-lambda");

	@Test
	void functionWhenTheNameMovesFollowsItWithinOneInvocation() throws Exception {
		try (HostsFile names = HostsFile.create();
				RdsLookalike rds = RdsLookalike.builder().iamUser("jane_doe").names(names).start();
				RdsLookalike twin = RdsLookalike.builder().sameEndpointAs(rds).start()) {
			GizmosDatabase.create(rds);
			GizmosDatabase.create(twin);
			twin.execute("UPDATE gizmos SET name = 'Plumbus of the twin' WHERE id = 7");
			try (LambdaRuntime function = GizmosRuntime.of(DEPLOYMENT, rds, "getGizmo")
				.addJvmOptions(names.jvmOption())
				.start()) {
				assertThat(function.invoke("{\"id\": 7}").payload()).contains("\"Plumbus\"");
				rds.shutDown();
				names.point(rds.endpoint(), twin.address());
				assertThat(function.invoke("{\"id\": 7}").payload()).contains("Plumbus of the twin");
				assertThat(function.environments()).isOne();
			}
			assertThat(twin.logins()).hasSize(1).allMatch(Login::accepted);
		}
	}

}
