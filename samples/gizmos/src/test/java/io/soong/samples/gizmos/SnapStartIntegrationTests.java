package io.soong.samples.gizmos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import io.soong.test.LambdaRuntime;
import io.soong.test.Login;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SnapStartIntegrationTests {

	@Test
	void snapshotHoldsNoConnectionAndWhatIsRestoredLogsInByItself() throws Exception {
		try (RdsLookalike rds = RdsLookalike.start()) {
			rds.execute(Files.readString(Path.of("src/test/resources/schema.sql")));
			rds.execute("GRANT ALL ON gizmos TO jane_doe");
			try (LambdaRuntime function = LambdaRuntime.builder()
				.packageFolder(Path.of("target/gizmos-lambda"))
				.handler("io.soong.lambda.SoongFunctionInvoker")
				.environment("MAIN_CLASS", "io.soong.samples.gizmos.GizmosApplication")
				.environment("SPRING_CLOUD_FUNCTION_DEFINITION", "addGizmo")
				.environment(rds.environment())
				.credentials(rds::environment)
				.timeout(Duration.ofSeconds(30))
				.snapshot()) {
				int before = rds.logins().size();
				assertThat(rds.killConnections()).isZero();
				rds.rotateCredentials();
				function.restore();
				assertThat(function.invoke("{\"name\": \"Flux\"}").payload()).isEqualTo("{\"id\":1000}");
				assertThat(rds.logins()).hasSize(before + 1).allMatch(Login::accepted);
			}
		}
	}

}
