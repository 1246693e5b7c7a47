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
				if (isOfInterest(contestant, packaging)) {
					setups.add(new Setup(contestant, packaging, Setup.ALL_CPUS, 0));
				}
			}
		}
		return List.copyOf(setups);
	}

	/**
	 * The sample stores its jars anyway, and a bare handler has no hook to let go of its
	 * connection. What only Soong has is compared with what stock has instead.
	 */
	private static boolean isOfInterest(Contestant contestant, Packaging packaging) {
		return switch (packaging) {
			case ZIP, CACHE -> true;
			case STORED_ZIP -> contestant != Contestant.GIZMOS;
			case SNAPSTART, SNAPSTART_25 -> contestant != Contestant.BARE;
			case STARTER, SNAPSTART_EVENT, SNAPSTART_EVENT_25, RECONNECT -> contestant == Contestant.GIZMOS;
		};
	}

}
