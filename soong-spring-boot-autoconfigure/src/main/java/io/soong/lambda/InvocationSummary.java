package io.soong.lambda;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.soong.jdbc.ConnectionObserver;
import org.jspecify.annotations.Nullable;

/**
 * What was done in the database for one invocation. Thread-safe.
 */
final class InvocationSummary implements ConnectionObserver {

	/** A function that sends more kinds of statement has other troubles. */
	private static final int MAX_COUNTED = 200;

	private static final Set<String> COUNTED = Set.of("SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "CALL");

	private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);

	private final Map<String, Repetition> repetitions = new HashMap<>();

	private int opened;

	private int reconnected;

	private int reused;

	private int connectErrors;

	private int waits;

	private int statements;

	private int errors;

	private int cancelled;

	private int cut;

	private int unknown;

	private Duration connectTime = Duration.ZERO;

	private Duration waitTime = Duration.ZERO;

	private Duration databaseTime = Duration.ZERO;

	private @Nullable Operation slowest;

	@Override
	public synchronized void connected(Connect connect) {
		this.connectTime = this.connectTime.plus(connect.taken());
		if (!connect.isOpen()) {
			this.connectErrors++;
		}
		else if (connect.reason() != null) {
			this.reconnected++;
			this.reasons.add(connect.reason());
		}
		else {
			this.opened++;
		}
	}

	@Override
	public synchronized void lent(boolean openedAhead) {
		if (openedAhead) {
			this.opened++;
		}
		else {
			this.reused++;
		}
	}

	@Override
	public synchronized void waited(Duration waited, boolean served) {
		this.waits++;
		this.waitTime = this.waitTime.plus(waited);
	}

	@Override
	public synchronized void executed(Operation operation) {
		this.statements++;
		this.databaseTime = this.databaseTime.plus(operation.taken());
		if (operation.sqlState() != null) {
			this.errors++;
		}
		if (operation.isUnknown()) {
			this.unknown++;
		}
		switch (operation.deadline()) {
			case KEPT -> {
			}
			case CANCELLED -> this.cancelled++;
			case CUT -> this.cut++;
		}
		Operation slowest = this.slowest;
		if (slowest == null || operation.taken().compareTo(slowest.taken()) > 0) {
			this.slowest = operation;
		}
		count(operation);
	}

	private void count(Operation operation) {
		if (!COUNTED.contains(operation.name())) {
			return;
		}
		Repetition known = this.repetitions.get(operation.sql());
		if (known != null || this.repetitions.size() < MAX_COUNTED) {
			this.repetitions.put(operation.sql(), new Repetition(operation, (known != null) ? known.times() + 1 : 1));
		}
	}

	/** Returns how many connections were opened where there was none before. */
	synchronized int opened() {
		return this.opened;
	}

	/** Returns how many connections took the place of one that had ended. */
	synchronized int reconnected() {
		return this.reconnected;
	}

	/**
	 * Returns why those had ended, each reason once.
	 */
	synchronized List<String> reasons() {
		List<String> reasons = new ArrayList<>(this.reasons.size());
		for (Reason reason : this.reasons) {
			reasons.add(reason.name().toLowerCase(Locale.ROOT).replace('_', '-'));
		}
		return reasons;
	}

	/** Returns how many times an open connection was lent. */
	synchronized int reused() {
		return this.reused;
	}

	synchronized int connectErrors() {
		return this.connectErrors;
	}

	synchronized int waits() {
		return this.waits;
	}

	synchronized int statements() {
		return this.statements;
	}

	synchronized int errors() {
		return this.errors;
	}

	synchronized int cancelled() {
		return this.cancelled;
	}

	synchronized int cut() {
		return this.cut;
	}

	synchronized int unknown() {
		return this.unknown;
	}

	synchronized Duration connectTime() {
		return this.connectTime;
	}

	synchronized Duration waitTime() {
		return this.waitTime;
	}

	synchronized Duration databaseTime() {
		return this.databaseTime;
	}

	synchronized @Nullable Operation slowest() {
		return this.slowest;
	}

	/** Returns how many different statements are counted. */
	synchronized int counted() {
		return this.repetitions.size();
	}

	/**
	 * Returns the statement that was sent most often.
	 */
	synchronized @Nullable Repetition mostRepeated() {
		Repetition most = null;
		for (Repetition repetition : this.repetitions.values()) {
			if (most == null || repetition.times() > most.times()) {
				most = repetition;
			}
		}
		return most;
	}

	/**
	 * A statement and how many times it was sent.
	 */
	record Repetition(Operation operation, int times) {

	}

}
