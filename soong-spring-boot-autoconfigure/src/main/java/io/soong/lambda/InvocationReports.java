package io.soong.lambda;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;

import com.amazonaws.services.lambda.runtime.Context;
import io.soong.jdbc.Invocation;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

import org.springframework.util.ClassUtils;

/**
 * What is reported of each invocation when it has ended, as the application asks for. A
 * report that cannot be made fails no invocation. Thread-safe.
 *
 * @param metrics whether metrics are written to the standard output
 * @param log whether a line is logged
 * @param clock tells the time of the metrics
 */
record InvocationReports(boolean metrics, boolean log, Clock clock) {

	private static final Log logger = LogFactory.getLog("io.soong.lambda.InvocationLog");

	/** How many times a statement may be sent without being named. */
	private static final int REPEATED = 5;

	private static final boolean SLF4J_IS_PRESENT = ClassUtils.isPresent("org.slf4j.MDC",
			InvocationReports.class.getClassLoader());

	/**
	 * Begins to observe an invocation.
	 */
	Report begin(Invocation invocation, @Nullable Context context) {
		InvocationSummary summary = new InvocationSummary();
		invocation.observe(summary);
		RequestIdInLogs requestId = (this.log && SLF4J_IS_PRESENT && context != null)
				? RequestIdInLogs.put(LambdaEnvironment.visible(context.getAwsRequestId())) : null;
		return new Report(this, summary, context, requestId);
	}

	private void write(InvocationSummary summary, @Nullable Context context) {
		if (this.log) {
			logger.info(InvocationLog.line(summary, REPEATED));
		}
		if (this.metrics) {
			println(EmbeddedMetrics.line(summary, context, this.clock.instant()));
		}
	}

	/** At once, so that no other thread's output stands in between. */
	private static void println(String line) {
		byte[] bytes = (line + "\n").getBytes(StandardCharsets.US_ASCII);
		PrintStream out = System.out;
		out.write(bytes, 0, bytes.length);
		out.flush();
	}

	/**
	 * The report of one invocation. Begun and ended by the thread that handles the event.
	 */
	record Report(InvocationReports reports, InvocationSummary summary, @Nullable Context context,
			@Nullable RequestIdInLogs requestId) {

		/**
		 * Reports what was observed. Never throws an exception.
		 */
		void end() {
			try {
				this.reports.write(this.summary, this.context);
			}
			catch (RuntimeException ex) {
				logger.warn("The report of an invocation could not be written", ex);
			}
			finally {
				if (this.requestId != null) {
					this.requestId.remove();
				}
			}
		}

	}

	/**
	 * The request id in the logs of the thread that handles an event, under the name that
	 * AWS' own logging gives it. Loaded only if SLF4J is present.
	 *
	 * @param before the request id that stood there before, for a function that calls
	 * another
	 */
	private record RequestIdInLogs(@Nullable String before) {

		private static final String KEY = "AWSRequestId";

		static RequestIdInLogs put(String requestId) {
			RequestIdInLogs before = new RequestIdInLogs(MDC.get(KEY));
			MDC.put(KEY, requestId);
			return before;
		}

		/**
		 * Restores what stood there before.
		 */
		void remove() {
			if (this.before != null) {
				MDC.put(KEY, this.before);
			}
			else {
				MDC.remove(KEY);
			}
		}

	}

}
