package io.soong.jdbc;

/**
 * The logger of this package. Named after {@link SoongDataSource}, the class that users
 * know.
 */
final class ConnectionLog {

	static final String NAME = "io.soong.jdbc.SoongDataSource";

	private ConnectionLog() {
	}

}
