package io.soong.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * JDBC by hand, with a statement that is prepared and closed by each call, as every
 * library does that knows nothing of its caller's other calls.
 */
final class PreparedAnewContender implements Contender {

	private final Connection connection;

	PreparedAnewContender(Connection connection) {
		this.connection = connection;
	}

	@Override
	public Gizmo get(int id) throws SQLException {
		try (PreparedStatement statement = this.connection.prepareStatement(GET)) {
			statement.setInt(1, id);
			return JdbcContender.gizmos(statement).get(0);
		}
	}

	@Override
	public void close() throws SQLException {
		this.connection.close();
	}

}
