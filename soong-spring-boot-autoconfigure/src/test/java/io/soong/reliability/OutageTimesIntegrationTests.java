package io.soong.reliability;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;

import io.soong.jdbc.SettableClock;
import io.soong.jdbc.SoongConnectionException;
import io.soong.jdbc.SoongDataSource;
import io.soong.test.Moment;
import io.soong.test.RdsLookalike;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * How long it takes until a function is told of an outage, or has another connection. The
 * figures are logged. Asserted is only that every call ends, because the machine may be
 * busy.
 */
class OutageTimesIntegrationTests {

	private static final Log logger = LogFactory.getLog(OutageTimesIntegrationTests.class);

	private static final Duration BUDGET = Duration.ofMillis(500);

	private static final Duration HANGS = Duration.ofSeconds(10);

	private static final int REPETITIONS = 3;

	private static RdsLookalike rds;

	@BeforeAll
	static void start() {
		rds = RdsLookalike.builder().iamUser("jane_doe").start();
	}

	@AfterAll
	static void stop() {
		rds.close();
	}

	@AfterEach
	void clearFaults() {
		rds.clearFaults();
	}

	@Test
	void outageIsReportedWhenTheBudgetIsSpent() throws Exception {
		report("nobody listens", () -> rds.refuseConnections(true));
		report("packets are dropped", () -> rds.ignoreConnections(true));
		report("black-holed as it connects", () -> rds.when(Moment.connect()).always().blackHole());
		report("stalled in the TLS handshake", () -> rds.when(Moment.tlsHandshake()).always().stall());
		report("stalled in the login", () -> rds.when(Moment.login()).always().stall());
		report("too many connections",
				() -> rds.refuseLogins(Integer.MAX_VALUE, "53300", "sorry, too many clients already"));
		report("the check of tokens fails", () -> rds.failTokenChecks(1000));
	}

	@Test
	void connectionThatWasBlackHoledWhileIdleIsReplaced() throws SQLException {
		SettableClock clock = new SettableClock();
		try (SoongDataSource dataSource = dataSource(Duration.ofSeconds(20), clock)) {
			query(dataSource);
			long[] times = new long[REPETITIONS];
			for (int i = 0; i < REPETITIONS; i++) {
				assertThat(rds.blackHoleConnections()).isPositive();
				clock.advance(Duration.ofMinutes(5));
				long start = System.nanoTime();
				query(dataSource);
				times[i] = millisSince(start);
				rds.clearFaults();
			}
			log("A black-holed idle connection was replaced, after", times);
		}
	}

	private static void report(String outage, Happening happening) throws Exception {
		long[] times = new long[REPETITIONS];
		happening.happen();
		for (int i = 0; i < REPETITIONS; i++) {
			try (SoongDataSource dataSource = dataSource(BUDGET, new SettableClock())) {
				long start = System.nanoTime();
				assertThatExceptionOfType(SoongConnectionException.class).as(outage)
					.isThrownBy(() -> query(dataSource));
				times[i] = millisSince(start);
			}
		}
		rds.clearFaults();
		log("With a budget of " + BUDGET.toMillis() + " ms, '" + outage + "' was reported after", times);
	}

	private static SoongDataSource dataSource(Duration budget, SettableClock clock) {
		return new SoongDataSource(Environment.settings(rds).hostaddr(rds.address()).connectTimeout(budget).build(),
				Environment.iam(rds), clock);
	}

	private static void query(SoongDataSource dataSource) throws SQLException {
		try (Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement()) {
			statement.execute("SELECT 1");
		}
	}

	private static long millisSince(long start) {
		long millis = (System.nanoTime() - start) / 1_000_000;
		assertThat(millis).isLessThan(HANGS.toMillis());
		return millis;
	}

	private static void log(String what, long[] millis) {
		Arrays.sort(millis);
		logger.info(what + " " + millis[REPETITIONS / 2] + " ms (median of " + REPETITIONS + "; at most "
				+ millis[REPETITIONS - 1] + " ms)");
	}

	/**
	 * What goes wrong.
	 */
	@FunctionalInterface
	private interface Happening {

		void happen() throws Exception;

	}

}
