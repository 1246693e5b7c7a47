package io.soong.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

class InvocationTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	@Test
	void threadWorksForTheInvocationThatItOpened() {
		assertThat(Invocation.current()).isNull();
		try (Invocation invocation = Invocation.openConcurrent("i-1", MINUTE)) {
			assertThat(Invocation.current()).isSameAs(invocation);
		}
		assertThat(Invocation.current()).isNull();
	}

	@Test
	void nestedInvocationThatEndsLeavesTheThreadToTheOuterOne() {
		try (Invocation outer = Invocation.openConcurrent("i-2", MINUTE)) {
			try (Invocation inner = Invocation.openConcurrent("i-3", MINUTE)) {
				assertThat(Invocation.current()).isSameAs(inner);
			}
			assertThat(Invocation.current()).isSameAs(outer);
			assertThat(outer.hasEnded()).isFalse();
		}
	}

	@Test
	void nestedInvocationThatEndsLeavesOtherThreadsToTheOuterOne() throws Exception {
		try (Invocation outer = Invocation.open("i-10", MINUTE)) {
			try (Invocation inner = Invocation.open("i-11", MINUTE)) {
				assertThat(currentOfAnotherThread()).isSameAs(inner);
			}
			assertThat(currentOfAnotherThread()).isSameAs(outer);
			try (Invocation inner = Invocation.openConcurrent("i-12", MINUTE)) {
				assertThat(Invocation.current()).isSameAs(inner);
				assertThat(currentOfAnotherThread()).isSameAs(outer);
			}
			assertThat(currentOfAnotherThread()).isSameAs(outer);
		}
		assertThat(currentOfAnotherThread()).isNull();
	}

	@Test
	void otherThreadsWorkForTheInvocationIfThereIsOneAtATime() throws Exception {
		try (Invocation invocation = Invocation.open("i-4", MINUTE)) {
			assertThat(invocation.isConcurrent()).isFalse();
			assertThat(currentOfAnotherThread()).isSameAs(invocation);
		}
		try (Invocation invocation = Invocation.openConcurrent("i-5", MINUTE)) {
			assertThat(invocation.isConcurrent()).isTrue();
			assertThat(currentOfAnotherThread()).isNull();
		}
	}

	@Test
	void invocationWithoutADeadlineIsAnotherThanOneWithNoTimeLeft() {
		SimulatedTime time = new SimulatedTime();
		try (Invocation unlimited = Invocation.open("i-8", null, false, time)) {
			assertThat(unlimited.hasDeadline()).isFalse();
			assertThat(unlimited.left(MINUTE)).isGreaterThan(Duration.ofDays(10_000));
		}
		try (Invocation late = Invocation.open("i-9", Duration.ZERO, false, time)) {
			assertThat(late.hasDeadline()).isTrue();
			assertThat(late.left(Duration.ZERO)).isZero();
			assertThat(late.left(MINUTE)).isEqualTo(MINUTE.negated());
		}
	}

	@Test
	void listenerIsToldOnceWhenTheInvocationEnds() {
		List<Invocation> told = new ArrayList<>();
		Consumer<Invocation> listener = told::add;
		Invocation invocation = Invocation.open("i-6", MINUTE);
		invocation.onEnd(listener);
		invocation.onEnd(listener);
		invocation.close();
		invocation.close();
		assertThat(told).containsExactly(invocation);
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void listenerThatFailsKeepsNoOtherFromBeingTold(CapturedOutput output) {
		List<Invocation> told = new ArrayList<>();
		Invocation invocation = Invocation.open("i-7", MINUTE);
		invocation.onEnd((ended) -> {
			throw new IllegalStateException("no");
		});
		invocation.onEnd(told::add);
		invocation.close();
		assertThat(told).containsExactly(invocation);
		assertThat(output).contains("What invocation i-7 left behind could not be cleaned up");
	}

	private static @Nullable Invocation currentOfAnotherThread() throws Exception {
		FutureTask<@Nullable Invocation> current = new FutureTask<>(Invocation::current);
		Thread thread = new Thread(current);
		thread.start();
		return current.get();
	}

}
