package io.soong.sql;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/**
 * Repeats a transaction that the server rolled back because of concurrent ones.
 * Thread-safe.
 */
final class Repetition {

	private static final int MAX_ATTEMPTS = 5;

	private static final Duration FIRST_PAUSE = Duration.ofMillis(20);

	private final Pause pause;

	Repetition() {
		this((limit) -> Thread.sleep(ThreadLocalRandom.current().nextLong(limit.toMillis() + 1)));
	}

	Repetition(Pause pause) {
		this.pause = pause;
	}

	<T extends @Nullable Object> T of(Supplier<T> transaction) {
		Duration limit = FIRST_PAUSE;
		for (int attempt = 1;; attempt++) {
			try {
				return transaction.get();
			}
			catch (DataAccessException | TransactionException ex) {
				if (attempt == MAX_ATTEMPTS || !isRolledBack(ex)) {
					throw ex;
				}
				try {
					this.pause.upTo(limit);
				}
				catch (InterruptedException interrupt) {
					Thread.currentThread().interrupt();
					throw ex;
				}
				limit = limit.multipliedBy(2);
			}
		}
	}

	private static boolean isRolledBack(Throwable ex) {
		for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
			if (cause instanceof SQLException error) {
				SqlState state = SqlState.of(error);
				return state == SqlState.SERIALIZATION_FAILURE || state == SqlState.DEADLOCK_DETECTED;
			}
		}
		return false;
	}

	/**
	 * Waits between two attempts.
	 */
	@FunctionalInterface
	interface Pause {

		void upTo(Duration limit) throws InterruptedException;

	}

}
