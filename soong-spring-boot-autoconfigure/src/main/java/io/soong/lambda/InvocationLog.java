package io.soong.lambda;

import java.time.Duration;
import java.util.StringJoiner;

import io.soong.jdbc.ConnectionObserver.Operation;
import io.soong.lambda.InvocationSummary.Count;
import io.soong.lambda.InvocationSummary.Repetition;

/**
 * What was done in the database for an invocation, in one line of {@code name=value}.
 */
final class InvocationLog {

	private final StringJoiner fields = new StringJoiner(" ");

	private InvocationLog() {
	}

	/**
	 * Returns the line for an invocation.
	 * @param repeated how many times a statement may be sent without being named
	 */
	static String line(InvocationSummary summary, int repeated) {
		InvocationLog log = new InvocationLog();
		log.addConnection(summary);
		log.add("statements", summary.count(Count.STATEMENTS));
		Operation slowest = summary.slowest();
		if (slowest != null) {
			log.add("statements_ms", summary.databaseTime());
			log.addUnlessZero("errors", summary.count(Count.ERRORS));
			log.addUnlessZero("cancelled", summary.count(Count.CANCELLED));
			log.addUnlessZero("cut", summary.count(Count.CUT));
			log.addUnlessZero("unknown", summary.count(Count.UNKNOWN));
			log.add("slowest_ms", slowest.taken());
			log.addQuoted("slowest", slowest.loggableSql());
		}
		Repetition most = summary.mostRepeated();
		if (most != null && most.times() > repeated) {
			log.add("repeated", most.times());
			log.addQuoted("repeated_sql", most.operation().loggableSql());
		}
		return log.fields.toString();
	}

	private void addConnection(InvocationSummary summary) {
		String connection = (summary.count(Count.RECONNECTED) > 0) ? "reconnected"
				: (summary.count(Count.OPENED) > 0) ? "new" : (summary.count(Count.REUSED) > 0) ? "reused"
						: (summary.count(Count.CONNECT_ERRORS) > 0) ? "failed" : "none";
		this.fields.add("connection=" + connection);
		if (!summary.reasons().isEmpty()) {
			this.fields.add("reason=" + summary.reasons());
		}
		addUnlessZero("connect_errors", summary.count(Count.CONNECT_ERRORS));
		if (!summary.connectTime().isZero()) {
			add("connect_ms", summary.connectTime());
		}
		if (summary.count(Count.WAITS) > 0) {
			add("waits", summary.count(Count.WAITS));
			add("wait_ms", summary.waitTime());
		}
	}

	private void add(String name, int value) {
		this.fields.add(name + "=" + value);
	}

	private void addUnlessZero(String name, int value) {
		if (value != 0) {
			add(name, value);
		}
	}

	private void add(String name, Duration time) {
		this.fields.add(name + "=" + InvocationSummary.millis(time));
	}

	private void addQuoted(String name, String text) {
		this.fields.add(name + "=\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
	}

}
