package io.soong.jdbc;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LeasesTests {

	private final ConnectionSettings settings = ConnectionSettings.builder("localhost").user("jane_doe").build();

	private @Nullable Leases leases;

	@Test
	void orphanIsReportedWithoutTheLock() throws Exception {
		List<Lease> reported = new ArrayList<>();
		Leases leases = new Leases(this.settings, Clock.systemUTC(), (lease) -> {
			join(start(() -> assertThat(leases().isBlank()).isFalse()));
			reported.add(lease);
		});
		this.leases = leases;
		Thread borrower = start(() -> reserve(leases));
		borrower.join();
		assertThat(reserve(leases).isRevoked()).isFalse();
		assertThat(reported).singleElement().matches(Lease::isRevoked);
	}

	@Test
	void loansAreCopiedUnderTheLock() {
		Leases leases = new Leases(this.settings, Clock.systemUTC(), (lease) -> {
		});
		Lease lease = new Lease(Thread.currentThread(), Instant.EPOCH, null);
		List<Thread.State> states = new ArrayList<>();
		List<Thread> others = new ArrayList<>();
		ReflectionTestUtils.setField(lease, "loans", new ArrayList<LoanedConnection>() {

			private static final long serialVersionUID = 1L;

			@Override
			public Object[] toArray() {
				Thread other = start(() -> leases.hasLoans(lease));
				others.add(other);
				Awaitility.await()
					.until(() -> other.getState() == Thread.State.WAITING
							|| other.getState() == Thread.State.TERMINATED);
				states.add(other.getState());
				return super.toArray();
			}

		});
		assertThat(leases.loans(lease)).isEmpty();
		others.forEach(LeasesTests::join);
		assertThat(states).containsExactly(Thread.State.WAITING);
	}

	private Leases leases() {
		Leases leases = this.leases;
		assertThat(leases).isNotNull();
		return leases;
	}

	private static Lease reserve(Leases leases) {
		try {
			return leases.reserve(null, Duration.ofSeconds(10));
		}
		catch (java.sql.SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Thread start(Runnable task) {
		Thread thread = new Thread(task);
		thread.start();
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

}
