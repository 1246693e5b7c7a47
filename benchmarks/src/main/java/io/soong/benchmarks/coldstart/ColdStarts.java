package io.soong.benchmarks.coldstart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import io.soong.benchmarks.Machine;
import io.soong.benchmarks.MeasuredPage;
import io.soong.test.RdsLookalike;

/**
 * Measures the way from the start of a JVM to the first answer, of a function with Soong
 * and of the same function without, all in one run and taking turns, so that a machine
 * that is busy for a while is busy for all. Shows the figures, and puts them on the page
 * of the documentation, unless it is a quick run.
 */
public final class ColdStarts {

	private final Plan plan;

	private final Path root;

	private final Starter starter;

	private final ColdStartResults results = new ColdStartResults();

	/** What this machine cannot measure. */
	private final Set<Setup> left = new LinkedHashSet<>();

	private ColdStarts(Plan plan, Path root, Starter starter) {
		this.plan = plan;
		this.root = root;
		this.starter = starter;
	}

	/**
	 * Measures.
	 * @param args whether it is to be quick, how many starts of each, the folder of the
	 * project, and the page
	 */
	public static void main(String[] args) throws IOException, InterruptedException, SQLException {
		boolean quick = Boolean.parseBoolean(args[0]);
		int starts = Integer.parseInt(args[1]);
		Plan plan = quick ? Plan.quick(Math.min(starts, 3)) : Plan.full(starts);
		Machine machine = Machine.current();
		Path folder = Files.createTempDirectory("soong-cold-start-");
		try (RdsLookalike rds = RdsLookalike.builder().iamUser("jane_doe").start()) {
			rds.execute("""
					CREATE TABLE gizmos (id integer PRIMARY KEY, name text NOT NULL, color text);
					INSERT INTO gizmos VALUES (42, 'Gizmo42', 'pink');
					GRANT SELECT ON gizmos TO jane_doe;
					""");
			try (Starter starter = new Starter(Path.of(args[2]), folder, rds)) {
				ColdStarts benchmark = new ColdStarts(plan, Path.of(args[2]), starter);
				benchmark.measure();
				String text = benchmark.describe(machine, quick);
				System.out.println(text);
				if (!quick) {
					new MeasuredPage(Path.of(args[3])).write(text);
				}
			}
		}
		finally {
			delete(folder);
		}
	}

	private void measure() throws IOException, InterruptedException {
		List<Setup> setups = this.plan.setups().stream().filter(this::isMeasurable).toList();
		long begin = System.nanoTime();
		for (int round = 0; round <= this.plan.starts(); round++) {
			for (Setup setup : setups) {
				Start start = this.starter.start(setup);
				// The first one of each reads its files for the others
				if (round > 0) {
					this.results.add(setup, start);
				}
			}
			System.out.printf("Round %d of %d done, %d s so far%n", round, this.plan.starts(),
					Duration.ofNanos(System.nanoTime() - begin).toSeconds());
		}
		for (Setup setup : setups) {
			if (setup.cpus() == Setup.ALL_CPUS && setup.latency() == 0) {
				this.results.classes(setup, this.starter.classes(setup));
			}
		}
	}

	private boolean isMeasurable(Setup setup) {
		try {
			System.out.println("Preparing " + setup);
			if (this.starter.prepare(setup)) {
				return true;
			}
			System.out.println("NOT MEASURED: this machine has no JDK " + setup.packaging().feature()
					+ ", or does not let us limit CPUs");
			this.left.add(setup);
			return false;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private String describe(Machine machine, boolean quick) throws IOException {
		Map<Contestant, Size> sizes = new LinkedHashMap<>();
		for (Contestant contestant : Contestant.values()) {
			sizes.put(contestant, Size.of(this.root, contestant));
		}
		ColdStartReport report = new ColdStartReport(this.results, sizes);
		StringBuilder text = new StringBuilder();
		text.append("Measured on ")
			.append(LocalDate.now(ZoneOffset.UTC))
			.append(" by `mvn -q -Pcold-start verify" + (quick ? " -Dquick" : "") + "`, ")
			.append(this.plan.starts())
			.append(" starts of each: ")
			.append(machine)
			.append("; JDK ")
			.append(this.starter.jdk(Packaging.ZIP.feature()).map(Jdk::version).map(Object::toString).orElse("none"))
			.append(" and ")
			.append(this.starter.jdk(Packaging.CACHE.feature()).map(Jdk::version).map(Object::toString).orElse("none"))
			.append(".\n\n")
			.append(report.goals())
			.append("\n")
			.append(report.nominal())
			.append("\n")
			.append(report.sizes());
		if (!quick) {
			text.append("\n").append(report.conditions());
		}
		if (!this.left.isEmpty()) {
			text.append("\nNot measured, as this machine cannot:\n\n");
			this.left.forEach((setup) -> text.append("- ").append(setup).append("\n"));
		}
		return text.toString();
	}

	private static void delete(Path folder) throws IOException {
		try (Stream<Path> files = Files.walk(folder)) {
			for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
				Files.delete(file);
			}
		}
	}

}
