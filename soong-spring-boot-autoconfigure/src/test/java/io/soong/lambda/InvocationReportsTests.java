package io.soong.lambda;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;

import com.amazonaws.services.lambda.runtime.Context;
import io.soong.jdbc.Invocation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.MDC;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class InvocationReportsTests {

	private final MockEnvironment environment = new MockEnvironment();

	private final Context context = EmbeddedMetricsTests.context("gizmo", "1", "8f-1");

	@AfterEach
	void clear() {
		MDC.clear();
	}

	@Test
	void reportsWhenNothingIsSetAreAbsent() {
		assertThat(FunctionEndpoint.reports(this.environment)).isNull();
	}

	@Test
	void metricsAreWrittenAloneWhereTheLogIsNotAskedFor(CapturedOutput output) {
		this.environment.setProperty("soong.metrics.emf", "true");
		report(() -> assertThat(MDC.get("AWSRequestId")).isNull());
		assertThat(output.getOut()).contains("{\"_aws\"").doesNotContain("connection=none");
	}

	@Test
	void logIsWrittenAloneWhereMetricsAreNotAskedFor(CapturedOutput output) {
		this.environment.setProperty("soong.invocation-log", "true");
		report(() -> assertThat(MDC.get("AWSRequestId")).isEqualTo("8f-1"));
		assertThat(MDC.get("AWSRequestId")).isNull();
		assertThat(output.getOut()).contains("connection=none statements=0").doesNotContain("{\"_aws\"");
	}

	@Test
	void requestIdWithControlCharactersIsHarmless() {
		this.environment.setProperty("soong.invocation-log", "true");
		InvocationReports reports = FunctionEndpoint.reports(this.environment);
		assertThat(reports).isNotNull();
		try (Invocation invocation = Invocation.open("8f-1", null)) {
			InvocationReports.Report report = reports.begin(invocation,
					EmbeddedMetricsTests.context("gizmo", "1", "8f\n\u001b[2J\u00e9-1"));
			assertThat(MDC.get("AWSRequestId")).isEqualTo("8f__[2J_-1");
			report.end();
		}
	}

	@Test
	void requestIdThatWasThereBeforeIsKept() {
		this.environment.setProperty("soong.invocation-log", "true");
		MDC.put("AWSRequestId", "outer");
		report(() -> assertThat(MDC.get("AWSRequestId")).isEqualTo("8f-1"));
		assertThat(MDC.get("AWSRequestId")).isEqualTo("outer");
	}

	@Test
	void reportThatCannotBeWrittenFailsNothing() {
		this.environment.setProperty("soong.metrics.emf", "true");
		this.environment.setProperty("soong.invocation-log", "true");
		PrintStream out = System.out;
		System.setOut(new PrintStream(new ByteArrayOutputStream()) {

			@Override
			public void write(byte[] bytes, int offset, int length) {
				throw new IllegalStateException("broken");
			}

		});
		try {
			report(() -> {
			});
		}
		finally {
			System.setOut(out);
		}
		assertThat(MDC.get("AWSRequestId")).isNull();
	}

	private void report(Runnable work) {
		InvocationReports reports = FunctionEndpoint.reports(this.environment);
		assertThat(reports).isNotNull();
		try (Invocation invocation = Invocation.open("8f-1", null)) {
			InvocationReports.Report report = reports.begin(invocation, this.context);
			work.run();
			report.end();
		}
	}

}
