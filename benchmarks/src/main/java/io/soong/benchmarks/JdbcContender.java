package io.soong.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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

	private final PreparedStatement wide;

	private final PreparedStatement allWide;

	private final PreparedStatement insert;

	private final PreparedStatement update;

	JdbcContender(Connection connection) throws SQLException {
		this.connection = connection;
		this.get = connection.prepareStatement(GET);
		this.select = connection.prepareStatement(SELECT);
		this.all = connection.prepareStatement(ALL);
		this.wide = connection.prepareStatement(WIDE + " WHERE c1 = ?");
		this.allWide = connection.prepareStatement(WIDE);
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
	public WideGizmo wide(int id) throws SQLException {
		this.wide.setInt(1, id);
		return wideGizmos(this.wide).get(0);
	}

	@Override
	public List<WideGizmo> allWide() throws SQLException {
		return wideGizmos(this.allWide);
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
		copy("COPY imported_gizmos (id, name, color, price, quantity, rating, made_on, updated_at) FROM STDIN", gizmos);
	}

	@Override
	public void upsertAll(List<ImportedGizmo> gizmos) throws SQLException {
		this.connection.setAutoCommit(false);
		try (Statement statement = this.connection.createStatement()) {
			statement.execute("CREATE TEMPORARY TABLE staged_gizmos (LIKE imported_gizmos) ON COMMIT DROP");
			copy("COPY staged_gizmos FROM STDIN", gizmos);
			statement.execute("INSERT INTO imported_gizmos SELECT * FROM staged_gizmos " + UPSERT);
			this.connection.commit();
		}
		finally {
			this.connection.setAutoCommit(true);
		}
	}

	private void copy(String sql, List<ImportedGizmo> gizmos) throws SQLException {
		CopyIn copy = this.connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
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

	private static List<WideGizmo> wideGizmos(PreparedStatement statement) throws SQLException {
		try (ResultSet rows = statement.executeQuery()) {
			List<WideGizmo> gizmos = new ArrayList<>();
			while (rows.next()) {
				gizmos.add(new WideGizmo(rows.getInt(1), rows.getString(2), rows.getBigDecimal(3),
						rows.getObject(4, LocalDate.class), rows.getBoolean(5), rows.getInt(6), rows.getString(7),
						rows.getBigDecimal(8), rows.getObject(9, LocalDate.class), rows.getBoolean(10), rows.getInt(11),
						rows.getString(12), rows.getBigDecimal(13), rows.getObject(14, LocalDate.class),
						rows.getBoolean(15), rows.getInt(16), rows.getString(17), rows.getBigDecimal(18),
						rows.getObject(19, LocalDate.class), rows.getBoolean(20), rows.getInt(21), rows.getString(22),
						rows.getBigDecimal(23), rows.getObject(24, LocalDate.class), rows.getBoolean(25),
						rows.getInt(26), rows.getString(27), rows.getBigDecimal(28),
						rows.getObject(29, LocalDate.class), rows.getBoolean(30), rows.getInt(31), rows.getString(32),
						rows.getBigDecimal(33), rows.getObject(34, LocalDate.class), rows.getBoolean(35),
						rows.getInt(36), rows.getString(37), rows.getBigDecimal(38),
						rows.getObject(39, LocalDate.class), rows.getBoolean(40), rows.getInt(41), rows.getString(42),
						rows.getBigDecimal(43), rows.getObject(44, LocalDate.class), rows.getBoolean(45),
						rows.getInt(46), rows.getString(47), rows.getBigDecimal(48),
						rows.getObject(49, LocalDate.class), rows.getBoolean(50)));
			}
			return gizmos;
		}
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
