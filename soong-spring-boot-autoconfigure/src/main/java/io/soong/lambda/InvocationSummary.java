package io.soong.lambda;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.soong.jdbc.ConnectionObserver;
import org.jspecify.annotations.Nullable;

/**
 * What was done in the database for one invocation. Thread-safe.
 */
final class InvocationSummary implements ConnectionObserver {

	/** A function that sends more kinds of statement has other troubles. */
	private static final int MAX_COUNTED = 200;

	private static final Set<String> COUNTED = Set.of("SELECT", "INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "CALL");

	private final int[] counts = new int[Count.values().length];

	private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);

	private final Map<String, Repetition> repetitions = new HashMap<>();

	private Duration connectTime = Duration.ZERO;

	private Duration waitTime = Duration.ZERO;

	private Duration databaseTime = Duration.ZERO;

	private @Nullable Operation slowest;

	@Override
	public synchronized void connected(Connect connect) {
		this.connectTime = this.connectTime.plus(connect.taken());
		if (!connect.isOpen()) {
			add(Count.CONNECT_ERRORS);
		}
		else if (connect.reason() != null) {
			add(Count.RECONNECTED);
			this.reasons.add(connect.reason());
		}
		else {
			add(Count.OPENED);
		}
	}

	@Override
	public synchronized void lent(boolean openedAhead) {
		add(openedAhead ? Count.OPENED : Count.REUSED);
	}

	@Override
	public synchronized void waited(Duration waited, boolean served) {
		add(Count.WAITS);
		this.waitTime = this.waitTime.plus(waited);
	}

	@Override
	public synchronized void executed(Operation operation) {
		add(Count.STATEMENTS);
		this.databaseTime = this.databaseTime.plus(operation.taken());
		if (operation.sqlState() != null) {
			add(Count.ERRORS);
		}
		if (operation.isUnknown()) {
			add(Count.UNKNOWN);
		}
		switch (operation.deadline()) {
			case KEPT -> {
			}
			case CANCELLED -> add(Count.CANCELLED);
			case CUT -> add(Count.CUT);
		}
		Operation slowest = this.slowest;
		if (slowest == null || operation.taken().compareTo(slowest.taken()) > 0) {
			this.slowest = operation;
		}
		countRepetition(operation);
	}

	private void countRepetition(Operation operation) {
		if (!COUNTED.contains(operation.name())) {
			return;
		}
		Repetition known = this.repetitions.get(operation.sql());
		if (known != null || this.repetitions.size() < MAX_COUNTED) {
			this.repetitions.put(operation.sql(), new Repetition(operation, (known != null) ? known.times() + 1 : 1));
		}
	}

	private void add(Count what) {
		this.counts[what.ordinal()]++;
	}

	synchronized int count(Count what) {
		return this.counts[what.ordinal()];
	}

	/**
	 * Returns why the connections ended that were replaced, each reason once, with
	 * commas; or the empty text.
	 */
	synchronized String reasons() {
		return this.reasons.stream()
			.map((reason) -> reason.name().toLowerCase(Locale.ROOT).replace('_', '-'))
			.collect(Collectors.joining(","));
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

	/**
	 * Returns a time in milliseconds, to the microsecond.
	 */
	static String millis(Duration time) {
		return BigDecimal.valueOf(TimeUnit.NANOSECONDS.toMicros(time.toNanos()), 3).toPlainString();
	}

	/** Returns how many different statements are counted. */
	synchronized int counted() {
		return this.repetitions.size();
	}

	/**
	 * Returns the statement that was sent most often.
	 */
	synchronized @Nullable Repetition mostRepeated() {
		return this.repetitions.values().stream().max(Comparator.comparingInt(Repetition::times)).orElse(null);
	}

	/**
	 * What is counted.
	 */
	enum Count {

		/** Connections that were opened where there was none before. */
		OPENED,

		/** Connections that took the place of one that had ended. */
		RECONNECTED,

		/** Times that an open connection was lent. */
		REUSED,

		CONNECT_ERRORS, WAITS, STATEMENTS, ERRORS, CANCELLED, CUT, UNKNOWN

	}

	/**
	 * A statement and how many times it was sent.
	 */
	record Repetition(Operation operation, int times) {

	}

}
