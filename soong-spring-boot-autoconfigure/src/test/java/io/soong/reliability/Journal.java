package io.soong.reliability;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.soong.test.RdsLookalike;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A table, and what its writer was told about every row that it wrote. The table has no
 * key, so that a row written twice is there twice.
 */
final class Journal {

	/** transaction_resolution_unknown. */
	private static final String UNKNOWN = "08007";

	private final List<RdsLookalike> servers;

	private final Set<Long> acknowledged = new HashSet<>();

	private final Set<Long> unknown = new HashSet<>();

	private long last;

	Journal(RdsLookalike... servers) throws SQLException {
		this.servers = List.of(servers);
		for (RdsLookalike server : servers) {
			server.execute("CREATE TABLE journal (id bigint NOT NULL); GRANT ALL ON journal TO jane_doe");
		}
	}

	/**
	 * Writes a new row, and records the outcome.
	 */
	void write(Writing writing) throws SQLException {
		long id = ++this.last;
		try {
			writing.write(id);
			this.acknowledged.add(id);
		}
		catch (SQLException ex) {
			if (UNKNOWN.equals(ex.getSQLState())) {
				this.unknown.add(id);
			}
			throw ex;
		}
	}

	static void insert(Connection connection, long id) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement("INSERT INTO journal VALUES (?)")) {
			statement.setLong(1, id);
			statement.executeUpdate();
		}
	}

	int acknowledged() {
		return this.acknowledged.size();
	}

	int unknown() {
		return this.unknown.size();
	}

	/**
	 * Compares what the writer was told with what is there, and begins a new page.
	 */
	void verifyAndClear() throws SQLException {
		Map<Long, Integer> rows = new HashMap<>();
		for (RdsLookalike server : this.servers) {
			try (Connection admin = server.openAdminConnection();
					Statement statement = admin.createStatement();
					ResultSet resultSet = statement.executeQuery("SELECT id FROM journal")) {
				while (resultSet.next()) {
					rows.merge(resultSet.getLong(1), 1, Integer::sum);
				}
			}
			// The locks of a session that the network swallowed would stay
			server.execute("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE usename = 'jane_doe'");
			server.execute("TRUNCATE journal");
		}
		Set<Long> acknowledged = Set.copyOf(this.acknowledged);
		Set<Long> unknown = Set.copyOf(this.unknown);
		this.acknowledged.clear();
		this.unknown.clear();
		assertThat(rows.values()).as("rows written twice").allMatch((count) -> count == 1);
		assertThat(rows.keySet()).as("rows lost").containsAll(acknowledged);
		rows.keySet().removeAll(acknowledged);
		assertThat(unknown).as("rows that nobody was told of").containsAll(rows.keySet());
	}

	/**
	 * Writes a row, in one of the ways there are.
	 */
	@FunctionalInterface
	interface Writing {

		void write(long id) throws SQLException;

	}

}
