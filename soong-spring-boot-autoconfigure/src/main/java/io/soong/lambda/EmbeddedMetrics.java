package io.soong.lambda;

import java.time.Duration;
import java.time.Instant;
import java.util.StringJoiner;

import com.amazonaws.services.lambda.runtime.Context;
import io.soong.jdbc.ConnectionObserver.Operation;
import io.soong.lambda.InvocationSummary.Count;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of an invocation in CloudWatch's embedded metric format: a line of JSON
 * that CloudWatch reads out of the log, so that nothing has to be sent before the
 * environment is frozen.
 *
 * @see <a href=
 * "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">Specification</a>
 */
final class EmbeddedMetrics {

	private static final String FUNCTION_NAME = "FunctionName";

	/** CloudWatch takes no empty dimension, and only ASCII. */
	private static final String UNKNOWN = "unknown";

	private static final int MAX_DIMENSION_LENGTH = 1024;

	private final StringJoiner definitions = new StringJoiner(",");

	private final StringJoiner values = new StringJoiner(",");

	private EmbeddedMetrics() {
	}

	/**
	 * Returns the line for an invocation, without a line break.
	 */
	static String line(InvocationSummary summary, @Nullable Context context, Instant time) {
		EmbeddedMetrics metrics = new EmbeddedMetrics();
		metrics.property(FUNCTION_NAME, (context != null) ? text(context.getFunctionName()) : UNKNOWN);
		if (context != null) {
			metrics.property("FunctionVersion", text(context.getFunctionVersion()));
			metrics.property("RequestId", text(context.getAwsRequestId()));
		}
		if (!summary.reasons().isEmpty()) {
			metrics.property("ReconnectReason", summary.reasons());
		}
		metrics.add(summary);
		return "{\"_aws\":{\"Timestamp\":" + time.toEpochMilli()
				+ ",\"CloudWatchMetrics\":[{\"Namespace\":\"Soong\",\"Dimensions\":[[\"" + FUNCTION_NAME
				+ "\"]],\"Metrics\":[" + metrics.definitions + "]}]}," + metrics.values + "}";
	}

	private void add(InvocationSummary summary) {
		count("ConnectionsNew", summary.count(Count.OPENED));
		count("ConnectionsReused", summary.count(Count.REUSED));
		count("Reconnects", summary.count(Count.RECONNECTED));
		count("ConnectErrors", summary.count(Count.CONNECT_ERRORS));
		if (!summary.connectTime().isZero()) {
			time("ConnectTime", summary.connectTime());
		}
		count("Waits", summary.count(Count.WAITS));
		if (summary.count(Count.WAITS) > 0) {
			time("WaitTime", summary.waitTime());
		}
		count("Statements", summary.count(Count.STATEMENTS));
		count("StatementErrors", summary.count(Count.ERRORS));
		count("StatementsCancelled", summary.count(Count.CANCELLED));
		count("StatementsCut", summary.count(Count.CUT));
		count("StatementsUnknown", summary.count(Count.UNKNOWN));
		Operation slowest = summary.slowest();
		if (slowest != null) {
			time("StatementTime", summary.databaseTime());
			time("SlowestStatement", slowest.taken());
		}
	}

	private void count(String name, int count) {
		add(name, "Count", String.valueOf(count));
	}

	private void time(String name, Duration time) {
		add(name, "Milliseconds", InvocationSummary.millis(time));
	}

	private void add(String name, String unit, String value) {
		this.definitions.add("{\"Name\":\"" + name + "\",\"Unit\":\"" + unit + "\"}");
		this.values.add("\"" + name + "\":" + value);
	}

	private void property(String name, String value) {
		this.values.add("\"" + name + "\":" + quoted(value));
	}

	private static String text(@Nullable String text) {
		String known = (text != null && !text.isBlank()) ? LambdaEnvironment.visible(text) : UNKNOWN;
		return known.substring(0, Math.min(known.length(), MAX_DIMENSION_LENGTH));
	}

	private static String quoted(String text) {
		StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c == '"' || c == '\\') {
				quoted.append('\\').append(c);
			}
			else if (c < ' ' || c > '~') {
				quoted.append("\\u").append(Integer.toHexString(0x10000 | c), 1, 5);
			}
			else {
				quoted.append(c);
			}
		}
		return quoted.append('"').toString();
	}

}
