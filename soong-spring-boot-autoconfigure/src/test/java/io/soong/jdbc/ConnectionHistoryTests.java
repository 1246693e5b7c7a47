package io.soong.jdbc;

import java.time.Duration;
import java.util.List;

import io.soong.jdbc.ConnectionObserver.Connect;
import io.soong.jdbc.ConnectionObserver.Kind;
import io.soong.jdbc.ConnectionObserver.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Why connections ended, and what the next one is for.
 */
class ConnectionHistoryTests {

	private final ConnectionHistory history = new ConnectionHistory();

	@Test
	void connectionThatEndedIsReplacedOnce() {
		this.history.add(Reason.PROBE);
		this.history.add(null);
		this.history.add(Reason.MAX_LIFETIME);
		assertThat(this.history.take()).isEqualTo(Reason.PROBE);
		assertThat(this.history.take()).isEqualTo(Reason.MAX_LIFETIME);
		assertThat(this.history.take()).isNull();
	}

	@Test
	void connectionsOfBeforeASnapshotAreForgotten() {
		this.history.add(Reason.PROBE);
		this.history.restore();
		assertThat(this.history.take()).isEqualTo(Reason.RESTORE);
		assertThat(this.history.take()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ ", COLD", "RESTORE, RESTORE", "PROBE, RECONNECT" })
	void connectionIsReportedWithWhatItReplaces(@Nullable Reason reason, Kind kind) {
		RecordingObserver observer = new RecordingObserver();
		Occasion.lending(reason, observer).report(List.of(), Duration.ofMillis(7), "08001");
		assertThat(observer.connects)
			.containsExactly(new Connect(kind, reason, List.of(), Duration.ofMillis(7), "08001"));
	}

	@Test
	void connectionOfTheCallersOwnReplacesNone() {
		RecordingObserver observer = new RecordingObserver();
		Occasion.own(observer).report(List.of(), Duration.ofMillis(7), null);
		assertThat(observer.connects)
			.containsExactly(new Connect(Kind.OWN, null, List.of(), Duration.ofMillis(7), null));
	}

}
