package io.soong.benchmarks.coldstart;

import java.util.Locale;

/**
 * What is started, and under which conditions.
 *
 * @param contestant the function
 * @param packaging how it is deployed, and on which Java
 * @param cpus how many CPUs it has
 * @param latency round trip to the database, in milliseconds
 */
record Setup(Contestant contestant, Packaging packaging, double cpus, int latency) {

	/** All that the machine has, and no more than on Lambda with much memory. */
	static final double ALL_CPUS = 2;

	/** Without what is said of it by the table it is in. */
	String conditions() {
		return String.format(Locale.ROOT, "%s CPU, %d ms", (this.cpus == 0.5) ? "0.5" : String.valueOf((int) this.cpus),
				this.latency);
	}

	@Override
	public String toString() {
		return this.contestant.title() + ", " + this.packaging.title() + ", " + conditions();
	}

}
