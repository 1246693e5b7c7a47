package io.soong.jdbc;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgConnection;

/**
 * Records what a loan changed in the session, and undoes only that. Unchanged state costs
 * nothing.
 */
final class SessionState {

	private final PhysicalConnection physical;

	private final PgConnection connection;

	private @Nullable Boolean autoCommit;

	private @Nullable Boolean readOnly;

	private @Nullable Integer isolation;

	private @Nullable Integer isolationInForce;

	private @Nullable String searchPath;

	private @Nullable Integer networkTimeout;

	SessionState(PhysicalConnection physical) {
		this.physical = physical;
		this.connection = physical.driverConnection();
	}

	void beforeSetAutoCommit() throws SQLException {
		if (this.autoCommit == null) {
			this.autoCommit = this.connection.getAutoCommit();
		}
	}

	void beforeSetReadOnly() throws SQLException {
		if (this.readOnly == null) {
			this.readOnly = this.connection.isReadOnly();
		}
	}

	/**
	 * Saves {@link #beforeSetTransactionIsolation(int)} a round trip. Within a
	 * transaction the value applies to that transaction only.
	 */
	void afterGetTransactionIsolation(int current) {
		if (this.isolation == null && !this.physical.isInTransaction()) {
			this.isolation = current;
		}
	}

	void beforeSetTransactionIsolation(int wanted) throws SQLException {
		if (this.isolation == null) {
			this.isolation = this.connection.getTransactionIsolation();
		}
		this.isolationInForce = wanted;
	}

	/**
	 * Reads the whole search path. JDBC returns only its first schema.
	 */
	void beforeSetSchema() throws SQLException {
		if (this.searchPath == null) {
			try (Statement statement = this.connection.createStatement();
					ResultSet resultSet = statement.executeQuery("SHOW search_path")) {
				resultSet.next();
				this.searchPath = resultSet.getString(1);
			}
		}
	}

	void beforeSetNetworkTimeout() throws SQLException {
		if (this.networkTimeout == null) {
			this.networkTimeout = this.connection.getNetworkTimeout();
		}
	}

	/**
	 * Undoes the changes.
	 * @param mayRollBack whether an open transaction belongs to the loan
	 */
	void restore(boolean mayRollBack) throws SQLException {
		if (this.networkTimeout != null) {
			this.connection.setNetworkTimeout(null, this.networkTimeout);
		}
		if (mayRollBack) {
			this.physical.rollBack();
		}
		if (mayRollBack && this.autoCommit != null && this.connection.getAutoCommit() != this.autoCommit) {
			this.connection.setAutoCommit(this.autoCommit);
		}
		if (this.readOnly != null && this.connection.isReadOnly() != this.readOnly) {
			this.connection.setReadOnly(this.readOnly);
		}
		if (this.isolation != null && this.isolationInForce != null && !this.isolation.equals(this.isolationInForce)) {
			this.connection.setTransactionIsolation(this.isolation);
		}
		if (this.searchPath != null) {
			restoreSearchPath(this.searchPath);
		}
	}

	private void restoreSearchPath(String searchPath) throws SQLException {
		try (PreparedStatement statement = this.connection
			.prepareStatement("SELECT set_config('search_path', ?, false)")) {
			statement.setString(1, searchPath);
			statement.execute();
		}
	}

}
