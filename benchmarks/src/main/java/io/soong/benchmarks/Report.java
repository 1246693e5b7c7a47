package io.soong.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The measurements as tables in Markdown.
 */
final class Report {

	private static final double MICROSECOND = 1_000;

	private static final double MILLISECOND = 1_000_000;

	private final List<Jvm> jvms;

	private final Results results;

	Report(List<Jvm> jvms, Results results) {
		this.jvms = jvms;
		this.results = results;
	}

	/** Goals beside figures. */
	String goals() {
		StringBuilder text = new StringBuilder("| goal | at most | stretch |");
		this.jvms.forEach((jvm) -> text.append(" ").append(jvm.title()).append(" |"));
		text.append("\n| --- | --- | --- |").append(" --- |".repeat(this.jvms.size())).append("\n");
		for (Workload workload : Workload.values()) {
			for (Goal goal : workload.goals()) {
				text.append("| %s: %s, against %s | %s | %s |".formatted(workload.title(), goal.subject().title(),
						goal.against().title(), factor(goal.must()),
						(goal.stretch() != null) ? factor(goal.stretch()) : ""));
				for (Jvm jvm : this.jvms) {
					double ratio = this.results.of(workload, jvm).ratios(goal.subject(), goal.against()).median();
					text.append(" ").append(goal.verdict(ratio)).append(" |");
				}
				text.append("\n");
			}
		}
		return text.toString();
	}

	/** All figures of a workload. */
	String table(Workload workload) {
		StringBuilder text = new StringBuilder("| " + workload.title() + " |");
		for (Jvm jvm : this.jvms) {
			text.append(" %s: median, %s | p95 | ratio | p95 |".formatted(jvm.title(), unit(workload)));
		}
		text.append("\n| --- |").append(" ---: | ---: | ---: | ---: |".repeat(this.jvms.size())).append("\n");
		for (Library library : workload.libraries()) {
			text.append("| ").append(library.title()).append(" |");
			for (Jvm jvm : this.jvms) {
				Distribution times = this.results.of(workload, jvm).times(library);
				Distribution ratios = this.results.of(workload, jvm).ratios(library, workload.libraries().get(0));
				text.append(" %s | %s | %s | %s |".formatted(time(workload, times.median()),
						time(workload, times.percentile95()), factor(ratios.median()), factor(ratios.percentile95())));
			}
			text.append("\n");
		}
		return text.toString();
	}

	/** What threads got from the DataSource, beside a pool. */
	String threads() {
		StringBuilder text = new StringBuilder();
		for (Jvm jvm : this.jvms) {
			text.append("| ")
				.append(jvm.title())
				.append(": threads | connections | Soong, calls/s | HikariCP, calls/s | ratio "
						+ "| Soong, least/most | HikariCP, least/most |\n| ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
			this.results.threads(jvm).forEach((line) -> text.append("| ").append(line).append(" |\n"));
			text.append("\n");
		}
		return text.toString();
	}

	/** What the stream took. */
	String stream() {
		StringBuilder text = new StringBuilder();
		text.append(String.format(Locale.ROOT, "A stream of %,d records completes with a heap of %d MiB, in ",
				StreamProgram.TIMES * Gizmos.ROWS, StreamProgram.HEAP));
		text.append(this.jvms.stream()
			.map((jvm) -> String.format(Locale.ROOT, "%.1f s (%s)", this.results.stream(jvm).toMillis() / 1000.0,
					jvm.title()))
			.collect(Collectors.joining(" and ")));
		return text.append(".\n").toString();
	}

	private static String unit(Workload workload) {
		return workload.isBulk() ? "ms" : "µs";
	}

	private static String time(Workload workload, double nanos) {
		return String.format(Locale.ROOT, "%.0f", nanos / (workload.isBulk() ? MILLISECOND : MICROSECOND));
	}

	private static String factor(double ratio) {
		return String.format(Locale.ROOT, "%.2f x", ratio);
	}

}
