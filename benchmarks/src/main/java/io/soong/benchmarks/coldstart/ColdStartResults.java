package io.soong.benchmarks.coldstart;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.ToDoubleFunction;

import io.soong.benchmarks.Distribution;

/**
 * What was measured.
 */
final class ColdStartResults {

	private final Map<Setup, List<Start>> starts = new HashMap<>();

	private final Map<Setup, Integer> classes = new HashMap<>();

	void add(Setup setup, Start start) {
		this.starts.computeIfAbsent(setup, (key) -> new ArrayList<>()).add(start);
	}

	void classes(Setup setup, int classes) {
		this.classes.put(setup, classes);
	}

	boolean has(Setup setup) {
		return this.starts.containsKey(setup);
	}

	Distribution millis(Setup setup) {
		return distribution(setup, Start::millis);
	}

	Distribution peakMemory(Setup setup) {
		return distribution(setup, Start::peakMemory);
	}

	OptionalInt classes(Setup setup) {
		Integer count = this.classes.get(setup);
		return (count != null) ? OptionalInt.of(count) : OptionalInt.empty();
	}

	private Distribution distribution(Setup setup, ToDoubleFunction<Start> value) {
		return new Distribution(this.starts.getOrDefault(setup, List.of()).stream().mapToDouble(value).toArray());
	}

}
