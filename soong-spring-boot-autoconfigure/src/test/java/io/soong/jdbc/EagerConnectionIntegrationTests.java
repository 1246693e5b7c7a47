package io.soong.jdbc;

import java.lang.ref.Reference;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.soong.SharedRds;
import io.soong.auth.DatabaseCredentialsProvider;
import io.soong.test.Fault;
import io.soong.test.Login;
import io.soong.test.Moment;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.Test;

import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class EagerConnectionIntegrationTests {

	private final RdsLookalike rds = SharedRds.rds();

	private final SettableClock clock = new SettableClock();

	private final AtomicInteger signed = new AtomicInteger();

	private final CountDownLatch background = new CountDownLatch(1);

	@Test
	void connectionIsWhatTheFirstBorrowerGets() throws SQLException {
		try (SoongDataSource dataSource = dataSource("eager_ready", counting(SharedRds.iam()))) {
			dataSource.openEagerly();
			dataSource.openEagerly();
			dataSource.getConnection().close();
			this.clock.advance(Duration.ofHours(2));
			dataSource.getConnection().close();
			assertThat(this.signed).hasValue(1);
		}
	}

	@Test
	void connectionWhenUnderWayIsWaitedFor() throws Exception {
		DatabaseCredentialsProvider slow = (endpoint) -> {
			awaitBackground();
			return SharedRds.iam().credentials(endpoint);
		};
		try (SoongDataSource dataSource = dataSource("eager_joined", counting(slow))) {
			dataSource.openEagerly();
			Thread borrower = new Thread(() -> borrow(dataSource));
			borrower.start();
			await().until(() -> borrower.getState() == Thread.State.TIMED_WAITING);
			this.background.countDown();
			borrower.join();
			assertThat(this.signed).hasValue(1);
		}
	}

	@Test
	void connectionWhenStuckForLongIsAbandonedAndClosedInTheEnd() throws Exception {
		Fault stuck = this.rds.when(Moment.login()).stall();
		int before = this.rds.logins().size();
		try (SoongDataSource dataSource = dataSource("eager_stuck", counting(SharedRds.iam()))) {
			dataSource.openEagerly();
			Object eager = eagerConnection(dataSource);
			stuck.await();
			this.clock.advance(Duration.ofSeconds(6));
			try (Connection connection = dataSource.getConnection()) {
				assertThat(connection.isValid(1)).isTrue();
				assertThat(this.signed).hasValue(2);
				this.rds.clearFaults();
				await().until(() -> this.rds.logins().size() == before + 2);
				await().untilAsserted(() -> assertThat(sessions("eager_stuck")).isEqualTo(1));
				Reference.reachabilityFence(eager);
			}
		}
	}

	@Test
	void connectionWhenItFailsIsOpenedByTheBorrower() throws SQLException {
		DatabaseCredentialsProvider failing = (endpoint) -> {
			if (Thread.currentThread().getName().equals("soong-eager-connection")) {
				throw new SQLException("not in the background");
			}
			return SharedRds.iam().credentials(endpoint);
		};

		try (SoongDataSource dataSource = dataSource("eager_failed", counting(failing))) {
			dataSource.openEagerly();
			await().until(() -> this.signed.get() == 1);
			dataSource.getConnection().close();
			assertThat(this.rds.logins()).last().matches(Login::accepted);
		}
	}

	@Test
	void connectionWhenItsTimeIsUsedUpIsNoOutageToTheBorrower() throws SQLException {
		ConnectionSettings settings = SharedRds.settings().build();
		// Longer than what is left, as after a freeze in the middle of the login
		ConnectionOpener opener = new ConnectionOpener(settings, SharedRds.iam(), this.clock,
				(failure, attempts) -> Duration.ofDays(1), (millis) -> {
				});
		this.rds.refuseLogins(1, "57P03", "starting");
		int before = this.rds.logins().size();
		try (SoongDataSource dataSource = new SoongDataSource(settings, this.clock, opener)) {
			dataSource.openEagerly();
			dataSource.getConnection().close();
		}
		assertThat(this.rds.logins().subList(before, this.rds.logins().size())).extracting(Login::accepted)
			.containsExactly(false, true);
	}

	@Test
	void connectionWhenDataSourceIsClosedFirstIsClosedInTheEnd() throws Exception {
		Fault stuck = this.rds.when(Moment.login()).stall();
		int before = this.rds.logins().size();
		SoongDataSource dataSource = dataSource("eager_closed", SharedRds.iam());
		dataSource.openEagerly();
		Object eager = eagerConnection(dataSource);
		stuck.await();
		dataSource.close();
		this.rds.clearFaults();
		await().until(() -> this.rds.logins().size() == before + 1);
		await().untilAsserted(() -> assertThat(sessions("eager_closed")).isZero());
		Reference.reachabilityFence(eager);
	}

	@Test
	void connectionWhenAbandonedIsNotTriedAgain() throws Exception {
		CompletableFuture<Thread> pausing = new CompletableFuture<>();
		ConnectionSettings settings = SharedRds.settings().applicationName("eager_full").build();
		EagerConnection eager = new EagerConnection(new ConnectionOpener(settings, counting(SharedRds.iam()),
				this.clock, new Backoff(new Random(7))::pauseAfter, (millis) -> {
					pausing.complete(Thread.currentThread());
					this.background.await();
				}), this.clock, null);
		this.rds.refuseLogins(1, "53300", "sorry, too many clients already");
		eager.start();
		Thread thread = pausing.get();
		eager.abandon();
		thread.join();
		assertThat(this.signed).hasValue(1);
	}

	/**
	 * Returns what holds the connection, for the test to hold it too: the driver closes a
	 * forgotten one when the garbage collector finds it, which must not look as if it had
	 * been closed.
	 */
	private static Object eagerConnection(SoongDataSource dataSource) {
		AtomicReference<?> eager = (AtomicReference<?>) ReflectionTestUtils.getField(dataSource, "eager");
		return Objects.requireNonNull(Objects.requireNonNull(eager).get());
	}

	private SoongDataSource dataSource(String name, DatabaseCredentialsProvider credentials) {
		return new SoongDataSource(SharedRds.settings().applicationName(name).maxLifetime(Duration.ZERO).build(),
				credentials, this.clock);
	}

	private DatabaseCredentialsProvider counting(DatabaseCredentialsProvider credentials) {
		return (endpoint) -> {
			this.signed.incrementAndGet();
			return credentials.credentials(endpoint);
		};
	}

	private void awaitBackground() throws SQLException {
		try {
			this.background.await();
		}
		catch (InterruptedException ex) {
			throw new SQLException(ex);
		}
	}

	private static void borrow(SoongDataSource dataSource) {
		try {
			dataSource.getConnection().close();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private int sessions(String name) throws SQLException {
		try (Connection admin = this.rds.openAdminConnection();
				Statement statement = admin.createStatement();
				ResultSet resultSet = statement
					.executeQuery("SELECT count(*) FROM pg_stat_activity WHERE application_name = '" + name + "'")) {
			assertThat(resultSet.next()).isTrue();
			return resultSet.getInt(1);
		}
	}

}
