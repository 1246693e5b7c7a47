package io.soong.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/**
 * A JVM in which the contenders of one workload take turns. JMH measures each turn,
 * without a fork of its own, as this JVM is that: with a fork to each contender, minutes
 * would lie between the two halves of a ratio.
 */
public final class Contest {

	private final Workload workload;

	private final Plan plan;

	private Contest(Workload workload, Plan plan) {
		this.workload = workload;
		this.plan = plan;
	}

	/**
	 * Runs a contest on the database that the environment names.
	 * @param args workload, plan, and the file to write the slices to
	 */
	public static void main(String[] args) throws IOException, RunnerException {
		List<Slice> slices = new Contest(Workload.valueOf(args[0]), Plan.valueOf(args[1])).run();
		Files.write(Path.of(args[2]), slices.stream().map(Slice::format).toList());
	}

	private List<Slice> run() throws RunnerException {
		for (int turn = 0; turn < this.plan.turns(this.workload).warmUp(); turn++) {
			turn(turn);
		}
		List<Slice> slices = new ArrayList<>();
		for (int turn = 0; turn < this.plan.turns(this.workload).measured(); turn++) {
			slices.addAll(turn(turn));
		}
		return slices;
	}

	private List<Slice> turn(int turn) throws RunnerException {
		// No contender always runs after the same one
		List<Library> order = new ArrayList<>(this.workload.libraries());
		Collections.rotate(order, turn);
		if (turn % 2 == 1) {
			Collections.reverse(order);
		}
		List<Slice> slices = new ArrayList<>();
		for (Library library : order) {
			slices.add(new Slice(turn, library, measure(library)));
		}
		return slices;
	}

	private List<Double> measure(Library library) throws RunnerException {
		ChainedOptionsBuilder options = new OptionsBuilder().include(this.workload.include())
			.param("library", library.name())
			.forks(0)
			.warmupIterations(0)
			.measurementIterations(1)
			.syncIterations(false)
			.timeUnit(TimeUnit.NANOSECONDS)
			.shouldFailOnError(true)
			.verbosity(VerboseMode.SILENT);
		if (this.workload.isBulk()) {
			// Whose garbage it is must not matter
			options.mode(Mode.SingleShotTime).shouldDoGC(true);
		}
		else {
			options.mode(Mode.SampleTime).measurementTime(TimeValue.milliseconds(this.plan.slice().toMillis()));
		}
		RunResult result = new Runner(options.build()).runSingle();
		return values(result.getPrimaryResult().getStatistics());
	}

	private static List<Double> values(Statistics statistics) {
		List<Double> values = new ArrayList<>();
		statistics.getRawData().forEachRemaining((Map.Entry<Double, Long> entry) -> {
			for (long i = 0; i < entry.getValue(); i++) {
				values.add(entry.getKey());
			}
		});
		return values;
	}

}
