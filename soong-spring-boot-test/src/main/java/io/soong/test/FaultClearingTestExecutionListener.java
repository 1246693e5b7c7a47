package io.soong.test;

import org.springframework.core.Ordered;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

/**
 * Puts right, after each test, what that has made go wrong with the {@link RdsLookalike}
 * of its context, which the next one may use too.
 */
final class FaultClearingTestExecutionListener implements TestExecutionListener, Ordered {

	@Override
	public void afterTestMethod(TestContext testContext) {
		if (testContext.hasApplicationContext()) {
			testContext.getApplicationContext().getBeanProvider(RdsLookalike.class).forEach(RdsLookalike::clearFaults);
		}
	}

	/**
	 * After the listener that begins the test's transaction, and therefore before it
	 * rolls that back, over a connection that may be stalled.
	 */
	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

}
