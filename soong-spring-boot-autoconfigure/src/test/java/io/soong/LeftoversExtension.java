package io.soong;

import java.sql.SQLException;

import io.soong.test.HostsFile;
import io.soong.test.RdsLookalike;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Ends, before every test class, the sessions that others left in the shared lookalike,
 * and before every test the faults, so that tests pass in any order. Also creates the
 * file of names that the JVM was started with. Registered for all tests of this module.
 */
public final class LeftoversExtension implements BeforeAllCallback, BeforeEachCallback {

	private static volatile @Nullable RdsLookalike shared;

	static {
		if (System.getProperty("jdk.net.hosts.file") != null) {
			HostsFile.ofThisJvm();
		}
	}

	static void cleanUp(RdsLookalike rds) {
		shared = rds;
	}

	@Override
	public void beforeAll(ExtensionContext context) throws SQLException {
		RdsLookalike rds = shared;
		if (rds != null) {
			rds.clearFaults();
			rds.killConnections();
		}
	}

	@Override
	public void beforeEach(ExtensionContext context) {
		RdsLookalike rds = shared;
		if (rds != null) {
			rds.clearFaults();
		}
	}

}
