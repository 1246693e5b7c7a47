package io.soong.jdbc;

import java.time.Duration;
import java.util.random.RandomGenerator;

import io.soong.jdbc.SoongConnectionException.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

class OutageTests {

	private static final Duration MILLISECOND = Duration.ofMillis(1);

	private final SettableClock clock = new SettableClock();

	@ParameterizedTest
	@CsvSource({ "false, 1000", "true, 3000" })
	void outageLastsForOneToThreeSeconds(boolean longest, long millis) {
		Outage outage = begin(longest);
		this.clock.advance(Duration.ofMillis(millis - 1));
		assertThatExceptionOfType(SoongConnectionException.class).isThrownBy(outage::check)
			.withMessageStartingWith("refused (Tried " + (millis - 1) + " ms ago")
			.matches((failure) -> failure.diagnosis().equals("the diagnosis"));
		this.clock.advance(MILLISECOND);
		assertThatNoException().isThrownBy(outage::check);
	}

	@Test
	void outageWhenClockWentBackIsForgotten() {
		Outage outage = begin(true);
		this.clock.advance(MILLISECOND.negated());
		assertThatNoException().isThrownBy(outage::check);
		this.clock.advance(MILLISECOND);
		assertThatNoException().isThrownBy(outage::check);
	}

	@Test
	void outageWhenItEndedIsForgotten() {
		Outage outage = begin(true);
		assertThatExceptionOfType(SoongConnectionException.class).isThrownBy(outage::check);
		outage.end();
		assertThatNoException().isThrownBy(outage::check);
	}

	private Outage begin(boolean longest) {
		Outage outage = new Outage(this.clock, new RandomGenerator() {

			@Override
			public long nextLong() {
				throw new UnsupportedOperationException();
			}

			@Override
			public long nextLong(long origin, long bound) {
				return longest ? bound - 1 : origin;
			}

		});
		assertThatNoException().isThrownBy(outage::check);
		outage.begin(new SoongConnectionException("refused", Step.TCP, true, "the diagnosis", "08001", null));
		return outage;
	}

}
