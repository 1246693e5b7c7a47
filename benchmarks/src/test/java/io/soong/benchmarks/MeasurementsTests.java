package io.soong.benchmarks;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class MeasurementsTests {

	private final Measurements measurements = new Measurements();

	@Test
	void timesAreOfAllCalls() {
		this.measurements.add(0, List.of(slice(0, Library.SOONG, 1.0, 2.0)));
		this.measurements.add(1, List.of(slice(0, Library.SOONG, 9.0), slice(0, Library.JDBC, 100.0)));
		assertThat(this.measurements.times(Library.SOONG).median()).isEqualTo(2);
		assertThat(this.measurements.times(Library.SOONG).percentile95()).isCloseTo(8.3, within(0.001));
	}

	@Test
	void ratiosWhenMachineDriftsAreOfTheSameTurn() {
		this.measurements.add(0, List.of(slice(0, Library.JDBC, 10.0), slice(0, Library.SOONG, 11.0)));
		this.measurements.add(0, List.of(slice(1, Library.SOONG, 110.0), slice(1, Library.JDBC, 100.0)));
		this.measurements.add(1, List.of(slice(0, Library.JDBC, 1000.0), slice(0, Library.SOONG, 1100.0)));
		Distribution ratios = this.measurements.ratios(Library.SOONG, Library.JDBC);
		assertThat(ratios.median()).isCloseTo(1.1, within(0.001));
		assertThat(ratios.percentile95()).isCloseTo(1.1, within(0.001));
	}

	@Test
	void sliceWhenWrittenAndReadIsTheSame() {
		Slice slice = slice(3, Library.JDBI, 1.5, 2.25);
		assertThat(Slice.parse(slice.format())).isEqualTo(slice);
	}

	private static Slice slice(int turn, Library library, Double... nanos) {
		return new Slice(turn, library, List.of(nanos));
	}

}
