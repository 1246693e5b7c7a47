package io.soong.reliability;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.soong.jdbc.SoongDataSource;
import io.soong.test.Login;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Hundreds of environments that lost their connections at one moment, and want new ones
 * at one moment, of a server that has fewer and lets in only so many a second.
 */
class StormIntegrationTests {

	private static final int ENVIRONMENTS = Integer.getInteger("soong.reliability.environments", 200);

	private static final int LOGINS_A_SECOND = 200;

	@Test
	void everybodyIsServedWithinTheBudget() throws Exception {
		try (RdsLookalike rds = RdsLookalike.builder().iamUser("jane_doe").setting("max_connections", "50").start()) {
			List<SoongDataSource> connected = new ArrayList<>();
			for (int i = 0; i < 40; i++) {
				SoongDataSource dataSource = dataSource(rds);
				query(dataSource);
				connected.add(dataSource);
			}
			List<SoongDataSource> all = new ArrayList<>(connected);
			while (all.size() < ENVIRONMENTS) {
				all.add(dataSource(rds));
			}
			rds.limitLogins(LOGINS_A_SECOND);
			rds.killConnections();
			int before = rds.logins().size();
			long slowest = storm(all);
			List<Login> logins = rds.logins().subList(before, rds.logins().size());
			long accepted = logins.stream().filter(Login::accepted).count();
			double attempts = (double) logins.size() / ENVIRONMENTS;
			System.out.printf("Storm: %d environments, %d logins of which %d accepted, %.2f attempts a success, the "
					+ "slowest after %d ms%n", ENVIRONMENTS, logins.size(), accepted, attempts, slowest);
			assertThat(accepted).isEqualTo(ENVIRONMENTS);
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
					query(dataSource);
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

	private static void query(SoongDataSource dataSource) throws SQLException {
		try (Connection connection = dataSource.getConnection(); Statement statement = connection.createStatement()) {
			statement.execute("SELECT pg_sleep(0.05)");
		}
	}

	private static SoongDataSource dataSource(RdsLookalike rds) {
		return new SoongDataSource(
				Environment.settings(rds).hostaddr(rds.address()).validateAfter(Duration.ZERO).build(),
				Environment.iam(rds), Clock.systemUTC());
	}

}
