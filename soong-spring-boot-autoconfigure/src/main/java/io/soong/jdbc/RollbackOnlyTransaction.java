package io.soong.jdbc;

import java.sql.SQLException;
import java.sql.Savepoint;

import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.AutoSave;
import org.postgresql.jdbc.PgConnection;

/**
 * Runs everything on a connection in one transaction that is rolled back at the end.
 * Borrowers see the transactions that they ask for: their commits stay visible to them,
 * and their rollbacks undo their changes. The driver's savepoints keep a failure outside
 * a transaction from affecting the rest. Used by the thread that has the connection.
 */
final class RollbackOnlyTransaction {

	private final PgConnection connection;

	private boolean autoCommit = true;

	// The start of the borrower's transaction
	private @Nullable Savepoint begin;

	private RollbackOnlyTransaction(PgConnection connection) {
		this.connection = connection;
	}

	static RollbackOnlyTransaction begin(PgConnection connection) throws SQLException {
		connection.setAutosave(AutoSave.ALWAYS);
		connection.setAutoCommit(false);
		return new RollbackOnlyTransaction(connection);
	}

	/** Rolls everything back, and restores the connection's state. */
	void end() throws SQLException {
		this.connection.rollback();
		this.connection.setAutoCommit(true);
		this.connection.setAutosave(AutoSave.NEVER);
	}

	boolean isAutoCommit() {
		return this.autoCommit;
	}

	void setAutoCommit(boolean autoCommit) throws SQLException {
		if (this.autoCommit != autoCommit) {
			this.autoCommit = autoCommit;
			this.begin = autoCommit ? null : this.connection.setSavepoint();
		}
	}

	void commit() throws SQLException {
		if (!this.autoCommit) {
			this.begin = this.connection.setSavepoint();
		}
	}

	void rollBack() throws SQLException {
		if (this.begin != null) {
			this.connection.rollback(this.begin);
		}
	}

}
