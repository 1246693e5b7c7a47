package io.soong.reliability;

import java.sql.SQLException;
import java.time.Duration;
import java.util.stream.Stream;

import io.soong.Pace;
import io.soong.jdbc.SettableClock;
import io.soong.jdbc.SoongConnectionException;
import io.soong.jdbc.SoongConnectionException.Step;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Whatever goes wrong, at whatever stage of an invocation: the function gets its answer
 * or an error that states the outcome, the table contains what the answer or error says,
 * and the next invocation succeeds.
 */
class FaultMatrixIntegrationTests {

	private static final Duration FREEZE = Duration.ofMinutes(5);

	/** For those who connect. */
	private static final Duration LONG = Duration.ofSeconds(15);

	/** For invocations that get no answer. */
	private static final Duration SHORT = Environment.MARGIN.plusMillis(800).plus(Pace.moment());

	private static Server server;

	private static Journal journal;

	private final SettableClock clock = new SettableClock();

	@BeforeAll
	static void start() throws SQLException {
		server = new Server();
		journal = server.journal();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	static Stream<Arguments> cells() {
		return Stream.of(Trouble.values())
			.flatMap((trouble) -> Stream.of(Stage.values()).map((stage) -> Arguments.of(trouble, stage)));
	}

	@ParameterizedTest(name = "{0} at {1}")
	@MethodSource("cells")
	void outcomeIsKnownAndTheNextInvocationSucceeds(Trouble trouble, Stage stage) throws Exception {
		try (Environment environment = new Environment(server.rds(), this.clock)) {
			switch (stage) {
				case CONNECT -> trouble.connecting(server);
				case IDLE -> {
					write(environment, LONG, stage);
					this.clock.advance(FREEZE);
					trouble.idle(server);
				}
				default -> {
					write(environment, LONG, Stage.IDLE);
					trouble.at(stage.moment(), server);
				}
			}
			int unknown = journal.unknown();
			Throwable failure = catchSqlException(environment, trouble, stage);
			Outcome outcome = (failure == null) ? Outcome.ANSWERED
					: (journal.unknown() > unknown) ? Outcome.UNKNOWN : Outcome.FAILED;
			assertThat(outcome).as("%s", failure).isEqualTo(Outcome.expected(trouble, stage));
			if (outcome == Outcome.FAILED && stage.moment() == null) {
				assertThat(failure).isInstanceOfSatisfying(SoongConnectionException.class, (ex) -> assertThat(ex.step())
					.isEqualTo((trouble == Trouble.DNS_FAILING) ? Step.DNS : Step.TLS));
			}
			if (trouble.lasts() || isFirstLoginAmidSwitchover(trouble, stage)) {
				server.clearFaults();
			}
			this.clock.advance(FREEZE);
			write(environment, LONG, Stage.IDLE);
		}
		finally {
			server.clearFaults();
		}
		journal.verifyAndClear();
	}

	@Test
	void writerEndpointThatStaysAStandbyIsNamed() throws Exception {
		server.rds().demote();
		try (Environment environment = new Environment(server.rds(), this.clock)) {
			assertThatExceptionOfType(SoongConnectionException.class)
				.isThrownBy(() -> environment.invoke(SHORT, (connection) -> {
				}))
				.withMessageContaining("leads to a server that only reads (in_hot_standby)")
				.satisfies((ex) -> assertThat(ex.isTransient()).isTrue());
		}
		finally {
			server.clearFaults();
		}
	}

	private static @Nullable SQLException catchSqlException(Environment environment, Trouble trouble, Stage stage) {
		try {
			boolean unanswered = trouble.lasts() || (stage.moment() != null && trouble.isSilent());
			write(environment, unanswered ? SHORT : LONG, stage);
			return null;
		}
		catch (SQLException ex) {
			return ex;
		}
	}

	private static void write(Environment environment, Duration deadline, Stage stage) throws SQLException {
		journal.write((id) -> environment.invoke(deadline, (connection) -> stage.write(connection, id)));
	}

	/**
	 * A certificate for another name is waited for only by those who have logged in.
	 */
	private static boolean isFirstLoginAmidSwitchover(Trouble trouble, Stage stage) {
		return trouble == Trouble.SWITCHED_OVER && stage == Stage.CONNECT;
	}

	/**
	 * What an invocation comes to.
	 */
	private enum Outcome {

		/** It has its answer, and the row is there. */
		ANSWERED,

		/** It fails, and the row is not there. */
		FAILED,

		/** The error says that the outcome is unknown. */
		UNKNOWN;

		static Outcome expected(Trouble trouble, Stage stage) {
			boolean silent = trouble == Trouble.SOCKET_CUT || trouble.isSilent();
			return switch (stage) {
				case CONNECT, IDLE ->
					(trouble.lasts() || isFirstLoginAmidSwitchover(trouble, stage)) ? FAILED : ANSWERED;
				// A server that ends a session says so: the statement was not executed
				case STATEMENT -> silent ? UNKNOWN : FAILED;
				case FETCH, TRANSACTION -> FAILED;
				case COMMIT -> UNKNOWN;
				// The answer was on its way as the session ended
				case ANSWER, COMMITTED -> silent ? UNKNOWN : ANSWERED;
			};
		}

	}

}
