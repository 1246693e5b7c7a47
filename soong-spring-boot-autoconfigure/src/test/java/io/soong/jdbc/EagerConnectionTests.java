package io.soong.jdbc;

import java.io.IOException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;

import io.soong.auth.DatabaseCredentials;
import io.soong.auth.DatabaseCredentialsProvider;
import io.soong.jdbc.ConnectionSettings.SslMode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A connection opened in the background, to a server that accepts every login.
 */
@Timeout(60)
class EagerConnectionTests {

	private final SettableClock clock = new SettableClock();

	private final CountDownLatch answer = new CountDownLatch(1);

	private @Nullable ImpostorServer server;

	@BeforeEach
	void start() throws IOException {
		this.server = new ImpostorServer(null, ImpostorServer.ACCEPT, new byte[0]);
	}

	@AfterEach
	void stop() throws IOException {
		this.answer.countDown();
		server().close();
	}

	@Test
	void connectionThatIsReadyIsTakenHoweverOldItIs() {
		EagerConnection eager = eager((endpoint) -> new DatabaseCredentials("bob", null), (millis) -> {
		});
		eager.start();
		awaitEnd();
		this.clock.advance(Duration.ofHours(2));
		PhysicalConnection connection = eager.take(Duration.ZERO);
		assertThat(connection).isNotNull();
		assertThat(server().left()).isZero();
		connection.abort();
	}

	@Test
	void connectionThatIsReadyIsClosedWhenAbandoned() {
		EagerConnection eager = eager((endpoint) -> new DatabaseCredentials("bob", null), (millis) -> {
		});
		eager.start();
		awaitEnd();
		eager.abandon();
		await().until(() -> server().left() == 1);
		assertThat(eager.take(Duration.ZERO)).isNull();
	}

	@Test
	void connectionThatIsReadyAfterItWasAbandonedIsClosed() {
		AtomicReference<@Nullable EagerConnection> started = new AtomicReference<>();
		int[] asked = new int[1];
		EagerConnection eager = eager((endpoint) -> {
			if (asked[0]++ == 0) {
				throw new SQLTransientConnectionException("not yet", "08001");
			}
			return new DatabaseCredentials("bob", null);
		}, (millis) -> {
			EagerConnection abandoned = started.get();
			assertThat(abandoned).isNotNull();
			abandoned.abandon();
			// As an attempt that is past all that can be interrupted
			assertThat(Thread.interrupted()).isTrue();
		});
		started.set(eager);
		eager.start();
		await().until(() -> server().left() == 1);
		assertThat(asked[0]).isEqualTo(2);
		assertThat(eager.take(Duration.ZERO)).isNull();
	}

	/**
	 * The attempt succeeds as soon as it is waited for.
	 */
	@ParameterizedTest
	@CsvSource({ "0, 60000, true", "5000, 60000, false", "5001, 60000, false", "-1, 60000, false", "0, 0, false" })
	void connectionThatIsBeingOpenedIsWaitedForOnlyIfItIsFresh(long age, long longest, boolean taken) throws Exception {
		EagerConnection eager = eager((endpoint) -> {
			awaitAnswer();
			return new DatabaseCredentials("bob", null);
		}, (millis) -> {
		});
		eager.start();
		this.clock.advance(Duration.ofMillis(age));
		FutureTask<Boolean> task = new FutureTask<>(() -> {
			PhysicalConnection connection = eager.take(Duration.ofMillis(longest));
			if (connection != null) {
				connection.abort();
			}
			return connection != null;
		});
		Thread borrower = new Thread(task, "borrower");
		borrower.start();
		await().until(() -> task.isDone() || borrower.getState() == Thread.State.TIMED_WAITING);
		this.answer.countDown();
		assertThat(task.get()).isEqualTo(taken);
	}

	private void awaitAnswer() throws SQLTransientConnectionException {
		try {
			this.answer.await();
		}
		catch (InterruptedException ex) {
			throw new SQLTransientConnectionException(ex);
		}
	}

	private static void awaitEnd() {
		await().until(() -> Thread.getAllStackTraces()
			.keySet()
			.stream()
			.noneMatch((thread) -> thread.getName().equals("soong-eager-connection")));
	}

	private EagerConnection eager(DatabaseCredentialsProvider provider, ConnectionOpener.Pause pause) {
		ConnectionSettings settings = ConnectionSettings.builder("localhost")
			.hostaddr("127.0.0.1")
			.port(server().port())
			.sslMode(SslMode.DISABLE)
			.build();
		return new EagerConnection(new ConnectionOpener(settings, provider, this.clock,
				(failure, attempts) -> (attempts.made() < 3) ? Duration.ZERO : null, pause), this.clock, null);
	}

	private ImpostorServer server() {
		ImpostorServer server = this.server;
		assertThat(server).isNotNull();
		return server;
	}

}
