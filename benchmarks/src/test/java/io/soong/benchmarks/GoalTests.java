package io.soong.benchmarks;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class GoalTests {

	private final Goal goal = new Goal(Library.SOONG, Library.JDBC, 1.25, 1.1);

	@Test
	void verdictWhenReachedSaysSo() {
		assertThat(this.goal.verdict(1.1)).isEqualTo("1.10 x: met, stretch too");
		assertThat(this.goal.verdict(1.25)).isEqualTo("1.25 x: met, stretch missed by 0.15");
		assertThat(new Goal(Library.SOONG, Library.JDBC_CLIENT, 0.25, null).verdict(0.2)).isEqualTo("0.20 x: met");
	}

	@Test
	void verdictWhenMissedSaysByHowMuch() {
		assertThat(this.goal.verdict(1.5)).isEqualTo("1.50 x: **missed** by 0.25");
	}

}
