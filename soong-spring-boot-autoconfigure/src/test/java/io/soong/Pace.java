package io.soong;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

import io.soong.jdbc.ConnectionSettings;
import io.soong.jdbc.SoongDataSource;

/**
 * How much time a test has to give to what takes next to none, on this machine: ten times
 * what a first connection and its end take, and no less than 400 ms.
 */
public final class Pace {

	private static final Duration SHORTEST = Duration.ofMillis(400);

	private static final Duration MOMENT = measure();

	private Pace() {
	}

	/**
	 * Returns the time for a few statements.
	 */
	public static Duration moment() {
		return MOMENT;
	}

	private static Duration measure() {
		ConnectionSettings settings = SharedRds.settings().build();
		long longest = 0;
		for (int i = 0; i < 3; i++) {
			long start = System.nanoTime();
			try (SoongDataSource dataSource = new SoongDataSource(settings, SharedRds.iam());
					Connection connection = dataSource.getConnection()) {
				connection.createStatement().execute("SELECT 1");
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
			longest = (i > 0) ? Math.max(longest, System.nanoTime() - start) : 0;
		}
		Duration moment = Duration.ofNanos(10 * longest);
		return (moment.compareTo(SHORTEST) > 0) ? moment : SHORTEST;
	}

}
