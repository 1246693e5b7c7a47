package io.soong.lambda;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * The request id in the logs of the thread that handles an event, under the name that
 * AWS' own logging gives it. Loaded only if SLF4J is present.
 *
 * @param before the request id that stood there before, for a function that calls another
 */
record RequestIdInLogs(@Nullable String before) {

	private static final String KEY = "AWSRequestId";

	/**
	 * Adds the request id.
	 */
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
