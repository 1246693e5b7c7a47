package io.soong.jdbc;

import java.sql.SQLTransientConnectionException;
import java.time.Duration;

import org.crac.Core;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A snapshot of a process that cannot reach its database.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class CheckpointTests {

	private final ConnectionSettings settings = ConnectionSettings.builder("localhost").user("jane_doe").build();

	private @Nullable Throwable unexpected;

	private int asked;

	@Test
	void everythingIsForgottenWherePrimingFailsUnexpectedly(CapturedOutput output) throws Exception {
		assertForgets(new IllegalStateException("as it must"));
		assertThat(output).contains("could not be queried before the snapshot: as it must");
	}

	@Test
	void everythingIsForgottenWherePrimingEndsWithAnError() throws Exception {
		assertForgets(new LinkageError("as it must"));
	}

	private void assertForgets(Throwable failure) throws Exception {
		SettableClock clock = new SettableClock();
		ConnectionOpener opener = new ConnectionOpener(this.settings, (endpoint) -> {
			this.asked++;
			throw new SQLTransientConnectionException("out of reach", "08001");
		}, clock, (refused, attempts) -> {
			if (this.unexpected instanceof RuntimeException ex) {
				throw ex;
			}
			if (this.unexpected instanceof Error ex) {
				throw ex;
			}
			return Duration.ofDays(1);
		}, (millis) -> {
		});
		try (SoongDataSource dataSource = new SoongDataSource(this.settings, clock, opener)) {
			assertThatExceptionOfType(SoongConnectionException.class).isThrownBy(dataSource::getConnection);
			assertThatExceptionOfType(SoongConnectionException.class).isThrownBy(dataSource::getConnection)
				.withMessageContaining("Tried 0 ms ago");
			this.unexpected = failure;
			checkpoint(dataSource).beforeCheckpoint(Core.getGlobalContext());
			assertThat(this.asked).isEqualTo(2);
			this.unexpected = null;
			assertThatExceptionOfType(SoongConnectionException.class).isThrownBy(dataSource::getConnection)
				.withMessageNotContaining("Tried");
		}
	}

	private static Checkpoint checkpoint(SoongDataSource dataSource) {
		return new Checkpoint(dataSource::isClosed, dataSource::prime, dataSource::purge);
	}

}
