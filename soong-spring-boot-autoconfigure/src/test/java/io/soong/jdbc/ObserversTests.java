package io.soong.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import io.soong.jdbc.ConnectionObserver.Connect;
import io.soong.jdbc.ConnectionObserver.Deadline;
import io.soong.jdbc.ConnectionObserver.Kind;
import io.soong.jdbc.ConnectionObserver.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
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
		this.observers.add(new ConnectionObserver() {

			@Override
			public void waited(Duration waited, boolean served) {
				throw new NoSuchMethodError("of another version");
			}

		});
		this.observers.add(this.observer);
		told(this.observers.of(null)).waited(Duration.ZERO, true);
		assertThat(this.observer.waits).containsExactly(true);
	}

	@Test
	void observerThatFailsIsWarnedOfOncePerKindOfFailure(CapturedOutput output) {
		this.observers.add(new ConnectionObserver() {

			@Override
			public void lent(boolean openedAhead) {
				if (openedAhead) {
					throw new IllegalStateException("the registry is full");
				}
				throw new NoClassDefFoundError("io/micrometer/Other");
			}

		});
		try (Invocation invocation = Invocation.open("1", null)) {
			invocation.observe(this.observer);
			for (int i = 0; i < 3; i++) {
				told(this.observers.of(invocation)).lent(true);
				told(this.observers.of(null)).lent(true);
			}
		}
		assertThat(output.getAll()).containsOnlyOnce("An observer of the connection failed: " + getClass().getName())
			.containsOnlyOnce("IllegalStateException: the registry is full");
		told(this.observers.of(null)).lent(false);
		assertThat(output.getAll()).containsOnlyOnce("NoClassDefFoundError: io/micrometer/Other");
		assertThat(this.observer.loans).containsExactly(true, true, true);
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

	@Test
	void observerIsToldOfConnectsAndOperations() {
		Connect connect = new Connect(Kind.COLD, null, List.of(), Duration.ofMillis(7), null);
		Operation operation = new Operation("SELECT", "SELECT 1", Duration.ofMillis(3), null, Deadline.KEPT);
		this.observers.add(this.observer);
		told(this.observers.of(null)).connected(connect);
		told(this.observers.of(null)).executed(operation);
		assertThat(this.observer.connects).containsExactly(connect);
		assertThat(this.observer.operations).containsExactly(operation);
	}

	private static ConnectionObserver told(@Nullable ConnectionObserver observer) {
		return Objects.requireNonNull(observer);
	}

}
