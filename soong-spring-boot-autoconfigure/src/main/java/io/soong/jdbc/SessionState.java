package io.soong.jdbc;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.AutoSave;
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

	private @Nullable Setting searchPath;

	private @Nullable Setting applicationName;

	private @Nullable Integer networkTimeout;

	private @Nullable Integer holdability;

	private @Nullable Map<String, Class<?>> typeMap;

	private @Nullable DriverOptions driverOptions;

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

	/**
	 * The driver refuses it within a transaction, whose own level must not be taken for
	 * that of the session.
	 */
	void beforeSetTransactionIsolation(int wanted) throws SQLException {
		if (this.physical.isInTransaction()) {
			return;
		}
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
			this.searchPath = read("search_path");
		}
	}

	/**
	 * The name of the application is the only client info there is.
	 */
	void beforeSetClientInfo() throws SQLException {
		if (this.applicationName == null) {
			this.applicationName = read("application_name");
		}
	}

	void beforeSetHoldability() throws SQLException {
		if (this.holdability == null) {
			this.holdability = this.connection.getHoldability();
		}
	}

	void beforeSetTypeMap() throws SQLException {
		if (this.typeMap == null) {
			this.typeMap = this.connection.getTypeMap();
		}
	}

	/**
	 * Saves what the driver's own methods may change, because they are not seen. Asks the
	 * driver, not the server.
	 */
	void beforeUnwrap() throws SQLException {
		if (this.driverOptions == null) {
			beforeSetHoldability();
			beforeSetTypeMap();
			this.driverOptions = DriverOptions.of(this.connection);
		}
	}

	/**
	 * Reads a setting. Within a transaction its value may be one of the transaction, such
	 * as that of a tenant, which the next borrower must not get. The session's value
	 * cannot be read there, so that the one a new session would have is restored.
	 */
	private Setting read(String name) throws SQLException {
		boolean inTransaction = this.physical.isInTransaction();
		try (Statement statement = this.connection.createStatement();
				ResultSet resultSet = statement.executeQuery(inTransaction
						? "SELECT reset_val, pg_catalog.current_setting(name) FROM pg_catalog.pg_settings WHERE name = '"
								+ name + "'"
						: "SHOW " + name)) {
			resultSet.next();
			return new Setting(name, resultSet.getString(1), inTransaction ? resultSet.getString(2) : null);
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
		if (this.holdability != null) {
			this.connection.setHoldability(this.holdability);
		}
		if (this.typeMap != null) {
			this.connection.setTypeMap(this.typeMap);
		}
		if (this.driverOptions != null) {
			this.driverOptions.restore(this.connection);
		}
		if (this.searchPath != null) {
			restore(this.searchPath, mayRollBack);
		}
		if (this.applicationName != null) {
			restore(this.applicationName, mayRollBack);
		}
	}

	/**
	 * Restores a setting for the session, and within the transaction of an outer loan for
	 * that transaction.
	 */
	private void restore(Setting setting, boolean mayRollBack) throws SQLException {
		boolean local = setting.ofTransaction() != null && !mayRollBack && this.physical.isInTransaction();
		String call = "pg_catalog.set_config('" + setting.name() + "', ?, ";
		try (PreparedStatement statement = this.connection
			.prepareStatement("SELECT " + call + "false)" + (local ? ", " + call + "true)" : ""))) {
			statement.setString(1, setting.ofSession());
			if (local) {
				statement.setString(2, setting.ofTransaction());
			}
			statement.execute();
		}
	}

	/**
	 * What the driver has of its own, beyond JDBC.
	 */
	private record DriverOptions(int prepareThreshold, int fetchSize, AutoSave autosave) {

		static DriverOptions of(PgConnection connection) {
			return new DriverOptions(connection.getPrepareThreshold(), connection.getDefaultFetchSize(),
					connection.getAutosave());
		}

		void restore(PgConnection connection) throws SQLException {
			connection.setPrepareThreshold(this.prepareThreshold);
			connection.setDefaultFetchSize(this.fetchSize);
			connection.setAutosave(this.autosave);
		}

	}

	/**
	 * What a setting was before the loan changed it.
	 *
	 * @param ofTransaction its value within the transaction that was open, or
	 * {@code null}
	 */
	private record Setting(String name, String ofSession, @Nullable String ofTransaction) {

	}

}
