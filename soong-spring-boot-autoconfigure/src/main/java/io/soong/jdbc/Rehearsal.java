package io.soong.jdbc;

import java.sql.SQLException;
import java.sql.Savepoint;

import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.AutoSave;
import org.postgresql.jdbc.PgConnection;

/**
 * Has a connection do everything in one transaction that is rolled back in the end, while
 * its borrowers see the transactions that they ask for: what they commit stays visible to
 * them, and what they roll back is gone. What fails outside of their transactions leaves
 * the rest as it was, by the driver's savepoints. Used by the thread that has the
 * connection.
 */
final class Rehearsal {

	private final PgConnection connection;

	private boolean autoCommit = true;

	// Where the borrower's transaction began
	private @Nullable Savepoint begin;

	private Rehearsal(PgConnection connection) {
		this.connection = connection;
	}

	static Rehearsal begin(PgConnection connection) throws SQLException {
		connection.setAutosave(AutoSave.ALWAYS);
		connection.setAutoCommit(false);
		return new Rehearsal(connection);
	}

	/** Rolls back all that was done, and leaves the connection as it was before. */
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
