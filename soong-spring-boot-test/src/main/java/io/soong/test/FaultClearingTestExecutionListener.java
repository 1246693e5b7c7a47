package io.soong.test;

import org.springframework.core.Ordered;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

/**
 * Clears the faults of the context's {@link RdsLookalike} after each test, because the
 * next test may use the same one.
 */
final class FaultClearingTestExecutionListener implements TestExecutionListener, Ordered {

	@Override
	public void afterTestMethod(TestContext testContext) {
		if (testContext.hasApplicationContext()) {
			testContext.getApplicationContext().getBeanProvider(RdsLookalike.class).forEach(RdsLookalike::clearFaults);
		}
	}

	/**
	 * After the listener of transactions, so that faults are cleared before the rollback,
	 * whose connection may be stalled.
	 */
	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

}
