package io.soong.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * Prepares a {@link SoongDataSource} for a snapshot of the process, as Lambda SnapStart
 * takes one. Connects once, so that the snapshot holds the classes that connecting needs,
 * then closes every socket and drops every secret. The first borrower after a restore
 * connects with fresh credentials.
 * <p>
 * Registered while the data source is created. Hooks run in reverse order of
 * registration, so everything that uses the data source has finished when this one runs.
 * Hooks are held weakly, therefore the data source also holds them.
 */
final class Checkpoint implements Resource {

	private static final Log logger = LogFactory.getLog(ConnectionLog.NAME);

	private static final Duration PRIME_LIMIT = Duration.ofSeconds(2);

	private final BooleanSupplier closed;

	private final Priming priming;

	private final Runnable purge;

	Checkpoint(BooleanSupplier closed, Priming priming, Runnable purge) {
		this.closed = closed;
		this.priming = priming;
		this.purge = purge;
	}

	/**
	 * Registers a hook.
	 * @param closed whether the data source is closed, so that nothing is left to do
	 * @param priming connects once
	 * @param purge closes every connection and drops every secret
	 * @return the hook, to be kept as long as the data source
	 */
	static Object register(BooleanSupplier closed, Priming priming, Runnable purge) {
		Checkpoint checkpoint = new Checkpoint(closed, priming, purge);
		Core.getGlobalContext().register(checkpoint);
		return checkpoint;
	}

	/**
	 * Never throws, because an exception would end the process.
	 */
	@Override
	public void beforeCheckpoint(Context<? extends Resource> context) throws InterruptedException {
		if (this.closed.getAsBoolean()) {
			return;
		}
		// Libraries keep used buffers in the thread, so a short-lived thread connects
		Thread thread = new Thread(this::leave, "soong-checkpoint");
		thread.start();
		thread.join();
		UnusedHeap.overwrite();
	}

	private void leave() {
		try {
			this.priming.prime(PRIME_LIMIT);
		}
		catch (SQLException | RuntimeException ex) {
			logger.warn("The first query after a restore will be slower, because the database could not be queried "
					+ "before the snapshot: " + ex.getMessage());
		}
		finally {
			this.purge.run();
		}
	}

	/**
	 * Closes what was opened after this hook ran, in the original environment.
	 */
	@Override
	public void afterRestore(Context<? extends Resource> context) {
		this.purge.run();
	}

	/**
	 * Connects and runs a query, within a limit.
	 */
	@FunctionalInterface
	interface Priming {

		void prime(Duration limit) throws SQLException;

	}

}
