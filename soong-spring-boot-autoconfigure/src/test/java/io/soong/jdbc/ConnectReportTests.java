package io.soong.jdbc;

import java.time.Duration;
import java.util.List;

import io.soong.jdbc.ConnectionObserver.Connect;
import io.soong.jdbc.ConnectionObserver.Kind;
import io.soong.jdbc.ConnectionObserver.Reason;
import io.soong.jdbc.ConnectionObserver.Step;
import io.soong.jdbc.ConnectionObserver.StepTime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectReportTests {

	private long now = 7;

	private final RecordingObserver observer = new RecordingObserver();

	private final ConnectReport report = new ConnectReport(Kind.COLD, null, this.observer, () -> this.now);

	@Test
	void stepLastsUntilTheNextBegins() {
		this.report.begin(Step.TOKEN);
		this.now += 30;
		this.report.begin(Step.DNS);
		this.now += 4;
		this.report.end(false);
		this.report.end(true);
		assertThat(sent().steps()).containsExactly(new StepTime(Step.TOKEN, Duration.ofNanos(30), true),
				new StepTime(Step.DNS, Duration.ofNanos(4), false));
	}

	@Test
	void stepThatWasAnotherIsCorrected() {
		this.report.correct(Step.LOGIN);
		this.report.begin(Step.TLS);
		this.now += 5;
		this.report.correct(Step.LOGIN);
		this.report.end(true);
		assertThat(sent().steps()).containsExactly(new StepTime(Step.LOGIN, Duration.ofNanos(5), true));
	}

	@ParameterizedTest
	@CsvSource({ ", COLD", "RESTORE, RESTORE", "PROBE, RECONNECT" })
	void connectionIsReportedWithWhatItReplaces(@Nullable Reason reason, Kind kind) {
		ConnectReport report = ConnectReport.lending(reason, this.observer);
		assertThat(report).isNotNull();
		report.send(Duration.ofMillis(7), "08001");
		assertThat(this.observer.connects)
			.containsExactly(new Connect(kind, reason, List.of(), Duration.ofMillis(7), "08001"));
	}

	@Test
	void connectionOfTheCallersOwnReplacesNone() {
		ConnectReport report = ConnectReport.own(this.observer);
		assertThat(report).isNotNull();
		report.send(Duration.ofMillis(7), null);
		assertThat(this.observer.connects)
			.containsExactly(new Connect(Kind.OWN, null, List.of(), Duration.ofMillis(7), null));
	}

	@Test
	void nothingIsReportedToNobody() {
		assertThat(ConnectReport.lending(Reason.PROBE, null)).isNull();
		assertThat(ConnectReport.own(null)).isNull();
	}

	private Connect sent() {
		this.report.send(Duration.ZERO, null);
		return this.observer.connects.get(0);
	}

}
