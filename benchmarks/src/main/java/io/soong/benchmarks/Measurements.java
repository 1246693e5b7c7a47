package io.soong.benchmarks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was measured of one workload under one set of flags, in all rounds.
 */
final class Measurements {

	private final List<Slice> slices = new ArrayList<>();

	/** Adds what one JVM measured. Turns of different JVMs are different turns. */
	void add(int round, List<Slice> slices) {
		for (Slice slice : slices) {
			this.slices.add(new Slice(round * 1000 + slice.turn(), slice.library(), slice.nanos()));
		}
	}

	/** What the calls of a contender took, in nanoseconds. */
	Distribution times(Library library) {
		return new Distribution(this.slices.stream()
			.filter((slice) -> slice.library() == library)
			.flatMap((slice) -> slice.nanos().stream())
			.mapToDouble(Double::doubleValue)
			.toArray());
	}

	/**
	 * How many times as long a contender took as another, turn by turn, each by its
	 * median: what slows the machine down for a while does not show.
	 */
	Distribution ratios(Library subject, Library against) {
		Map<Integer, Double> medians = medians(against);
		return new Distribution(medians(subject).entrySet()
			.stream()
			.mapToDouble((entry) -> entry.getValue() / medians.getOrDefault(entry.getKey(), Double.NaN))
			.toArray());
	}

	private Map<Integer, Double> medians(Library library) {
		Map<Integer, Double> medians = new HashMap<>();
		for (Slice slice : this.slices) {
			if (slice.library() == library) {
				medians.put(slice.turn(), slice.median());
			}
		}
		return medians;
	}

}
