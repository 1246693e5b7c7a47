package io.soong.lambda;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;

import com.amazonaws.services.lambda.runtime.Context;
import io.soong.jdbc.Invocation;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;

/**
 * What is reported of each invocation when it has ended, as the application asks for. A
 * report that cannot be made fails no invocation. Thread-safe.
 */
final class InvocationReports {

	private static final Log logger = LogFactory.getLog(SoongFunctionInvoker.class);

	private static final String METRICS = "soong.metrics.emf";

	private final Clock clock;

	private InvocationReports(Clock clock) {
		this.clock = clock;
	}

	/**
	 * Returns the reports that the application asks for.
	 * @return the reports, or {@code null} if there are none
	 */
	static @Nullable InvocationReports of(Environment environment) {
		boolean metrics = environment.getProperty(METRICS, Boolean.class, false);
		return metrics ? new InvocationReports(Clock.systemUTC()) : null;
	}

	/**
	 * Begins to observe an invocation.
	 */
	Report begin(Invocation invocation, @Nullable Context context) {
		InvocationSummary summary = new InvocationSummary();
		invocation.observe(summary);
		return new Report(this, summary, context);
	}

	private void write(InvocationSummary summary, @Nullable Context context) {
		println(EmbeddedMetrics.line(summary, context, this.clock.instant()));
	}

	/** At once, so that no other thread's output stands in between. */
	private static void println(String line) {
		byte[] bytes = (line + "\n").getBytes(StandardCharsets.US_ASCII);
		PrintStream out = System.out;
		out.write(bytes, 0, bytes.length);
		out.flush();
	}

	/**
	 * The report of one invocation.
	 */
	record Report(InvocationReports reports, InvocationSummary summary, @Nullable Context context) {

		/**
		 * Reports what was observed. Never throws an exception.
		 */
		void end() {
			try {
				this.reports.write(this.summary, this.context);
			}
			catch (RuntimeException ex) {
				logger.warn("The metrics of an invocation could not be written", ex);
			}
		}

	}

}
