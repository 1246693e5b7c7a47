package io.soong.benchmarks;

import java.util.Arrays;

/**
 * Numbers, in order.
 */
public final class Distribution {

	private final double[] sorted;

	/**
	 * Creates a distribution.
	 * @param values at least one
	 */
	public Distribution(double... values) {
		if (values.length == 0) {
			throw new IllegalArgumentException("A distribution of no values");
		}
		this.sorted = values.clone();
		Arrays.sort(this.sorted);
	}

	public double median() {
		return quantile(0.5);
	}

	public double percentile95() {
		return quantile(0.95);
	}

	/** Between two neighbours, the line between them. */
	private double quantile(double fraction) {
		double position = fraction * (this.sorted.length - 1);
		int below = (int) Math.floor(position);
		int above = (int) Math.ceil(position);
		return this.sorted[below] + (position - below) * (this.sorted[above] - this.sorted[below]);
	}

}
