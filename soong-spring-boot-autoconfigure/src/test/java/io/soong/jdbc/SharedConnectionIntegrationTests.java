package io.soong.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.soong.SharedRds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two threads of an invocation that use one loan, which JDBC allows.
 */
@Timeout(50)
class SharedConnectionIntegrationTests {

	private static final Duration DEADLINE = Duration.ofSeconds(4);

	@Test
	void statementThatWaitedForThatOfAnotherThreadIsCutShortByTheDeadline() throws Exception {
		try (SoongDataSource dataSource = new SoongDataSource(SharedRds.settings().build(), SharedRds.iam());
				Connection other = SharedRds.rds().openAdminConnection();
				Statement lock = other.createStatement()) {
			lock.execute("SELECT pg_advisory_lock(4711)");
			Invocation invocation = Invocation.open("shared", DEADLINE);
			try (Connection connection = dataSource.getConnection()) {
				CompletableFuture<Throwable> first = new CompletableFuture<>();
				start(connection, "SELECT pg_advisory_xact_lock(4711)", first);
				awaitLockWait(lock);
				CompletableFuture<Throwable> second = new CompletableFuture<>();
				Thread thread = start(connection, "SELECT pg_sleep(60)", second);
				while (thread.getState() != Thread.State.WAITING && thread.isAlive()) {
					Thread.onSpinWait();
				}
				lock.execute("SELECT pg_advisory_unlock(4711)");
				assertThat(first.join()).isInstanceOf(NothingFailed.class);
				assertThat(second.join()).isInstanceOf(SQLTimeoutException.class)
					.hasMessageContaining(invocation.toString());
			}
			finally {
				invocation.close();
			}
		}
	}

	private static Thread start(Connection connection, String sql, CompletableFuture<Throwable> outcome) {
		Thread thread = new Thread(() -> {
			try (Statement statement = connection.createStatement()) {
				statement.execute(sql);
				outcome.complete(new NothingFailed());
			}
			catch (SQLException | RuntimeException ex) {
				outcome.complete(ex);
			}
		});
		thread.start();
		return thread;
	}

	private static void awaitLockWait(Statement statement) throws SQLException {
		boolean waits = false;
		while (!waits) {
			try (ResultSet resultSet = statement
				.executeQuery("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)")) {
				resultSet.next();
				waits = resultSet.getBoolean(1);
			}
		}
	}

	private static final class NothingFailed extends Exception {

		private static final long serialVersionUID = 1L;

	}

}
