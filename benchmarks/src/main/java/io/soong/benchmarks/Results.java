package io.soong.benchmarks;

import java.util.EnumMap;
import java.util.Map;

/**
 * The measurements of every workload under every set of flags.
 */
final class Results {

	private final Map<Workload, Map<Jvm, Measurements>> measurements = new EnumMap<>(Workload.class);

	Measurements of(Workload workload, Jvm jvm) {
		return this.measurements.computeIfAbsent(workload, (key) -> new EnumMap<>(Jvm.class))
			.computeIfAbsent(jvm, (key) -> new Measurements());
	}

}
