package io.soong.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * JDBC by hand, as fast as it goes: statements that are prepared once and kept, columns
 * that are read by number, rows that are inserted by COPY.
 */
final class JdbcContender implements Contender {

	private final Connection connection;

	private final PreparedStatement get;

	private final PreparedStatement select;

	private final PreparedStatement all;

	private final PreparedStatement insert;

	private final PreparedStatement update;

	JdbcContender(Connection connection) throws SQLException {
		this.connection = connection;
		this.get = connection.prepareStatement(GET);
		this.select = connection.prepareStatement(SELECT);
		this.all = connection.prepareStatement(ALL);
		this.insert = connection.prepareStatement(INSERT + " RETURNING id");
		this.update = connection.prepareStatement(UPDATE);
	}

	@Override
	public Gizmo get(int id) throws SQLException {
		this.get.setInt(1, id);
		return gizmos(this.get).get(0);
	}

	@Override
	public List<Gizmo> select(int quantity) throws SQLException {
		this.select.setInt(1, quantity);
		return gizmos(this.select);
	}

	@Override
	public List<Gizmo> all() throws SQLException {
		return gizmos(this.all);
	}

	@Override
	public int insert(NewGizmo gizmo) throws SQLException {
		this.insert.setString(1, gizmo.name());
		this.insert.setString(2, gizmo.color());
		this.insert.setBigDecimal(3, gizmo.price());
		this.insert.setInt(4, gizmo.quantity());
		this.insert.setDouble(5, gizmo.rating());
		this.insert.setObject(6, gizmo.madeOn());
		this.insert.setObject(7, gizmo.updatedAt());
		try (ResultSet resultSet = this.insert.executeQuery()) {
			resultSet.next();
			return resultSet.getInt(1);
		}
	}

	@Override
	public void update(Repainting repainting) throws SQLException {
		this.update.setString(1, repainting.color());
		this.update.setBigDecimal(2, repainting.price());
		this.update.setInt(3, repainting.id());
		this.update.executeUpdate();
	}

	@Override
	public void insertAll(List<ImportedGizmo> gizmos) throws SQLException {
		CopyIn copy = this.connection.unwrap(PGConnection.class)
			.getCopyAPI()
			.copyIn("COPY imported_gizmos (id, name, color, price, quantity, rating, made_on, updated_at) FROM STDIN");
		try {
			CopyText text = new CopyText(copy);
			for (ImportedGizmo gizmo : gizmos) {
				text.write(gizmo);
			}
			text.end();
		}
		finally {
			if (copy.isActive()) {
				copy.cancelCopy();
			}
		}
	}

	@Override
	public void close() throws SQLException {
		this.connection.close();
	}

	static List<Gizmo> gizmos(PreparedStatement statement) throws SQLException {
		try (ResultSet resultSet = statement.executeQuery()) {
			List<Gizmo> gizmos = new ArrayList<>();
			while (resultSet.next()) {
				gizmos.add(new Gizmo(resultSet.getInt(1), resultSet.getString(2), resultSet.getString(3),
						resultSet.getBigDecimal(4), resultSet.getInt(5), resultSet.getDouble(6),
						resultSet.getObject(7, LocalDate.class), resultSet.getObject(8, OffsetDateTime.class)));
			}
			return gizmos;
		}
	}

}
