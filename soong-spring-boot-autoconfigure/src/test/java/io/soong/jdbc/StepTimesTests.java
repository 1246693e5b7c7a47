package io.soong.jdbc;

import java.time.Duration;

import io.soong.jdbc.ConnectionObserver.Step;
import io.soong.jdbc.ConnectionObserver.StepTime;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StepTimesTests {

	private long now = 7;

	private final StepTimes times = new StepTimes(() -> this.now);

	@Test
	void stepLastsUntilTheNextBegins() {
		this.times.begin(Step.TOKEN);
		this.now += 30;
		this.times.begin(Step.DNS);
		this.now += 4;
		this.times.end(false);
		this.times.end(true);
		assertThat(this.times.ended()).containsExactly(new StepTime(Step.TOKEN, Duration.ofNanos(30), true),
				new StepTime(Step.DNS, Duration.ofNanos(4), false));
	}

	@Test
	void stepThatWasAnotherIsCorrected() {
		this.times.correct(Step.LOGIN);
		this.times.begin(Step.TLS);
		this.now += 5;
		this.times.correct(Step.LOGIN);
		this.times.end(true);
		assertThat(this.times.ended()).containsExactly(new StepTime(Step.LOGIN, Duration.ofNanos(5), true));
	}

}
