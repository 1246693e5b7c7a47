package io.soong.jdbc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a {@link ConnectionDoctor} found, step by step. Contains no password, token or
 * key. Immutable.
 *
 * @param steps the steps, in the order in which they ran
 */
public record DoctorReport(List<Step> steps) {

	/**
	 * Copies the steps.
	 * @param steps the steps
	 */
	public DoctorReport {
		steps = List.copyOf(steps);
	}

	/**
	 * Returns whether no step failed.
	 * @return {@code true} if every step passed or was skipped
	 */
	public boolean passed() {
		return this.steps.stream().noneMatch((step) -> step.outcome() == Outcome.FAILED);
	}

	/**
	 * Returns the report as plain text in three columns, with a line feed after each
	 * line. A fix that several steps have is written once; the later steps name the
	 * first.
	 * @return the text
	 */
	public String text() {
		StringBuilder text = new StringBuilder();
		Map<String, String> written = new HashMap<>();
		for (Step step : this.steps) {
			String name = step.name();
			String outcome = step.outcome().toString();
			for (String line : step.lines(written)) {
				text.append(String.format("%-12s %-8s %s", name, outcome, line).stripTrailing()).append('\n');
				name = "";
				outcome = "";
			}
		}
		return text.append('\n').append(result()).append('\n').toString();
	}

	private String result() {
		List<String> failed = this.steps.stream()
			.filter((step) -> step.outcome() == Outcome.FAILED)
			.map(Step::name)
			.toList();
		long warnings = this.steps.stream().mapToLong((step) -> step.warnings().size()).sum();
		String warned = (warnings == 0) ? "" : (warnings == 1) ? ", 1 warning" : ", " + warnings + " warnings";
		return (failed.isEmpty() ? "All steps passed" : "Failed: " + String.join(", ", failed)) + warned + ".";
	}

	/**
	 * Returns the report as a map of strings, lists and maps, for example for JSON.
	 * @return a new map
	 */
	public Map<String, Object> toMap() {
		Map<String, Object> map = new LinkedHashMap<>();
		map.put("outcome", (passed() ? Outcome.PASSED : Outcome.FAILED).toString());
		map.put("steps", this.steps.stream().map(Step::toMap).toList());
		return map;
	}

	/**
	 * How a step ended.
	 */
	public enum Outcome {

		/** As it should, perhaps with warnings. */
		PASSED,

		/** Connecting, or what the application needs afterwards, does not work. */
		FAILED,

		/** It did not run, because it does not apply or an earlier step failed. */
		SKIPPED;

		@Override
		public String toString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	/**
	 * One step.
	 *
	 * @param name the step's name
	 * @param outcome how it ended
	 * @param seen what was seen, a line each
	 * @param warnings what works but should be looked at
	 * @param fixes how to fix a failure, the most likely first
	 */
	public record Step(String name, Outcome outcome, List<String> seen, List<String> warnings, List<String> fixes) {

		/**
		 * Copies the lists. Each text becomes one line, without control characters and
		 * tokens, because a server or a setting could bring them. A fix is kept once.
		 * @param name the step's name
		 * @param outcome how it ended
		 * @param seen what was seen, a line each
		 * @param warnings what works but should be looked at
		 * @param fixes how to fix a failure, the most likely first
		 */
		public Step {
			seen = seen.stream().map(ServerText::onOneLine).toList();
			warnings = warnings.stream().map(ServerText::onOneLine).toList();
			fixes = fixes.stream().map(ServerText::onOneLine).distinct().toList();
		}

		/**
		 * Returns the lines of the step.
		 * @param written the fixes of the steps before, and the step of each
		 */
		private List<String> lines(Map<String, String> written) {
			List<String> lines = new ArrayList<>(this.seen);
			this.warnings.forEach((warning) -> lines.add("Warning: " + warning));
			for (String fix : this.fixes) {
				String before = written.putIfAbsent(fix, this.name);
				String line = "Fix: " + ((before != null) ? "as for " + before : fix);
				if (!lines.contains(line)) {
					lines.add(line);
				}
			}
			return lines.isEmpty() ? List.of("") : lines;
		}

		private Map<String, Object> toMap() {
			Map<String, Object> map = new LinkedHashMap<>();
			map.put("name", this.name);
			map.put("outcome", this.outcome.toString());
			map.put("seen", this.seen);
			map.put("warnings", this.warnings);
			map.put("fixes", this.fixes);
			return map;
		}

	}

}
