package io.soong.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

import io.soong.jdbc.Backoff.Attempts;
import io.soong.jdbc.SoongConnectionException.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class BackoffTests {

	/** Draws the largest of the numbers asked for. */
	private static final RandomGenerator LARGEST = new RandomGenerator() {

		@Override
		public long nextLong() {
			throw new UnsupportedOperationException();
		}

		@Override
		public long nextLong(long bound) {
			return bound - 1;
		}

		@Override
		public long nextLong(long origin, long bound) {
			return bound - 1;
		}

	};

	private static final Duration BUDGET = Duration.ofSeconds(20);

	private static final String REFUSED_TOKEN = "PAM authentication failed for user \"jane_doe\"";

	private static final String NO_ENTRY = "no pg_hba.conf entry for host \"10.0.0.1\", user \"jane_doe\", "
			+ "database \"gizmos\", SSL encryption";

	@Test
	void pauseWhenTransientDoublesUpToThreeSeconds() {
		Backoff backoff = new Backoff(LARGEST);
		long[] expected = { 100, 200, 400, 800, 1600, 3000, 3000 };
		for (int i = 0; i < expected.length; i++) {
			assertThat(backoff.pauseAfter(failure("57P03", true), attempts(i + 1)))
				.isEqualTo(Duration.ofMillis(expected[i]));
		}
		assertThat(backoff.pauseAfter(failure("57P03", true), attempts(1_000_000))).isEqualTo(Duration.ofSeconds(3));
	}

	@Test
	void pauseWhenTransientIsFullyJittered() {
		Backoff backoff = new Backoff(new Random(42));
		assertThat(IntStream.range(0, 200).mapToObj((any) -> backoff.pauseAfter(failure("57P03", true), attempts(4))))
			.allSatisfy((pause) -> assertThat(pause).isBetween(Duration.ZERO, Duration.ofMillis(800)))
			.anySatisfy((pause) -> assertThat(pause).isLessThan(Duration.ofMillis(100)))
			.anySatisfy((pause) -> assertThat(pause).isGreaterThan(Duration.ofMillis(700)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "53300", "28000" })
	void pauseWhenLoginsAreLimitedIsDecorrelated(String state) {
		Backoff backoff = new Backoff(new Random(42));
		for (long last : new long[] { 0, 100, 500, 900, 1600, 3000, 5000 }) {
			long longest = Math.min(5000, 3 * Math.max(500, last));
			Attempts attempts = new Attempts(3, true, Duration.ofMillis(last), Duration.ofSeconds(1), BUDGET);
			assertThat(IntStream.range(0, 200).mapToObj((any) -> backoff.pauseAfter(failure(state, true), attempts)))
				.allSatisfy((pause) -> assertThat(pause).isBetween(Duration.ofMillis(500), Duration.ofMillis(longest)))
				.anySatisfy((pause) -> assertThat(pause).isLessThan(Duration.ofMillis(500 + longest / 10)))
				.anySatisfy((pause) -> assertThat(pause).isGreaterThan(Duration.ofMillis(longest * 9 / 10)));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "53300", "28000" })
	void pauseWhenLoginsAreLimitedLeavesTimeForALastAttempt(String state) {
		Backoff backoff = new Backoff(LARGEST);
		assertThat(backoff.pauseAfter(failure(state, true), attempts(Duration.ofSeconds(18), true)))
			.isEqualTo(Duration.ofMillis(1500));
		assertThat(backoff.pauseAfter(failure(state, true), attempts(Duration.ofMillis(19_900), true)))
			.isEqualTo(Duration.ofMillis(500));
	}

	@Test
	void pauseWhenTokenIsRefusedIsMadeForTenSecondsBeforeTheFirstLogin() {
		Backoff backoff = new Backoff(LARGEST);
		SoongConnectionException refused = failure("28000", true, REFUSED_TOKEN);
		assertThat(backoff.pauseAfter(refused, attempts(Duration.ofSeconds(1), false)))
			.isEqualTo(Duration.ofMillis(5000));
		assertThat(backoff.pauseAfter(refused, attempts(Duration.ofSeconds(8), false)))
			.isEqualTo(Duration.ofMillis(1500));
		assertThat(backoff.pauseAfter(refused, attempts(Duration.ofMillis(9_501), false))).isNull();
		assertThat(backoff.pauseAfter(refused, attempts(Duration.ofMillis(9_501), true)))
			.isEqualTo(Duration.ofMillis(5000));
	}

	@Test
	void pauseWhenDatabaseIsWakingIsMadeWithoutALoginBefore() {
		assertThat(new Backoff(LARGEST).pauseAfter(failure("28000", true, NO_ENTRY),
				attempts(Duration.ofSeconds(12), false)))
			.isEqualTo(Duration.ofMillis(5000));
	}

	@ParameterizedTest
	@ValueSource(strings = { "28000", "28P01", "3D000", "42501", "08006" })
	void pauseWhenNotTransientIsNone(String state) {
		assertThat(new Backoff(LARGEST).pauseAfter(failure(state, false), attempts(1))).isNull();
	}

	private static Attempts attempts(int made) {
		return new Attempts(made, true, Duration.ZERO, Duration.ZERO, BUDGET);
	}

	private static Attempts attempts(Duration spent, boolean loggedInBefore) {
		return new Attempts(5, loggedInBefore, Duration.ofSeconds(2), spent, BUDGET.minus(spent));
	}

	private static SoongConnectionException failure(String state, boolean isTransient) {
		return failure(state, isTransient, "refused");
	}

	private static SoongConnectionException failure(String state, boolean isTransient, String text) {
		return new SoongConnectionException("refused", Step.LOGIN, isTransient, "", state,
				new SQLException("FATAL: " + text, state));
	}

}
