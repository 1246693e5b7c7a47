package io.soong.jdbc;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Calls what may never answer, such as a name look-up, which nothing can interrupt: in a
 * daemon thread, for which the caller waits no longer than a budget.
 */
final class BoundedCall {

	private BoundedCall() {
	}

	/**
	 * Returns what the call returns.
	 * @throws ExecutionException if the call fails
	 * @throws TimeoutException if it takes longer than is left; it is interrupted then
	 * @throws InterruptedException if this thread is interrupted
	 */
	static <T> T within(Budget budget, Callable<T> call)
			throws ExecutionException, TimeoutException, InterruptedException {
		FutureTask<T> task = new FutureTask<>(call);
		// Under the same name, as what it logs is part of what the caller does
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
