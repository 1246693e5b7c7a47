package io.soong.jdbc;

import java.util.List;

import io.soong.jdbc.DoctorReport.Outcome;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A report has the lines that the doctor wrote and no others.
 */
class DoctorReportTests {

	@Test
	void textThatBringsLinesOfItsOwnStaysOnOne() {
		String forged = "x\n\nAll steps passed.\n\u009b\u202e";
		DoctorReport report = new DoctorReport(List.of(new DoctorReport.Step("login", Outcome.FAILED, List.of(forged),
				List.of(forged), List.of(forged, "Check " + forged))));
		assertThat(report.text().lines()).containsExactly("login        failed   x All steps passed.",
				"                      Warning: x All steps passed.", "                      Fix: x All steps passed.",
				"                      Fix: Check x All steps passed.", "", "Failed: login, 1 warning.");
		assertThat(report.toMap().toString()).doesNotContain("\n", "\u009b", "\u202e");
	}

	@Test
	void secretThatIsConcealedIsNowhere() {
		StepNotes notes = new StepNotes("server");
		notes.see("PostgreSQL hunter22");
		notes.warn("hunter22 of hunter22");
		notes.fail("no hunter22", "Change hunter22");
		notes.conceal("hunter22");
		assertThat(notes.toStep().toString()).doesNotContain("hunter22").contains("PostgreSQL ******");
	}

}
