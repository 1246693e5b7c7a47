package io.soong.jdbc;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class BudgetTests {

	private static final Duration LIMIT = Duration.ofSeconds(3);

	private static final Duration LONG = Duration.ofDays(60);

	/**
	 * A socket takes 0 as no limit.
	 */
	@ParameterizedTest
	@ValueSource(longs = { 0, -1, -5000 })
	void budgetThatIsSpentLeavesNothingButTheShortestLimitOfASocket(long millis) {
		Budget budget = new Budget(Duration.ofMillis(millis));
		assertThat(budget.left()).isZero();
		assertThat(budget.millisAtMost(LIMIT)).isOne();
		assertThat(budget.secondsAtMost(LIMIT)).isOne();
		assertThat(budget.atMost(LIMIT).left()).isZero();
	}

	@Test
	void budgetIsSpentByTheMonotonicClock() {
		SimulatedTime time = new SimulatedTime();
		Budget budget = new Budget(LIMIT, time);
		Budget part = budget.atMost(Duration.ofSeconds(2));
		time.set(Duration.ofMillis(1500));
		assertThat(budget.spent()).isEqualTo(Duration.ofMillis(1500));
		assertThat(budget.left()).isEqualTo(Duration.ofMillis(1500));
		assertThat(budget.millisAtMost(LIMIT)).isEqualTo(1500);
		assertThat(part.left()).isEqualTo(Duration.ofMillis(500));
		time.set(LIMIT);
		assertThat(budget.left()).isZero();
		assertThat(part.left()).isZero();
	}

	@Test
	void limitThatIsLongerThanASocketTakesIsTheLongest() {
		assertThat(new Budget(LONG).millisAtMost(LONG)).isEqualTo(Integer.MAX_VALUE);
	}

	@Test
	void limitWhenZeroIsTheShortestOfASocket() {
		assertThat(new Budget(LONG).millisAtMost(Duration.ZERO)).isOne();
	}

	@ParameterizedTest
	@CsvSource({ "1, 1", "999, 1", "1000, 1", "1001, 2", "3000, 3" })
	void limitInSecondsIsRoundedUp(long millis, int seconds) {
		assertThat(new Budget(LONG).millisAtMost(Duration.ofMillis(millis))).isEqualTo((int) millis);
		assertThat(new Budget(LONG).secondsAtMost(Duration.ofMillis(millis))).isEqualTo(seconds);
	}

	@Test
	void partOfABudgetIsNeverMoreThanItsLimitNorThanWhatIsLeft() {
		assertThat(new Budget(LONG).atMost(LIMIT).left()).isLessThanOrEqualTo(LIMIT);
		assertThat(new Budget(LIMIT).atMost(LONG).left()).isLessThanOrEqualTo(LIMIT);
	}

}
