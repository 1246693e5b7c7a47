package io.soong.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

import io.soong.test.RdsLookalike;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.util.DriverInfo;

import org.springframework.core.SpringVersion;
import org.springframework.data.jdbc.core.JdbcAggregateOperations;

/**
 * Measures everything on one server, shows the figures, and puts them on the page of the
 * documentation, unless it is a quick run. The server and what encrypts in front of it
 * are no part of the JVMs that are measured.
 */
public final class Benchmarks {

	private static final int HEAP = 1024;

	private final Plan plan;

	private final RdsLookalike rds;

	private final Results results = new Results();

	private Benchmarks(Plan plan, RdsLookalike rds) {
		this.plan = plan;
		this.rds = rds;
	}

	/**
	 * Measures.
	 * @param args whether it is to be quick, and the page
	 */
	public static void main(String[] args) throws IOException, InterruptedException, SQLException {
		Plan plan = Boolean.parseBoolean(args[0]) ? Plan.QUICK : Plan.FULL;
		Machine machine = Machine.current();
		try (RdsLookalike rds = Gizmos.start(Gizmos.ROWS)) {
			Benchmarks benchmarks = new Benchmarks(plan, rds);
			benchmarks.measure();
			String text = benchmarks.describe(machine);
			System.out.println(text);
			if (plan == Plan.FULL) {
				new MeasuredPage(Path.of(args[1])).write(text);
			}
		}
	}

	private void measure() throws IOException, InterruptedException {
		for (int round = 0; round < this.plan.rounds(); round++) {
			for (Workload workload : Workload.values()) {
				for (Jvm jvm : this.plan.jvms()) {
					System.out.printf("Round %d of %d: %s, %s%n", round + 1, this.plan.rounds(), workload.title(),
							jvm.title());
					this.results.of(workload, jvm).add(round, contest(workload, jvm));
				}
			}
		}
		for (Jvm jvm : this.plan.jvms()) {
			threads(jvm);
			stream(jvm);
		}
	}

	private void threads(Jvm jvm) throws IOException, InterruptedException {
		System.out.printf("Threads, %s%n", jvm.title());
		Path file = Files.createTempFile("soong-benchmarks", ".txt");
		try {
			run(jvm.flags(HEAP), ThreadsProgram.class.getName(), file.toString(),
					Long.toString(this.plan.threadsTurn().toMillis()), Integer.toString(this.plan.threadsTurns()));
			this.results.threads(jvm, Files.readAllLines(file));
		}
		finally {
			Files.delete(file);
		}
	}

	/** What a stream takes; that it ends at all is what matters. */
	private void stream(Jvm jvm) throws IOException, InterruptedException {
		System.out.printf("Stream, %s%n", jvm.title());
		Path file = Files.createTempFile("soong-benchmarks", ".txt");
		try {
			run(jvm.flags(StreamProgram.HEAP), StreamProgram.class.getName(), file.toString());
			this.results.stream(jvm, Duration.ofMillis(Long.parseLong(Files.readString(file))));
		}
		finally {
			Files.delete(file);
		}
	}

	private List<Slice> contest(Workload workload, Jvm jvm) throws IOException, InterruptedException {
		Path file = Files.createTempFile("soong-benchmarks", ".tsv");
		try {
			run(jvm.flags(HEAP), Contest.class.getName(), workload.name(), this.plan.name(), file.toString());
			return Files.readAllLines(file).stream().map(Slice::parse).toList();
		}
		finally {
			Files.delete(file);
		}
	}

	private void run(List<String> flags, String... programAndArguments) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(flags);
		// Nothing is logged without an error, and errors are thrown
		command.add("-Dslf4j.internal.verbosity=ERROR");
		command.addAll(List.of("-classpath", System.getProperty("java.class.path")));
		command.addAll(List.of(programAndArguments));
		ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
		builder.environment().putAll(this.rds.environment());
		int status = builder.start().waitFor();
		if (status != 0) {
			throw new IllegalStateException("Ended with " + status + ": " + String.join(" ", programAndArguments));
		}
	}

	private String describe(Machine machine) throws SQLException {
		Report report = new Report(this.plan.jvms(), this.results);
		StringBuilder text = new StringBuilder();
		text.append("Measured on ")
			.append(LocalDate.now(ZoneOffset.UTC))
			.append(" by `mvn -q -Pbenchmarks verify`: ")
			.append(machine)
			.append("; ")
			.append(versions())
			.append(".\n\n")
			.append(report.goals());
		for (Workload workload : Workload.values()) {
			text.append("\n").append(report.table(workload));
		}
		text.append("\n").append(report.threads()).append(report.stream());
		return text.toString();
	}

	private String versions() throws SQLException {
		try (Connection connection = this.rds.openAdminConnection()) {
			return "JDK %s, PostgreSQL %s, %s, Spring Framework %s, Spring Data JDBC %s, Jdbi %s".formatted(
					Runtime.version(), connection.getMetaData().getDatabaseProductVersion(),
					DriverInfo.DRIVER_FULL_NAME, SpringVersion.getVersion(), version(JdbcAggregateOperations.class),
					version(Jdbi.class));
		}
	}

	private static String version(Class<?> type) {
		return type.getPackage().getImplementationVersion();
	}

}
