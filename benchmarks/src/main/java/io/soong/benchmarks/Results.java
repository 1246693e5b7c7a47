package io.soong.benchmarks;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The measurements of every workload under every set of flags.
 */
final class Results {

	private final Map<Workload, Map<Jvm, Measurements>> measurements = new EnumMap<>(Workload.class);

	private final Map<Jvm, List<String>> threads = new EnumMap<>(Jvm.class);

	private final Map<Jvm, Duration> streams = new EnumMap<>(Jvm.class);

	Measurements of(Workload workload, Jvm jvm) {
		return this.measurements.computeIfAbsent(workload, (key) -> new EnumMap<>(Jvm.class))
			.computeIfAbsent(jvm, (key) -> new Measurements());
	}

	/** Keeps the lines of {@link ThreadsProgram}. */
	void threads(Jvm jvm, List<String> lines) {
		this.threads.put(jvm, lines);
	}

	List<String> threads(Jvm jvm) {
		return Objects.requireNonNull(this.threads.get(jvm));
	}

	/** Keeps what {@link StreamProgram} took. */
	void stream(Jvm jvm, Duration time) {
		this.streams.put(jvm, time);
	}

	Duration stream(Jvm jvm) {
		return Objects.requireNonNull(this.streams.get(jvm));
	}

}
