package io.soong.jdbc;

import java.util.List;
import java.util.Map;

import io.soong.jdbc.DoctorReport.Outcome;
import io.soong.jdbc.DoctorReport.Step;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class DoctorReportLayoutTests {

	private static final Step DNS = new Step("dns", Outcome.PASSED, List.of("db is 10.0.0.1"), List.of(), List.of());

	private static final Step TCP = new Step("tcp", Outcome.PASSED, List.of("10.0.0.1: connected", "10.0.0.2: refused"),
			List.of("Not every address answers"), List.of());

	private static final Step TLS = new Step("tls", Outcome.FAILED, List.of("The certificate has expired"),
			List.of("nothing is encrypted"), List.of("Rotate it", "Check the clock"));

	private static final Step LOGIN = new Step("login", Outcome.SKIPPED, List.of(), List.of(), List.of());

	@Test
	void reportOfAFailureListsFindingsWarningsAndFixesOfEachStep() {
		DoctorReport report = new DoctorReport(List.of(DNS, TCP, TLS, LOGIN));
		assertThat(report.passed()).isFalse();
		assertThat(report.text()).isEqualTo("""
				dns          passed   db is 10.0.0.1
				tcp          passed   10.0.0.1: connected
				                      10.0.0.2: refused
				                      Warning: Not every address answers
				tls          failed   The certificate has expired
				                      Warning: nothing is encrypted
				                      Fix: Rotate it
				                      Fix: Check the clock
				login        skipped

				Failed: tls, 2 warnings.
				""");
		assertThat(report.toMap()).containsOnlyKeys("outcome", "steps").containsEntry("outcome", "failed");
		assertThat(report.toMap().get("steps")).asInstanceOf(InstanceOfAssertFactories.LIST)
			.hasSize(4)
			.element(2)
			.isEqualTo(Map.of("name", "tls", "outcome", "failed", "seen", List.of("The certificate has expired"),
					"warnings", List.of("nothing is encrypted"), "fixes", List.of("Rotate it", "Check the clock")));
	}

	@Test
	void reportWithoutAFailurePasses() {
		DoctorReport report = new DoctorReport(List.of(DNS, LOGIN));
		assertThat(report.passed()).isTrue();
		assertThat(report.text()).endsWith("\n\nAll steps passed.\n");
		assertThat(report.toMap()).containsEntry("outcome", "passed");
		assertThat(new DoctorReport(List.of(TCP)).text()).endsWith("\n\nAll steps passed, 1 warning.\n");
		assertThat(new DoctorReport(List.of(TLS, TLS)).text()).endsWith("\n\nFailed: tls, tls, 2 warnings.\n");
	}

	@Test
	void fixThatSeveralStepsHaveIsWrittenOnce() {
		Step limits = new Step("limits", Outcome.FAILED, List.of("The query failed"), List.of(),
				List.of("Check the server's log", "Try again", "Check the server's log"));
		Step grants = new Step("grants", Outcome.FAILED, List.of("The query failed"), List.of(),
				List.of("Try again", "Grant it", "Check the server's log"));
		assertThat(limits.fixes()).containsExactly("Check the server's log", "Try again");
		assertThat(new DoctorReport(List.of(limits, grants)).text()).isEqualTo("""
				limits       failed   The query failed
				                      Fix: Check the server's log
				                      Fix: Try again
				grants       failed   The query failed
				                      Fix: as for limits
				                      Fix: Grant it

				Failed: limits, grants.
				""");
		assertThat(new DoctorReport(List.of(limits, grants)).toMap().toString())
			.contains("fixes=[Try again, Grant it, Check the server's log]");
	}

	@Test
	void lineThatIsSeenTwiceStays() {
		Step tls = new Step("tls", Outcome.PASSED, List.of("issued by CN=Root", "issued by CN=Root"), List.of(),
				List.of());
		assertThat(new DoctorReport(List.of(tls)).text())
			.startsWith("tls          passed   issued by CN=Root\n                      issued by CN=Root\n");
	}

	@Test
	void stepFailsByWhatIsNoted() {
		StepNotes notes = new StepNotes("tls");
		notes.see("TLSv1.3");
		notes.warn("The name is not verified");
		assertThat(notes.hasFailed()).isFalse();
		notes.fail("The certificate has expired", "Rotate it");
		assertThat(notes.hasFailed()).isTrue();
		assertThat(notes.toStep())
			.isEqualTo(new Step("tls", Outcome.FAILED, List.of("TLSv1.3", "The certificate has expired"),
					List.of("The name is not verified"), List.of("Rotate it")));
		StepNotes skipped = new StepNotes("login");
		skipped.skip("needs tls");
		assertThat(skipped.hasFailed()).isFalse();
		assertThat(skipped.toStep().outcome()).isEqualTo(Outcome.SKIPPED);
	}

	@Test
	void reportWithoutADataSourceSkipsEveryStep() {
		DoctorReport report = ConnectionDoctor
			.withoutDataSource(new Step("settings", Outcome.FAILED, List.of("no host"), List.of(), List.of()));
		assertThat(report.steps()).extracting(Step::name)
			.containsExactly("settings", "dns", "tcp", "tls", "credentials", "login", "server", "rds_iam", "limits",
					"grants");
		assertThat(report.steps().subList(1, 10)).allSatisfy((step) -> {
			assertThat(step.outcome()).isEqualTo(Outcome.SKIPPED);
			assertThat(step.seen()).containsExactly("needs settings");
		});
		assertThat(report.passed()).isFalse();
	}

}
