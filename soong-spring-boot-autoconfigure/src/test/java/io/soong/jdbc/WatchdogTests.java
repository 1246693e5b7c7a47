package io.soong.jdbc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When the watchdog looks, by a simulated clock.
 */
@Timeout(60)
class WatchdogTests {

	private final SimulatedTime time = new SimulatedTime();

	private final BlockingQueue<Look> looks = new LinkedBlockingQueue<>();

	/** What the connection answers, one after the other; at last that it has no more. */
	private final List<Long> answers = new ArrayList<>();

	private Consumer<Look> onLook = (look) -> {
	};

	private final Watchdog watchdog = new Watchdog(() -> List.of(this::checkDeadline), this.time);

	private long checkDeadline(long now) {
		Look look = new Look(now, Thread.currentThread());
		this.onLook.accept(look);
		long answer = this.answers.isEmpty() ? Watchdog.NEVER : this.answers.remove(0);
		this.looks.add(look);
		return answer;
	}

	@Test
	void looksAtTheTimeAndThenItsThreadEnds() throws Exception {
		long now = this.time.set(Duration.ofSeconds(3));
		this.watchdog.watch(now);
		Look look = this.looks.take();
		assertThat(look.now()).isEqualTo(now);
		assertThat(look.thread().isDaemon()).isTrue();
		look.thread().join();
		assertThat(this.looks).isEmpty();
	}

	@Test
	void startsAnotherThreadForALaterLoan() throws Exception {
		this.watchdog.watch(this.time.getAsLong());
		Thread first = this.looks.take().thread();
		first.join();
		this.watchdog.watch(this.time.getAsLong());
		assertThat(this.looks.take().thread()).isNotSameAs(first);
	}

	@Test
	void looksAgainWhenTheConnectionAsksForIt() throws Exception {
		this.answers.add(0L);
		this.answers.add(0L);
		this.watchdog.watch(this.time.getAsLong());
		Thread thread = this.looks.take().thread();
		assertThat(this.looks.take().thread()).isSameAs(thread);
		assertThat(this.looks.take().thread()).isSameAs(thread);
		thread.join();
		assertThat(this.looks).isEmpty();
	}

	@Test
	void earlierDeadlineWakesIt() throws Exception {
		long now = this.time.getAsLong();
		this.watchdog.watch(now + Duration.ofDays(1).toNanos());
		Thread thread = sleeping();
		this.watchdog.watch(now);
		assertThat(this.looks.take().thread()).isSameAs(thread);
	}

	/**
	 * It has the first deadline to wake up for anyway, and asks every connection then.
	 */
	@Test
	void laterDeadlineDoesNotWakeIt() throws Exception {
		long now = this.time.getAsLong();
		this.watchdog.watch(now + Duration.ofDays(1).toNanos());
		Thread thread = sleeping();
		this.time.set(Duration.ofDays(3));
		this.watchdog.watch(now + Duration.ofDays(2).toNanos());
		assertThat(thread.getState()).isEqualTo(Thread.State.TIMED_WAITING);
		this.watchdog.watch(now);
		assertThat(this.looks.take().thread()).isSameAs(thread);
	}

	@Test
	void deadlineThatIsToldDuringALookIsLookedAtAfterIt() throws Exception {
		this.onLook = (look) -> {
			this.onLook = (ignored) -> {
			};
			Thread borrower = new Thread(() -> this.watchdog.watch(look.now()));
			borrower.start();
			join(borrower);
		};
		this.watchdog.watch(this.time.getAsLong());
		Thread thread = this.looks.take().thread();
		assertThat(this.looks.take().thread()).isSameAs(thread);
	}

	@Test
	void interruptedWatchdogIsFollowedByAnother() throws Exception {
		long now = this.time.getAsLong();
		this.watchdog.watch(now + Duration.ofDays(1).toNanos());
		Thread thread = sleeping();
		thread.interrupt();
		thread.join();
		this.watchdog.watch(now);
		assertThat(this.looks.take().thread()).isNotSameAs(thread);
	}

	private Thread sleeping() {
		Thread thread = (Thread) ReflectionTestUtils.getField(this.watchdog, "thread");
		assertThat(thread).isNotNull();
		Awaitility.await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
		return thread;
	}

	private static void join(Thread thread) {
		try {
			thread.join();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private record Look(long now, Thread thread) {

	}

}
