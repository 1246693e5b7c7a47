package io.soong.sql;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.PessimisticLockingFailureException;
import org.springframework.transaction.TransactionSystemException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * {@link Repetition}.
 */
class RepetitionTests {

	private final List<Duration> pauses = new ArrayList<>();

	private final Repetition repetition = new Repetition(this.pauses::add);

	private int attempts;

	@Test
	void transactionThatTheServerRolledBackIsRepeated() {
		for (String state : List.of("40001", "40P01")) {
			this.attempts = 0;
			assertThat(this.repetition.<String>of(() -> {
				if (++this.attempts < 3) {
					throw error(state);
				}
				return "done";
			})).isEqualTo("done");
			assertThat(this.attempts).isEqualTo(3);
		}
		assertThat(this.pauses).containsExactly(Duration.ofMillis(20), Duration.ofMillis(40), Duration.ofMillis(20),
				Duration.ofMillis(40));
	}

	@Test
	void attemptsAndPausesAreBounded() {
		assertThatExceptionOfType(PessimisticLockingFailureException.class).isThrownBy(() -> this.repetition.of(() -> {
			this.attempts++;
			throw error("40P01");
		}));
		assertThat(this.attempts).isEqualTo(5);
		assertThat(this.pauses).extracting(Duration::toMillis).containsExactly(20L, 40L, 80L, 160L);
	}

	@Test
	void commitThatFailedInTheWayOfASerializationIsRepeated() {
		assertThat(this.repetition.<Integer>of(() -> {
			if (++this.attempts == 1) {
				throw new TransactionSystemException("commit", new SQLException("", "40001"));
			}
			return this.attempts;
		})).isEqualTo(2);
	}

	/**
	 * The statement of an outcome that is not known may be caused by one that is.
	 */
	@Test
	void unknownOutcomeIsNeverRepeated() {
		SQLException unknown = new SQLException("", "08007", new SQLException("", "40001"));
		assertThatExceptionOfType(DataAccessResourceFailureException.class).isThrownBy(() -> this.repetition.of(() -> {
			this.attempts++;
			throw new DataAccessResourceFailureException("", unknown);
		}));
		assertThat(this.attempts).isEqualTo(1);
	}

	@Test
	void otherErrorsAreNotRepeated() {
		assertThatIllegalStateException().isThrownBy(() -> this.repetition.of(() -> {
			this.attempts++;
			throw new IllegalStateException(error("40001"));
		}));
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> this.repetition.of(() -> {
			this.attempts++;
			throw error("23505");
		}));
		assertThat(this.attempts).isEqualTo(2);
	}

	@Test
	void interruptEndsIt() {
		Repetition interrupted = new Repetition((limit) -> {
			throw new InterruptedException();
		});
		assertThatExceptionOfType(DataAccessException.class).isThrownBy(() -> interrupted.of(() -> {
			this.attempts++;
			throw error("40001");
		}));
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.attempts).isEqualTo(1);
	}

	private static DataAccessException error(String state) {
		return new PessimisticLockingFailureException("", new SQLException("", state));
	}

}
