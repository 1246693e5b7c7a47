package io.soong.samples.gizmos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Duration;

import io.soong.test.LambdaRuntime;
import io.soong.test.Login;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class SnapStartIntegrationTests {

	@Test
	void sampleEventIsHandledBeforeTheSnapshotAndLeavesNothing(@TempDir Path folder) throws Exception {
		Path event = Files.writeString(folder.resolve("event.json"), "{\"name\": \"Sample\"}");
		try (RdsLookalike rds = RdsLookalike.start()) {
			rds.execute(Files.readString(Path.of("src/test/resources/schema.sql")));
			rds.execute("GRANT ALL ON gizmos TO jane_doe");
			try (LambdaRuntime function = GizmosRuntime.of(Path.of("target/gizmos-lambda"), rds, "addGizmo")
				.environment("SOONG_SNAPSTART_EVENT", event.toUri().toString())
				.environment("SOONG_SNAPSTART_REPETITIONS", "7")
				.credentials(rds::environment)
				.snapshot()) {
				assertThat(function.logs()).noneMatch((line) -> line.contains("WARN"));
				assertThat(rds.killConnections()).isZero();
				rds.rotateCredentials();
				function.restore();
				assertThat(function.invoke("{\"name\": \"Flux\"}").payload()).as("ids that were drawn are gone")
					.isEqualTo("{\"id\":1007}");
				try (Connection connection = rds.openAdminConnection();
						ResultSet names = connection.createStatement().executeQuery("SELECT name FROM gizmos")) {
					assertThat(names.next()).isTrue();
					assertThat(names.getString(1)).isEqualTo("Flux");
					assertThat(names.next()).isFalse();
				}
			}
		}
	}

	@Test
	void sampleEventThatFailsDoesNotStopTheSnapshot(@TempDir Path folder) throws Exception {
		Path event = Files.writeString(folder.resolve("event.json"), "{\"name\": ");
		try (RdsLookalike rds = RdsLookalike.start()) {
			rds.execute(Files.readString(Path.of("src/test/resources/schema.sql")));
			rds.execute("GRANT ALL ON gizmos TO jane_doe");
			try (LambdaRuntime function = GizmosRuntime.of(Path.of("target/gizmos-lambda"), rds, "addGizmo")
				.environment("SOONG_SNAPSTART_EVENT", event.toUri().toString())
				.credentials(rds::environment)
				.snapshot()) {
				assertThat(function.logs()).anyMatch((line) -> line.contains("WARN")
						&& line.contains("The function failed with the sample event (soong.snapstart.event)"));
				function.restore();
				assertThat(function.invoke("{\"name\": \"Flux\"}").payload()).isEqualTo("{\"id\":1000}");
			}
		}
	}

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
