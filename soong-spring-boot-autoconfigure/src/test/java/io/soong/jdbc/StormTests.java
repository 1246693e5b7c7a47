package io.soong.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;

import io.soong.jdbc.Backoff.Attempts;
import io.soong.jdbc.SoongConnectionException.Step;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of fleets and of planned events by the pauses that {@link Backoff} makes,
 * within the default budget, on a clock that is simulated: the same on every machine.
 */
class StormTests {

	private static final SoongConnectionException FULL = refused("53300", "sorry, too many clients already");

	private static final SoongConnectionException REFUSED_TOKEN = refused("28000",
			"PAM authentication failed for user \"jane_doe\"");

	private static final SoongConnectionException NO_ENTRY = refused("28000",
			"no pg_hba.conf entry for host \"10.0.0.1\", user \"jane_doe\", database \"gizmos\", SSL encryption");

	private static final SoongConnectionException STARTING = refused("57P03", "the database system is starting up");

	private static final int SEEDS = 10;

	/** The default of {@code soong.connect-timeout}. */
	private static final long BUDGET = 20_000;

	/** How long an attempt takes, in milliseconds. */
	private static final long ATTEMPT = 20;

	/** How long a function keeps its connection, in milliseconds. */
	private static final long HELD = 400;

	/** What RDS takes, about. */
	private static final int LOGINS_A_SECOND = 200;

	/**
	 * All lose their connections at one moment, and want new ones at one moment, of a
	 * server that has fewer.
	 */
	@ParameterizedTest
	@CsvSource({ "300, 50, 2.5", "1000, 50, 4", "3000, 100, 5.5" })
	void fleetThatLostItsConnectionsIsServedWithinTheBudget(int environments, int connections, double attempts) {
		for (int seed = 1; seed <= SEEDS; seed++) {
			Storm storm = new Storm(environments, connections, true, new Random(seed));
			storm.run();
			System.out.println(storm);
			assertThat(storm.served).as("served, seed %d", seed).isEqualTo(environments);
			assertThat(storm.attemptsPerSuccess()).isLessThan(attempts);
		}
	}

	/**
	 * All start at one moment and have never logged in.
	 */
	@ParameterizedTest
	@CsvSource({ "300, 50", "1000, 100" })
	void fleetThatStartsIsServedWithinTheTimeForAFirstLogin(int environments, int connections) {
		for (int seed = 1; seed <= SEEDS; seed++) {
			Storm storm = new Storm(environments, connections, false, new Random(seed));
			storm.run();
			assertThat(storm.served).as("served, seed %d", seed).isEqualTo(environments);
		}
	}

	@RepeatedTest(SEEDS)
	void databaseThatWakesUpIsReachedByTheFirstLogin(RepetitionInfo seed) {
		for (SoongConnectionException answer : new SoongConnectionException[] { NO_ENTRY, STARTING }) {
			assertThat(timeUntilAnswered(answer, 15_000, false, seed.getCurrentRepetition())).isNotNull();
		}
	}

	@RepeatedTest(SEEDS)
	void switchoverThatRefusesTokensIsWaitedForAfterALogin(RepetitionInfo seed) {
		assertThat(timeUntilAnswered(REFUSED_TOKEN, 19_000, true, seed.getCurrentRepetition())).isNotNull();
	}

	@Test
	void tokenThatIsRefusedForGoodIsTriedForAboutTenSeconds() {
		Storm storm = new Storm(1, 0, false, new Random(1)) {

			@Override
			@Nullable SoongConnectionException logIn(long now) {
				return REFUSED_TOKEN;
			}

		};
		assertThat(storm.run()).isBetween(9_000L, 10_020L);
		assertThat(storm.attempts).isBetween(4, 12);
	}

	/**
	 * Returns how long a function waits that connects the moment a server begins to
	 * refuse, for a while.
	 */
	private static @Nullable Long timeUntilAnswered(SoongConnectionException answer, long until, boolean loggedInBefore,
			long seed) {
		Storm storm = new Storm(1, 1, loggedInBefore, new Random(seed)) {

			@Override
			@Nullable SoongConnectionException logIn(long now) {
				return (now < until) ? answer : null;
			}

		};
		long end = storm.run();
		return (storm.served == 1) ? end : null;
	}

	private static SoongConnectionException refused(String state, String text) {
		return new SoongConnectionException(text, Step.LOGIN, true, "", state,
				new SQLException("FATAL: " + text, state));
	}

	/**
	 * A fleet and a server that looks at the token first, and then for a free connection.
	 */
	private static class Storm {

		private final PriorityQueue<Attempt> queue = new PriorityQueue<>(Comparator.comparingLong(Attempt::time));

		private final PriorityQueue<Long> ends = new PriorityQueue<>();

		private final int environments;

		private final int connections;

		private final boolean loggedInBefore;

		private final Backoff backoff;

		private double allowance = LOGINS_A_SECOND;

		private long allowanceAt;

		int attempts;

		int served;

		private long slowest;

		Storm(int environments, int connections, boolean loggedInBefore, Random random) {
			this.environments = environments;
			this.connections = connections;
			this.loggedInBefore = loggedInBefore;
			this.backoff = new Backoff(random);
		}

		/**
		 * Runs until every environment is served or has given up. Returns when the last
		 * did.
		 */
		long run() {
			for (int i = 0; i < this.environments; i++) {
				this.queue.add(new Attempt(0, 1, Duration.ZERO));
			}
			long end = 0;
			Attempt attempt;
			while ((attempt = this.queue.poll()) != null) {
				end = attempt.time() + ATTEMPT;
				attempt(attempt, end);
			}
			return end;
		}

		private void attempt(Attempt attempt, long end) {
			this.attempts++;
			SoongConnectionException failure = logIn(attempt.time());
			if (failure == null) {
				this.served++;
				this.slowest = end;
				return;
			}
			Duration pause = this.backoff.pauseAfter(failure, new Attempts(attempt.number(), this.loggedInBefore,
					attempt.pause(), Duration.ofMillis(end), Duration.ofMillis(BUDGET - end)));
			if (pause != null && end + pause.toMillis() < BUDGET) {
				this.queue.add(new Attempt(end + pause.toMillis(), attempt.number() + 1, pause));
			}
		}

		@Nullable SoongConnectionException logIn(long now) {
			this.allowance = Math.min(LOGINS_A_SECOND,
					this.allowance + (now - this.allowanceAt) * LOGINS_A_SECOND / 1000.0);
			this.allowanceAt = now;
			if (this.allowance < 1) {
				return REFUSED_TOKEN;
			}
			this.allowance--;
			while (!this.ends.isEmpty() && this.ends.peek() <= now) {
				this.ends.poll();
			}
			if (this.ends.size() == this.connections) {
				return FULL;
			}
			this.ends.add(now + HELD);
			return null;
		}

		double attemptsPerSuccess() {
			return (double) this.attempts / this.served;
		}

		@Override
		public String toString() {
			return String.format("%d environments, %d connections: %d served, %.2f attempts a success, slowest %d ms",
					this.environments, this.connections, this.served, attemptsPerSuccess(), this.slowest);
		}

	}

	/**
	 * An attempt to come, and the pause before it.
	 */
	private record Attempt(long time, int number, Duration pause) {

	}

}
