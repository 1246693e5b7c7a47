package io.soong.samples.gizmos;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.soong.test.Answer;
import io.soong.test.Fault;
import io.soong.test.LambdaRuntime;
import io.soong.test.Moment;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A request to cancel a statement that reaches the server two seconds late.
 */
class LateCancelIntegrationTests {

	private static final Path DEPLOYMENT = Path.of("target", "gizmos-lambda");

	private static final Duration LATE = Duration.ofSeconds(2);

	private static final String EVENT = "{\"id\": 42, \"name\": \"Flux\"}";

	private static RdsLookalike rds;

	private static LambdaRuntime function;

	@BeforeAll
	static void start() throws Exception {
		rds = RdsLookalike.builder().iamUser("jane_doe").start();
		GizmosDatabase.create(rds);
		// Cancelled after 3 s, cut after 7.5 s
		function = GizmosRuntime.of(DEPLOYMENT, rds, "renameGizmo")
			.timeout(Duration.ofSeconds(12))
			.environment("SOONG_DEADLINE_MARGIN", "9s")
			.start();
		assertThat(function.invoke(EVENT).payload()).contains("Flux");
	}

	@AfterAll
	static void stop() {
		function.close();
		rds.close();
	}

	@AfterEach
	void clearFaults() {
		rds.clearFaults();
	}

	@Test
	void cancelThatComesLateHitsTheStatementItWasMeantFor() throws SQLException {
		int logins = rds.logins().size();
		rds.when(Moment.cancelRequest()).always().delay(LATE);
		try (Connection other = lock()) {
			Answer answer = function.invoke(EVENT);
			assertThat(answer.errorMessage()).contains("soong.deadline-margin (9000 ms)");
			other.rollback();
		}
		assertNoneFailsFor(LATE.plusMillis(500));
		assertThat(function.environments()).isOne();
		assertThat(rds.logins()).as("the connection was safe to keep").hasSize(logins);
	}

	@Test
	void cancelThatComesAfterTheStatementEndedHitsNoOther() throws SQLException {
		Fault late = rds.when(Moment.cancelRequest()).always().delay(LATE);
		try (Connection other = lock()) {
			CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> function.invoke(EVENT));
			late.await();
			// It gets the lock and ends, while the request is on its way
			other.rollback();
			// Unless the machine is so slow that the request was not late at all
			Answer first = answer.join();
			assertThat(first.isError() ? String.valueOf(first.errorMessage()) : first.payload()).containsAnyOf("Flux",
					"soong.deadline-margin (9000 ms)");
		}
		assertNoneFailsFor(LATE.plusMillis(500));
		assertThat(function.environments()).isOne();
	}

	private static Connection lock() throws SQLException {
		Connection connection = rds.openAdminConnection();
		connection.setAutoCommit(false);
		try (Statement statement = connection.createStatement()) {
			statement.execute("SELECT * FROM gizmos WHERE id = 42 FOR UPDATE");
		}
		return connection;
	}

	private static void assertNoneFailsFor(Duration duration) {
		long end = System.nanoTime() + duration.toNanos();
		do {
			assertThat(function.invoke(EVENT).payload()).contains("\"name\":\"Flux\"");
		}
		while (System.nanoTime() < end);
	}

}
