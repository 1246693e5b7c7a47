package io.soong.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;

import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * The database of a {@link SoongDataSource} for another role. Each connection is a
 * physical one, which ends when its borrower closes it, so that no session of the role
 * remains afterwards. Thread-safe.
 */
final class RoleDataSource extends AbstractDataSource {

	private final String user;

	private final Opening opening;

	RoleDataSource(String user, Opening opening) {
		this.user = user;
		this.opening = opening;
	}

	@Override
	public Connection getConnection() throws SQLException {
		return this.opening.open();
	}

	@Override
	public Connection getConnection(String username, String password) throws SQLException {
		throw new SQLFeatureNotSupportedException(
				"This data source logs in as " + this.user + "; call getConnection() without arguments");
	}

	@Override
	public String toString() {
		return "RoleDataSource[" + this.user + "]";
	}

	/**
	 * Opens a physical connection.
	 */
	@FunctionalInterface
	interface Opening {

		Connection open() throws SQLException;

	}

}
