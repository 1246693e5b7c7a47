package io.soong.benchmarks;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * How long a library may take, as a multiple of what another takes.
 *
 * @param subject who is to reach it
 * @param against who is compared with
 * @param must the multiple that is promised
 * @param stretch the multiple that is hoped for, if any
 */
record Goal(Library subject, Library against, double must, @Nullable Double stretch) {

	/** Says whether the goal is reached, and by how much it is not. */
	String verdict(double ratio) {
		if (ratio > this.must) {
			return String.format(Locale.ROOT, "%.2f x: **missed** by %.2f", ratio, ratio - this.must);
		}
		if (this.stretch == null) {
			return String.format(Locale.ROOT, "%.2f x: met", ratio);
		}
		if (ratio > this.stretch) {
			return String.format(Locale.ROOT, "%.2f x: met, stretch missed by %.2f", ratio, ratio - this.stretch);
		}
		return String.format(Locale.ROOT, "%.2f x: met, stretch too", ratio);
	}

}
