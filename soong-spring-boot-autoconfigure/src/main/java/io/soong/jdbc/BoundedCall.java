package io.soong.jdbc;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs a call that may never return and cannot be interrupted, such as a name look-up, in
 * a daemon thread. The caller waits no longer than a budget.
 */
final class BoundedCall {

	private BoundedCall() {
	}

	/**
	 * Returns what the call returns.
	 * @throws ExecutionException if the call fails
	 * @throws TimeoutException if the budget is used up; the call is interrupted
	 * @throws InterruptedException if this thread is interrupted
	 */
	static <T> T within(Budget budget, Callable<T> call)
			throws ExecutionException, TimeoutException, InterruptedException {
		FutureTask<T> task = new FutureTask<>(call);
		// The same thread name, because log lines of the call belong to the caller
		Thread thread = new Thread(task, Thread.currentThread().getName());
		thread.setDaemon(true);
		thread.start();
		try {
			return task.get(budget.left().toMillis() + 1, TimeUnit.MILLISECONDS);
		}
		finally {
			task.cancel(true);
		}
	}

}
