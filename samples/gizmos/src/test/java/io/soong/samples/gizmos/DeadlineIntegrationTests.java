package io.soong.samples.gizmos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;

import io.soong.test.Answer;
import io.soong.test.LambdaRuntime;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DeadlineIntegrationTests {

	@Test
	void functionWhenItWaitsForALockIsCancelledInTimeAndContinues() throws Exception {
		try (RdsLookalike rds = RdsLookalike.start()) {
			rds.execute(Files.readString(Path.of("src/test/resources/schema.sql")));
			rds.execute(Files.readString(Path.of("src/test/resources/data.sql")));
			rds.execute("GRANT ALL ON gizmos TO jane_doe");
			try (LambdaRuntime function = LambdaRuntime.builder()
				.packageFolder(Path.of("target/gizmos-lambda"))
				.handler("io.soong.lambda.SoongFunctionInvoker")
				.environment("MAIN_CLASS", "io.soong.samples.gizmos.GizmosApplication")
				.environment("SPRING_CLOUD_FUNCTION_DEFINITION", "renameGizmo")
				.environment(rds.environment())
				.timeout(Duration.ofSeconds(12))
				.environment("SOONG_DEADLINE_MARGIN", "8s")
				.start()) {
				try (Connection other = rds.openAdminConnection(); Statement statement = other.createStatement()) {
					other.setAutoCommit(false);
					statement.execute("SELECT * FROM gizmos WHERE id = 42 FOR UPDATE");
					// After 4 s; without Soong it would be Sandbox.Timedout, after 12 s
					Answer answer = function.invoke("{\"id\": 42, \"name\": \"Flux\"}");
					assertThat(answer.errorMessage()).contains("soong.deadline-margin (8000 ms)");
					other.rollback();
				}
				assertThat(function.invoke("{\"id\": 42, \"name\": \"Flux\"}").payload()).contains("Flux");
				assertThat(function.environments()).isOne();
				assertThat(rds.logins()).hasSize(1);
			}
		}
	}

}
