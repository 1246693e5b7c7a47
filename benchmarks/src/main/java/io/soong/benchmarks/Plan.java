package io.soong.benchmarks;

import java.time.Duration;
import java.util.List;

/**
 * How much is measured. A round is a JVM for each workload and set of flags; in it all
 * contenders take turns, so that what else happens on the machine happens to all.
 */
enum Plan {

	/** About twenty minutes. */
	FULL(2, List.of(Jvm.values()), new Turns(6, 12), new Turns(5, 3), new Turns(1, 3)),

	/** About two minutes. */
	QUICK(1, List.of(Jvm.LAMBDA), new Turns(6, 8), new Turns(1, 2), new Turns(1, 1));

	private static final Duration SLICE = Duration.ofMillis(75);

	private final int rounds;

	private final List<Jvm> jvms;

	private final Turns calls;

	private final Turns readings;

	private final Turns imports;

	Plan(int rounds, List<Jvm> jvms, Turns calls, Turns readings, Turns imports) {
		this.rounds = rounds;
		this.jvms = jvms;
		this.calls = calls;
		this.readings = readings;
		this.imports = imports;
	}

	int rounds() {
		return this.rounds;
	}

	List<Jvm> jvms() {
		return this.jvms;
	}

	/** How long a turn is where one call is too short to be timed. */
	Duration slice() {
		return SLICE;
	}

	/** How long a turn of many threads is. */
	Duration threadsTurn() {
		return this.rounds == 1 ? SLICE : Duration.ofSeconds(1);
	}

	/** How many of those each takes. */
	int threadsTurns() {
		return this.rounds == 1 ? 1 : 7;
	}

	Turns turns(Workload workload) {
		return switch (workload) {
			case ALL -> this.readings;
			case IMPORT, UPSERT -> this.imports;
			default -> this.calls;
		};
	}

	/**
	 * How many turns each contender takes. The driver lets the server keep a statement,
	 * and sends binary, from its fifth call on: with five turns to warm up, all that
	 * counts is like that.
	 *
	 * @param warmUp that do not count
	 * @param measured that count
	 */
	record Turns(int warmUp, int measured) {

	}

}
