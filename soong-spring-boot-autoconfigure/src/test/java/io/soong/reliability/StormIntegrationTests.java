package io.soong.reliability;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.soong.jdbc.SoongDataSource;
import io.soong.test.Login;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A fleet of environments that want connections at one moment, of a server that has fewer
 * and checks only so many tokens a second. What becomes of larger fleets within the
 * default budget is decided by a simulation, in {@code StormTests}, as a real server can
 * be slower than the budget allows for.
 */
class StormIntegrationTests {

	private static final String ENVIRONMENTS = System.getProperty("soong.reliability.environments", "100");

	private static final Duration BUDGET = Duration
		.ofSeconds(Long.getLong("soong.reliability.budget", Duration.ofMinutes(5).toSeconds()));

	/** What RDS takes, about. */
	private static final int LOGINS_A_SECOND = 200;

	/** So many have a connection as it begins. */
	private static final int CONNECTED = 40;

	private final AtomicInteger attempts = new AtomicInteger();

	static Stream<Integer> environments() {
		return Stream.of(ENVIRONMENTS.split(",")).map(Integer::valueOf);
	}

	@ParameterizedTest
	@MethodSource("environments")
	void everybodyIsServedWithinTheBudget(int environments) throws Exception {
		int maxConnections = (environments > 1000) ? 100 : 50;
		try (RdsLookalike rds = RdsLookalike.builder()
			.iamUser("jane_doe")
			.setting("max_connections", String.valueOf(maxConnections))
			.start()) {
			List<SoongDataSource> all = new ArrayList<>();
			while (all.size() < environments) {
				SoongDataSource dataSource = dataSource(rds);
				query(dataSource, "SELECT 1");
				if (all.size() >= CONNECTED) {
					try (Connection connection = dataSource.getConnection()) {
						connection.abort(Runnable::run);
					}
				}
				all.add(dataSource);
			}
			int loginsBefore = rds.logins().size();
			rds.limitLogins(LOGINS_A_SECOND);
			rds.killConnections();
			this.attempts.set(0);
			long slowest = storm(all);
			System.out.printf(
					"Storm: %d environments, max_connections %d, %d logins a second: all served, %.2f attempts "
							+ "a success, the slowest after %d ms%n",
					environments, maxConnections, LOGINS_A_SECOND, this.attempts.doubleValue() / environments, slowest);
			assertThat(rds.logins().subList(loginsBefore, rds.logins().size())).filteredOn(Login::accepted)
				.hasSize(environments);
		}
	}

	/**
	 * Lets every environment handle an event and end. Returns how long the slowest took.
	 */
	private static long storm(List<SoongDataSource> dataSources) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(dataSources.size());
		try {
			CountDownLatch start = new CountDownLatch(1);
			List<Future<Long>> results = new ArrayList<>();
			for (SoongDataSource dataSource : dataSources) {
				results.add(threads.submit(() -> {
					start.await();
					long begin = System.nanoTime();
					query(dataSource, "SELECT pg_sleep(0.4)");
					dataSource.close();
					return Duration.ofNanos(System.nanoTime() - begin).toMillis();
				}));
			}
			start.countDown();
			long slowest = 0;
			for (Future<Long> result : results) {
				slowest = Math.max(slowest, result.get());
			}
			return slowest;
		}
		finally {
			threads.shutdownNow();
		}
	}

	private static void query(SoongDataSource dataSource, String sql) throws SQLException {
		try (Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	/**
	 * Every attempt signs a token of its own.
	 */
	private SoongDataSource dataSource(RdsLookalike rds) {
		return new SoongDataSource(Environment.settings(rds)
			.hostaddr(rds.address())
			.validateAfter(Duration.ZERO)
			.connectTimeout(BUDGET)
			.build(), Environment.iam(rds, this.attempts::incrementAndGet));
	}

}
