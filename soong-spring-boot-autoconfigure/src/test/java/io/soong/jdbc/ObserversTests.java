package io.soong.jdbc;

import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ObserversTests {

	private final Observers observers = new Observers();

	private final RecordingObserver observer = new RecordingObserver();

	@Test
	void observersWhenThereAreNoneAreNull() {
		assertThat(this.observers.of(null)).isNull();
		try (Invocation invocation = Invocation.open("1", null)) {
			assertThat(this.observers.of(invocation)).isNull();
		}
	}

	@Test
	void observerWhenAddedTwiceIsToldOnce() {
		this.observers.add(this.observer);
		this.observers.add(this.observer);
		told(this.observers.of(null)).lent(true);
		assertThat(this.observer.loans).containsExactly(true);
	}

	@Test
	void observerWhenAnotherFailsIsToldStill() {
		this.observers.add(new ConnectionObserver() {

			@Override
			public void waited(Duration waited, boolean served) {
				throw new IllegalStateException("broken");
			}

		});
		this.observers.add(this.observer);
		told(this.observers.of(null)).waited(Duration.ZERO, true);
		assertThat(this.observer.waits).containsExactly(true);
	}

	@Test
	void observerOfAnInvocationIsToldOfThatAlone() {
		RecordingObserver other = new RecordingObserver();
		this.observers.add(this.observer);
		try (Invocation invocation = Invocation.open("1", null)) {
			invocation.observe(other);
			told(this.observers.of(invocation)).lent(false);
		}
		told(this.observers.of(null)).lent(true);
		assertThat(this.observer.loans).containsExactly(false, true);
		assertThat(other.loans).containsExactly(false);
	}

	private static ConnectionObserver told(@Nullable ConnectionObserver observer) {
		return Objects.requireNonNull(observer);
	}

}
