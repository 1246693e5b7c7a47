package io.soong.jdbc;

import java.sql.SQLException;
import java.time.Duration;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * Takes a {@link SoongDataSource} through a snapshot of the process, as Lambda SnapStart
 * does: connects once, so that the snapshot holds the classes that connecting needs, and
 * closes every socket and drops every secret, so that it holds none. The next borrower
 * after a restore connects with fresh credentials.
 * <p>
 * Registered while the data source is created: the last to register is the first to be
 * told of a snapshot, so that whatever uses the data source is done with it by then.
 * Hooks are held weakly, hence by the data source, too.
 */
final class Checkpoint implements Resource {

	private static final Log logger = LogFactory.getLog(ConnectionLog.NAME);

	private static final Duration PRIME_LIMIT = Duration.ofSeconds(2);

	private final SoongDataSource dataSource;

	Checkpoint(SoongDataSource dataSource) {
		this.dataSource = dataSource;
	}

	/**
	 * Registers a hook.
	 * @return the hook, to be kept as long as the data source
	 */
	static Object register(SoongDataSource dataSource) {
		Checkpoint checkpoint = new Checkpoint(dataSource);
		Core.getGlobalContext().register(checkpoint);
		return checkpoint;
	}

	/**
	 * Never fails, as that would end the process.
	 */
	@Override
	public void beforeCheckpoint(Context<? extends Resource> context) throws InterruptedException {
		if (this.dataSource.isClosed()) {
			return;
		}
		// Libraries keep buffers, with what was last in them, for threads that live
		Thread thread = new Thread(this::leave, "soong-checkpoint");
		thread.start();
		thread.join();
		FreedMemory.overwrite();
	}

	private void leave() {
		try {
			if (this.dataSource.settings().prime()) {
				this.dataSource.prime(PRIME_LIMIT);
			}
		}
		catch (SQLException | RuntimeException ex) {
			logger.warn("The first query after a restore will be slower than it might be, as the database could "
					+ "not be asked anything before the snapshot: " + ex.getMessage());
		}
		finally {
			this.dataSource.purge();
		}
	}

	/**
	 * Drops what was opened after this hook, in the other environment.
	 */
	@Override
	public void afterRestore(Context<? extends Resource> context) {
		this.dataSource.purge();
	}

}
