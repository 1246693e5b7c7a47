package io.soong.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One turn of a contender.
 *
 * @param turn the number of the turn, the same for all contenders that took it
 * @param library the contender
 * @param nanos what each call took, in nanoseconds
 */
record Slice(int turn, Library library, List<Double> nanos) {

	/** A line from which {@link #parse} makes the slice again. */
	String format() {
		return this.turn + "\t" + this.library + "\t"
				+ this.nanos.stream().map(String::valueOf).collect(Collectors.joining(","));
	}

	static Slice parse(String line) {
		String[] fields = line.split("\t");
		List<Double> nanos = new ArrayList<>();
		for (String value : fields[2].split(",")) {
			nanos.add(Double.valueOf(value));
		}
		return new Slice(Integer.parseInt(fields[0]), Library.valueOf(fields[1]), nanos);
	}

	double median() {
		return new Distribution(this.nanos.stream().mapToDouble(Double::doubleValue).toArray()).median();
	}

}
