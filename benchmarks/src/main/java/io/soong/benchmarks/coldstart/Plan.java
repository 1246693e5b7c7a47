package io.soong.benchmarks.coldstart;

import java.util.ArrayList;
import java.util.List;

/**
 * What is measured how often.
 *
 * @param starts how many starts of each setup
 * @param setups the setups, which take turns
 */
record Plan(int starts, List<Setup> setups) {

	/** Everybody, with all CPUs and without latency; and once or twice. */
	static Plan quick(int starts) {
		return new Plan(starts, nominal());
	}

	/** All conditions. */
	static Plan full(int starts) {
		List<Setup> setups = new ArrayList<>(nominal());
		for (Packaging packaging : List.of(Packaging.ZIP, Packaging.CACHE)) {
			for (Contestant contestant : Contestant.values()) {
				setups.add(new Setup(contestant, packaging, Setup.ALL_CPUS, 1));
				setups.add(new Setup(contestant, packaging, 1, 0));
				setups.add(new Setup(contestant, packaging, 0.5, 0));
			}
		}
		return new Plan(starts, List.copyOf(setups));
	}

	private static List<Setup> nominal() {
		List<Setup> setups = new ArrayList<>();
		for (Packaging packaging : Packaging.values()) {
			for (Contestant contestant : Contestant.values()) {
				if (packaging != Packaging.STORED_ZIP || contestant != Contestant.GIZMOS) {
					setups.add(new Setup(contestant, packaging, Setup.ALL_CPUS, 0));
				}
			}
		}
		return List.copyOf(setups);
	}

}
