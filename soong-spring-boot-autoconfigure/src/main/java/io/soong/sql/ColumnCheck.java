package io.soong.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

import org.postgresql.PGConnection;
import org.postgresql.jdbc.PreferQueryMode;

/**
 * A check that columns have the types by which values for them were bound. It runs before
 * a statement and again behind it: a change that the statement had to wait for, because
 * the table was locked, shows only then. Whatever fails, nothing is stored.
 * <p>
 * Both go with the statement in one round trip and one implicit transaction. In the
 * driver's simple query mode each would be a transaction of its own, and with a negative
 * prepare threshold the driver confuses their results, so that they are sent one by one
 * in a transaction there.
 *
 * @param sql the SQL of the check; empty for none
 */
record ColumnCheck(String sql) {

	static final ColumnCheck NONE = new ColumnCheck("");

	boolean isEmpty() {
		return this.sql.isEmpty();
	}

	/** A statement with the checks around it, as far as they are sent with it. */
	String around(String statement, Connection connection) throws SQLException {
		return (!isEmpty() && isSentAlong(connection)) ? this.sql + "; " + statement + "; " + this.sql : statement;
	}

	/** Runs a statement from {@link #around}, and returns whether it returns rows. */
	boolean run(PreparedStatement statement) throws SQLException {
		boolean rows = statement.execute();
		return (!isEmpty() && isSentAlong(statement.getConnection())) ? statement.getMoreResults() : rows;
	}

	/** Does work with a statement from {@link #around}, after and before a check. */
	<R> R guard(Connection connection, Work<R> work) throws SQLException {
		if (isEmpty() || isSentAlong(connection)) {
			return work.run();
		}
		boolean own = connection.getAutoCommit();
		if (own) {
			connection.setAutoCommit(false);
		}
		try {
			run(connection);
			R result = work.run();
			run(connection);
			if (own) {
				connection.commit();
				connection.setAutoCommit(true);
			}
			return result;
		}
		catch (SQLException | RuntimeException | Error ex) {
			if (own) {
				rollBack(connection, ex);
			}
			throw ex;
		}
	}

	/** Runs the check by itself. */
	void run(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(this.sql);
		}
	}

	private static void rollBack(Connection connection, Throwable reason) {
		try {
			connection.rollback();
			connection.setAutoCommit(true);
		}
		catch (SQLException ex) {
			reason.addSuppressed(ex);
		}
	}

	private boolean isSentAlong(Connection connection) throws SQLException {
		if (!connection.isWrapperFor(PGConnection.class)) {
			return false;
		}
		PGConnection driver = connection.unwrap(PGConnection.class);
		return driver.getPreferQueryMode() != PreferQueryMode.SIMPLE && driver.getPrepareThreshold() >= 0;
	}

	/**
	 * Does something with a statement.
	 */
	@FunctionalInterface
	interface Work<R> {

		R run() throws SQLException;

	}

}
