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
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import io.soong.benchmarks.Machine;
import io.soong.benchmarks.MeasuredPage;
import io.soong.test.FunctionInitializationException;
import io.soong.test.RdsLookalike;
import org.jspecify.annotations.Nullable;

/**
 * Measures the way from the start of a JVM to the first answer, of a function with Soong
 * and of the same function without, all in one run and taking turns, so that a machine
 * that is busy for a while is busy for all. Shows the figures, and puts them on the page
 * of the documentation, unless it is a quick run.
 */
public final class ColdStarts {

	private final Plan plan;

	private final Machine machine;

	private final Path root;

	/** None if this is a quick run. */
	private final @Nullable Path page;

	private final Starter starter;

	private final ColdStartResults results = new ColdStartResults();

	/** What this machine cannot measure. */
	private final Set<Setup> left = new LinkedHashSet<>();

	private final Map<Setup, Integer> failed = new LinkedHashMap<>();

	private final Optional<PythonStarts> python;

	private ColdStarts(Plan plan, Machine machine, Path root, Starter starter, Optional<PythonStarts> python,
			@Nullable Path page) {
		this.plan = plan;
		this.machine = machine;
		this.root = root;
		this.starter = starter;
		this.python = python;
		this.page = page;
	}

	/**
	 * Measures.
	 * @param args whether it is to be quick, how many starts of each, the folder of the
	 * project, and the page
	 */
	public static void main(String[] args) throws IOException, SQLException {
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
				new ColdStarts(plan, machine, Path.of(args[2]), starter, PythonStarts.find(folder, rds),
						quick ? null : Path.of(args[3]))
					.measure();
			}
		}
		finally {
			delete(folder);
		}
	}

	private void measure() throws IOException {
		List<Setup> setups = this.plan.setups().stream().filter(this::isMeasurable).toList();
		System.out.println("The first start of each reads its files, and counts its classes");
		for (Setup setup : setups) {
			if (setup.cpus() == Setup.ALL_CPUS && setup.latency() == 0) {
				this.results.classes(setup, this.starter.classes(setup));
			}
			else {
				this.starter.start(setup);
			}
		}
		long begin = System.nanoTime();
		for (int round = 1; round <= this.plan.starts(); round++) {
			for (Setup setup : setups) {
				measure(setup);
			}
			if (this.python.isPresent()) {
				this.python.get().start();
			}
			System.out.printf("Round %d of %d done, %d s so far%n", round, this.plan.starts(),
					Duration.ofNanos(System.nanoTime() - begin).toSeconds());
			// A run that is ended before its time leaves a page of what it has
			publish(round);
		}
	}

	/** One that fails is told of, and does not end a run of half an hour. */
	private void measure(Setup setup) throws IOException {
		try {
			this.results.add(setup, this.starter.start(setup));
		}
		catch (IllegalStateException | FunctionInitializationException ex) {
			System.out.println("FAILED: " + setup + ": " + ex.getMessage());
			this.failed.merge(setup, 1, Integer::sum);
		}
	}

	private void publish(int starts) throws IOException {
		String text = describe(starts);
		if (this.page != null) {
			new MeasuredPage(this.page).write(text);
		}
		if (starts == this.plan.starts()) {
			System.out.println(text);
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

	private String describe(int starts) throws IOException {
		Map<Contestant, Size> sizes = new LinkedHashMap<>();
		for (Contestant contestant : Contestant.values()) {
			sizes.put(contestant, Size.of(this.root, contestant));
		}
		ColdStartReport report = new ColdStartReport(this.results, sizes);
		StringBuilder text = new StringBuilder();
		text.append("Measured on ")
			.append(LocalDate.now(ZoneOffset.UTC))
			.append(" by `mvn -q -Pcold-start verify" + ((this.page == null) ? " -Dquick" : "") + "`, ")
			.append(starts)
			.append(" starts of each: ")
			.append(this.machine)
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
		if (this.page != null) {
			text.append("\n").append(report.conditions());
		}
		text.append("\n")
			.append(this.python.map(PythonStarts::describe)
				.orElse("Not measured: the Python original's way, as there is no Python 3 with psycopg2.\n"));
		if (!this.left.isEmpty()) {
			text.append("\nNot measured, as this machine cannot:\n\n");
			this.left.forEach((setup) -> text.append("- ").append(setup).append("\n"));
		}
		this.failed.forEach((setup, times) -> text.append("\nFailed to start ")
			.append(times)
			.append(" times, which are not counted: ")
			.append(setup)
			.append(".\n"));
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
