package io.soong.samples.gizmos;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.soong.test.Answer;
import io.soong.test.LambdaRuntime;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Several events at once in one process, as on Lambda Managed Instances.
 */
class ManagedInstanceIntegrationTests {

	private static final Path DEPLOYMENT = Path.of("target", "gizmos-lambda");

	private static final int CONCURRENCY = 3;

	@Test
	void functionWhenOneEventOverrunsAnswersTheOthers() throws Exception {
		try (RdsLookalike rds = RdsLookalike.builder().iamUser("jane_doe").start()) {
			GizmosDatabase.create(rds);
			// Cancelled after 5 s
			try (LambdaRuntime function = GizmosRuntime.of(DEPLOYMENT, rds, "renameGizmo")
				.maxConcurrency(CONCURRENCY)
				.timeout(Duration.ofSeconds(14))
				.environment("SOONG_DEADLINE_MARGIN", "9s")
				.start(); Connection other = rds.openAdminConnection(); Statement statement = other.createStatement()) {
				other.setAutoCommit(false);
				statement.execute("SELECT * FROM gizmos WHERE id = 42 FOR UPDATE");
				CompletableFuture<Answer> overrunning = rename(function, 42);
				while (!overrunning.isDone()) {
					List<CompletableFuture<Answer>> others = Stream.of(7, 8).map((id) -> rename(function, id)).toList();
					assertThat(others).allSatisfy((answer) -> assertThat(answer.join().payload()).contains("Flux"));
				}
				assertThat(overrunning.join().errorMessage()).contains("soong.deadline-margin (9000 ms)");
				other.rollback();
				assertThat(rename(function, 42).join().payload()).contains("Flux");
				assertThat(function.environments()).isOne();
				assertThat(rds.logins()).hasSizeLessThanOrEqualTo(CONCURRENCY);
			}
		}
	}

	private static CompletableFuture<Answer> rename(LambdaRuntime function, int id) {
		return CompletableFuture.supplyAsync(() -> function.invoke("{\"id\": %d, \"name\": \"Flux\"}".formatted(id)),
				(task) -> new Thread(task, "caller").start());
	}

}
