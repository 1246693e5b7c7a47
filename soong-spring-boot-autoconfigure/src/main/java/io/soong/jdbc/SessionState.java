package io.soong.jdbc;

import java.sql.SQLException;
import java.sql.Statement;

import org.jspecify.annotations.Nullable;
import org.postgresql.core.TransactionState;
import org.postgresql.jdbc.PgConnection;

/**
 * Remembers what a loan changed about the session, and undoes just that. What was not
 * changed costs nothing.
 */
final class SessionState {

	private final PgConnection connection;

	private final boolean nested;

	private @Nullable Boolean autoCommit;

	private @Nullable Boolean readOnly;

	private @Nullable Integer isolation;

	private @Nullable Integer isolationInForce;

	private @Nullable String schema;

	private @Nullable Integer networkTimeout;

	SessionState(PgConnection connection, boolean nested) {
		this.connection = connection;
		this.nested = nested;
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
	 * Spares {@link #beforeSetTransactionIsolation(int)} the round trip of asking again.
	 */
	void afterGetTransactionIsolation(int current) {
		if (this.isolation == null) {
			this.isolation = current;
		}
	}

	void beforeSetTransactionIsolation(int wanted) throws SQLException {
		if (this.isolation == null) {
			this.isolation = this.connection.getTransactionIsolation();
		}
		this.isolationInForce = wanted;
	}

	void beforeSetSchema() throws SQLException {
		if (this.schema == null) {
			String current = this.connection.getSchema();
			this.schema = (current != null) ? current : "";
		}
	}

	void beforeSetNetworkTimeout() throws SQLException {
		if (this.networkTimeout == null) {
			this.networkTimeout = this.connection.getNetworkTimeout();
		}
	}

	/**
	 * Rolls back what is open, then undoes the changes. A transaction that the loan found
	 * open is left to the loan around it.
	 */
	void restore() throws SQLException {
		if (this.networkTimeout != null) {
			this.connection.setNetworkTimeout(null, this.networkTimeout);
		}
		boolean mayRollBack = !this.nested || this.autoCommit != null;
		if (mayRollBack && !this.connection.getAutoCommit()) {
			this.connection.rollback();
		}
		if (this.autoCommit != null && this.connection.getAutoCommit() != this.autoCommit) {
			this.connection.setAutoCommit(this.autoCommit);
		}
		if (mayRollBack && isInTransaction()) {
			execute("ROLLBACK");
		}
		if (this.readOnly != null && this.connection.isReadOnly() != this.readOnly) {
			this.connection.setReadOnly(this.readOnly);
		}
		if (this.isolation != null && this.isolationInForce != null && !this.isolation.equals(this.isolationInForce)) {
			this.connection.setTransactionIsolation(this.isolation);
		}
		if (this.schema != null) {
			restoreSchema(this.schema);
		}
	}

	/**
	 * The search path may hold several schemas, of which JDBC knows the first only.
	 */
	private void restoreSchema(String schema) throws SQLException {
		if (this.nested) {
			this.connection.setSchema(schema);
		}
		else {
			execute("RESET search_path");
		}
	}

	private boolean isInTransaction() {
		return this.connection.getTransactionState() != TransactionState.IDLE;
	}

	private void execute(String sql) throws SQLException {
		try (Statement statement = this.connection.createStatement()) {
			statement.execute(sql);
		}
	}

}
