package io.soong.jdbc;

import java.util.ArrayList;
import java.util.List;

import io.soong.jdbc.DoctorReport.Outcome;

/**
 * Collects what a step of the {@link ConnectionDoctor} sees. A step passes unless it says
 * otherwise. Not thread-safe.
 */
final class StepNotes {

	private final String name;

	private Outcome outcome = Outcome.PASSED;

	private final List<String> seen = new ArrayList<>();

	private final List<String> warnings = new ArrayList<>();

	private final List<String> fixes = new ArrayList<>();

	StepNotes(String name) {
		this.name = name;
	}

	void see(String line) {
		this.seen.add(line);
	}

	void warn(String line) {
		this.warnings.add(line);
	}

	void skip(String reason) {
		this.outcome = Outcome.SKIPPED;
		this.seen.add(reason);
	}

	void fail(String what, String... fixes) {
		this.outcome = Outcome.FAILED;
		this.seen.add(what);
		this.fixes.addAll(List.of(fixes));
	}

	void fail(Finding finding) {
		fail(finding.what(), finding.fixes().toArray(String[]::new));
	}

	/**
	 * Takes over what others saw.
	 */
	void take(StepNotes other) {
		this.outcome = other.outcome;
		this.seen.addAll(other.seen);
		this.warnings.addAll(other.warnings);
		this.fixes.addAll(other.fixes);
	}

	/**
	 * Masks a secret in everything noted so far.
	 */
	void conceal(String secret) {
		for (List<String> lines : List.of(this.seen, this.warnings, this.fixes)) {
			lines.replaceAll((line) -> line.replace(secret, "******"));
		}
	}

	boolean hasFailed() {
		return this.outcome == Outcome.FAILED;
	}

	DoctorReport.Step toStep() {
		return new DoctorReport.Step(this.name, this.outcome, this.seen, this.warnings, this.fixes);
	}

}
