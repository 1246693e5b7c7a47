package io.soong.reliability;

import java.io.IOException;
import java.sql.SQLException;

import io.soong.test.HostsFile;
import io.soong.test.RdsLookalike;

/**
 * The writer of a cluster under its name, another server that the name may move to, and
 * the journal that is written there.
 */
final class Server implements AutoCloseable {

	private final HostsFile names = HostsFile.ofThisJvm();

	private final RdsLookalike rds;

	private final RdsLookalike twin;

	private final Journal journal;

	Server() throws SQLException {
		this.rds = RdsLookalike.builder()
			.iamUser("jane_doe")
			.endpoint("gizmos.cluster-c0ffee123456.eu-central-1.rds.amazonaws.com")
			.start();
		this.twin = RdsLookalike.builder().sameEndpointAs(this.rds).start();
		this.names.point(this.rds.endpoint(), this.rds.address());
		this.journal = new Journal(this.rds, this.twin);
	}

	RdsLookalike rds() {
		return this.rds;
	}

	Journal journal() {
		return this.journal;
	}

	void moveName() {
		this.names.point(this.rds.endpoint(), this.twin.address());
	}

	void forgetName() {
		this.names.remove(this.rds.endpoint());
	}

	void clearFaults() throws IOException {
		this.rds.refuseConnections(false);
		this.rds.clearFaults();
		this.names.point(this.rds.endpoint(), this.rds.address());
	}

	@Override
	public void close() {
		this.names.remove(this.rds.endpoint());
		this.twin.close();
		this.rds.close();
	}

}
