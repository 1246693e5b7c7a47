package io.soong.jdbc;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is opened in the background for the first borrower. If it is still
 * not open after 5 s of wall time it is abandoned: Lambda may have frozen the environment
 * during the handshake, and the server has closed it since. Thread-safe.
 */
final class EagerConnection {

	private static final Log logger = LogFactory.getLog(ConnectionLog.NAME);

	static final Duration FRESH = Duration.ofSeconds(5);

	private final Clock clock;

	private final @Nullable ConnectReport report;

	private final Instant startedAt;

	private final FutureTask<PhysicalConnection> attempt;

	private final Thread thread;

	private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

	EagerConnection(ConnectionOpener opener, Clock clock, @Nullable ConnectReport report) {
		this.clock = clock;
		// What a lambda captures is loaded, even null
		this.report = report;
		this.startedAt = clock.instant();
		this.attempt = new FutureTask<>(() -> opener.openAhead(this.report));
		this.thread = new Thread(this::run, "soong-eager-connection");
		this.thread.setDaemon(true);
	}

	void start() {
		this.thread.start();
	}

	private void run() {
		this.attempt.run();
		if (this.state.get() == State.ABANDONED) {
			scrap();
		}
	}

	/**
	 * Waits for the connection, if it is recent enough, and takes it.
	 * @param longest how long to wait at most
	 * @return the connection, or {@code null} if there is none
	 */
	@Nullable PhysicalConnection take(Duration longest) {
		try {
			Duration age = Duration.between(this.startedAt, this.clock.instant());
			if (this.attempt.isDone() || !age.isNegative()) {
				long left = Math.max(0, Math.min(longest.toMillis(), FRESH.minus(age).toMillis()));
				PhysicalConnection connection = this.attempt.get(left, TimeUnit.MILLISECONDS);
				if (this.state.compareAndSet(State.OPEN, State.TAKEN)) {
					return connection;
				}
			}
		}
		catch (ExecutionException ex) {
			logger.debug("The connection opened in the background failed; another attempt is made", ex);
		}
		catch (TimeoutException ex) {
			logger.debug("The connection opened in the background takes too long; another attempt is made");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		abandon();
		return null;
	}

	/**
	 * Closes the connection, now or as soon as it is open. A failed attempt is not
	 * retried.
	 */
	void abandon() {
		if (this.state.compareAndSet(State.OPEN, State.ABANDONED)) {
			this.thread.interrupt();
			if (this.attempt.isDone()) {
				scrap();
			}
		}
	}

	private void scrap() {
		try {
			this.attempt.get().abort();
		}
		catch (ExecutionException ex) {
			logger.debug("The abandoned connection failed by itself", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private enum State {

		OPEN, TAKEN, ABANDONED

	}

}
