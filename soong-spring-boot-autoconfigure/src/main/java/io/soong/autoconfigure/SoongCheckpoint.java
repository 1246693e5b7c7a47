package io.soong.autoconfigure;

import java.sql.SQLException;
import java.time.Duration;

import io.soong.jdbc.SoongDataSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.jspecify.annotations.Nullable;

/**
 * Takes a {@link SoongDataSource} through a snapshot of the process, as Lambda SnapStart
 * does: connects once, so that the snapshot holds the classes that connecting needs, and
 * lets go of every socket and secret, so that it does not hold those. Whoever borrows
 * after a restore connects with fresh credentials.
 * <p>
 * Signs up while the data source is created: the last to sign up is the first to be told
 * of a snapshot, so that whatever uses the data source is done with it by then. Hooks are
 * held weakly, hence a bean.
 */
final class SoongCheckpoint implements Resource {

	private static final Log logger = LogFactory.getLog(SoongDataSource.class);

	private static final Duration PRIME_LIMIT = Duration.ofSeconds(2);

	private final boolean prime;

	private @Nullable SoongDataSource dataSource;

	SoongCheckpoint(boolean prime) {
		this.prime = prime;
	}

	void guard(SoongDataSource dataSource) {
		this.dataSource = dataSource;
		Core.getGlobalContext().register(this);
	}

	/**
	 * Never fails, as that would end the process.
	 */
	@Override
	public void beforeCheckpoint(Context<? extends Resource> context) throws InterruptedException {
		SoongDataSource dataSource = this.dataSource;
		if (dataSource != null) {
			// Libraries keep buffers, with what was last in them, for threads that live
			Thread thread = new Thread(() -> leave(dataSource), "soong-checkpoint");
			thread.start();
			thread.join();
			FreedMemory.overwrite();
		}
	}

	private void leave(SoongDataSource dataSource) {
		if (this.prime) {
			try {
				dataSource.prime(PRIME_LIMIT);
			}
			catch (SQLException | RuntimeException ex) {
				logger.warn("The first query after a restore will be slower than it might be, as the database could "
						+ "not be asked anything before the snapshot: " + ex.getMessage());
			}
		}
		dataSource.purge();
	}

	/**
	 * Drops what was opened after this hook, in the other environment.
	 */
	@Override
	public void afterRestore(Context<? extends Resource> context) {
		if (this.dataSource != null) {
			this.dataSource.purge();
		}
	}

}
