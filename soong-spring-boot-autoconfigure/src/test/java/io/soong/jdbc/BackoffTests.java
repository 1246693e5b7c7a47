package io.soong.jdbc;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;

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

	@Test
	void pauseWhenTransientDoublesUpToThreeSeconds() {
		Backoff backoff = new Backoff(LARGEST);
		long[] expected = { 100, 200, 400, 800, 1600, 3000, 3000 };
		for (int i = 0; i < expected.length; i++) {
			assertThat(backoff.pauseAfter(failure("53300", true), i + 1)).isEqualTo(Duration.ofMillis(expected[i]));
		}
		assertThat(backoff.pauseAfter(failure("53300", true), 1_000_000)).isEqualTo(Duration.ofSeconds(3));
	}

	@Test
	void pauseWhenTransientIsFullyJittered() {
		Backoff backoff = new Backoff(new Random(42));
		assertThat(new Random().longs(200).mapToObj((any) -> backoff.pauseAfter(failure("53300", true), 4)))
			.allSatisfy((pause) -> assertThat(pause).isBetween(Duration.ZERO, Duration.ofMillis(800)))
			.anySatisfy((pause) -> assertThat(pause).isLessThan(Duration.ofMillis(100)))
			.anySatisfy((pause) -> assertThat(pause).isGreaterThan(Duration.ofMillis(700)));
	}

	@Test
	void pauseWhenTokenWasRefusedIsMadeOnce() {
		Backoff backoff = new Backoff(new Random(42));
		assertThat(backoff.pauseAfter(failure("28000", true), 1)).isBetween(Duration.ofMillis(250),
				Duration.ofMillis(1500));
		assertThat(new Backoff(LARGEST).pauseAfter(failure("28000", true), 1)).isEqualTo(Duration.ofMillis(1500));
		assertThat(backoff.pauseAfter(failure("28000", true), 2)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "28P01", "3D000", "42501", "08006" })
	void pauseWhenNotTransientIsNone(String state) {
		assertThat(new Backoff(LARGEST).pauseAfter(failure(state, false), 1)).isNull();
	}

	private static SoongConnectionException failure(String state, boolean isTransient) {
		return new SoongConnectionException("refused", Step.LOGIN, isTransient, "", state, null);
	}

}
