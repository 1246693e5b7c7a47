package io.soong.reliability;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import io.soong.test.Moment;
import org.jspecify.annotations.Nullable;

/**
 * How far an invocation has come when something goes wrong, and what it does.
 */
enum Stage {

	/** The first invocation opens the connection. */
	CONNECT(null),

	/** The environment is frozen between two invocations. */
	IDLE(null),

	/** A statement is on its way to the server. */
	STATEMENT(Moment.statement("insert into journal")),

	/** The server has executed, and committed, a statement. */
	ANSWER(Moment.answer("INSERT")),

	/** Rows are being fetched, in portions. */
	FETCH(Moment.row(120)),

	/** A transaction is open. */
	TRANSACTION(Moment.statement("select count")),

	/** The COMMIT is on its way to the server. */
	COMMIT(Moment.commit()),

	/** The server has committed. */
	COMMITTED(Moment.commitAnswer());

	private final @Nullable Moment moment;

	Stage(@Nullable Moment moment) {
		this.moment = moment;
	}

	@Nullable Moment moment() {
		return this.moment;
	}

	/**
	 * Writes a row so that it comes to this stage.
	 */
	void write(Connection connection, long id) throws SQLException {
		switch (this) {
			case CONNECT, IDLE, STATEMENT, ANSWER -> Journal.insert(connection, id);
			case FETCH, TRANSACTION, COMMIT, COMMITTED -> {
				connection.setAutoCommit(false);
				Journal.insert(connection, id);
				query(connection, "SELECT count(*) FROM journal");
				if (this == FETCH) {
					query(connection, "SELECT generate_series(1, 500)");
				}
				connection.commit();
			}
		}
	}

	private static void query(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.setFetchSize(50);
			try (ResultSet resultSet = statement.executeQuery(sql)) {
				while (resultSet.next()) {
					resultSet.getLong(1);
				}
			}
		}
	}

}
