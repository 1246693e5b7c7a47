package io.soong.jdbc;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

/**
 * Remembers for a random 1 to 3 s that the whole time to connect was spent without
 * reaching the database. The next borrower then fails immediately instead of waiting
 * again. By wall clock, so a freeze ends it. Thread-safe.
 */
final class Outage {

	private final Clock clock;

	private final RandomGenerator random;

	private volatile @Nullable Report report;

	Outage(Clock clock, RandomGenerator random) {
		this.clock = clock;
		this.random = random;
	}

	void begin(SoongConnectionException failure) {
		Instant now = this.clock.instant();
		this.report = new Report(failure, now, now.plusMillis(this.random.nextLong(1000, 3001)));
	}

	void end() {
		this.report = null;
	}

	/**
	 * Fails if an outage was reported less than 1 to 3 s ago.
	 */
	void check() throws SoongConnectionException {
		Report report = this.report;
		if (report != null) {
			Instant now = this.clock.instant();
			if (now.isBefore(report.until()) && !now.isBefore(report.since())) {
				throw report.failure().again(Duration.between(report.since(), now));
			}
			this.report = null;
		}
	}

	private record Report(SoongConnectionException failure, Instant since, Instant until) {

	}

}
