package io.soong.samples.gizmos;

import java.nio.file.Path;
import java.time.Duration;

import io.soong.test.Fault;
import io.soong.test.LambdaRuntime;
import io.soong.test.Login;
import io.soong.test.Moment;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a function answers after Lambda had its process frozen, whatever became of its
 * connection meanwhile.
 */
class FreezeIntegrationTests {

	private static final Path DEPLOYMENT = Path.of("target", "gizmos-lambda");

	/** Older than this, what was opened in the background is not waited for. */
	private static final Duration STALE = Duration.ofSeconds(5);

	private static RdsLookalike rds;

	@BeforeAll
	static void startDatabase() throws Exception {
		rds = RdsLookalike.builder().iamUser("jane_doe").start();
		GizmosDatabase.create(rds);
	}

	@AfterAll
	static void stopDatabase() {
		rds.close();
	}

	@AfterEach
	void clearFaults() {
		rds.clearFaults();
	}

	@Test
	void functionWhateverHappensInTheFreezeAnswersTheNextEvent() throws Exception {
		int before = rds.logins().size();
		// A test does not wait until the connection has been idle for a second
		try (LambdaRuntime function = GizmosRuntime.of(DEPLOYMENT, rds, "getGizmo")
			.environment("SOONG_CONNECTION_VALIDATE_AFTER", "0")
			.start()) {
			assertAnswers(function);
			function.freeze();
			function.thaw();
			assertAnswers(function);
			assertThat(logins(before)).as("after a freeze").isEqualTo(1);

			function.freeze();
			assertThat(rds.killConnections()).isEqualTo(1);
			function.thaw();
			assertAnswers(function);
			assertThat(logins(before)).as("after a kill").isEqualTo(2);

			function.freeze();
			assertThat(rds.cutConnections()).isEqualTo(1);
			function.thaw();
			assertAnswers(function);
			assertThat(logins(before)).as("after a reset").isEqualTo(3);

			function.freeze();
			assertThat(rds.blackHoleConnections()).isEqualTo(1);
			function.thaw();
			assertAnswers(function);
			assertThat(logins(before)).as("after the network has forgotten it").isEqualTo(4);

			function.freeze();
			rds.restart();
			function.thaw();
			assertAnswers(function);
			assertThat(logins(before)).as("after a restart").isEqualTo(5);
			assertThat(function.environments()).isOne();
		}
	}

	@Test
	void functionWhenFrozenAmidTheEagerHandshakeAnswersTheFirstEvent() throws Exception {
		Fault stalled = rds.when(Moment.tlsHandshake()).stall();
		try (LambdaRuntime function = GizmosRuntime.of(DEPLOYMENT, rds, "getGizmo").start()) {
			stalled.await();
			function.freeze();
			rds.clearFaults();
			function.thaw();
			assertAnswers(function);
		}
	}

	@Test
	void functionWhenFrozenForLongAmidTheEagerHandshakeAnswersTheFirstEvent() throws Exception {
		Fault stalled = rds.when(Moment.tlsHandshake()).stall();
		try (LambdaRuntime function = GizmosRuntime.of(DEPLOYMENT, rds, "getGizmo").start()) {
			stalled.await();
			function.freeze();
			rds.clearFaults();
			// By the clock of the machine, as a process has no other
			Thread.sleep(STALE.plusMillis(500).toMillis());
			function.thaw();
			assertAnswers(function);
			assertThat(rds.logins()).last().extracting(Login::accepted).isEqualTo(true);
		}
	}

	private static void assertAnswers(LambdaRuntime function) {
		assertThat(function.invoke("{\"id\": 7}").payload()).contains("Plumbus");
	}

	private static int logins(int before) {
		return rds.logins().size() - before;
	}

}
