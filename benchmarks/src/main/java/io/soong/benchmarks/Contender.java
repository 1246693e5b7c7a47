package io.soong.benchmarks;

import java.sql.SQLException;
import java.util.List;

/**
 * The work that is measured, as one library does it over a connection of its own. What a
 * library does not take part in is not supported.
 */
interface Contender extends AutoCloseable {

	String ALL = "SELECT id, name, color, price, quantity, rating, made_on, updated_at FROM gizmos";

	String GET = ALL + " WHERE id = ?";

	String SELECT = ALL + " WHERE quantity = ?";

	String INSERT = "INSERT INTO new_gizmos (name, color, price, quantity, rating, made_on, updated_at) "
			+ "VALUES (?, ?, ?, ?, ?, ?, ?)";

	String UPDATE = "UPDATE painted_gizmos SET color = ?, price = ? WHERE id = ?";

	String IMPORT = "INSERT INTO imported_gizmos (id, name, color, price, quantity, rating, made_on, updated_at) "
			+ "VALUES (?, ?, ?, ?, ?, ?, ?, ?)";

	String UPSERT = "ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, color = EXCLUDED.color, price = EXCLUDED.price, "
			+ "quantity = EXCLUDED.quantity, rating = EXCLUDED.rating, made_on = EXCLUDED.made_on, "
			+ "updated_at = EXCLUDED.updated_at";

	String WIDE = "SELECT * FROM wide_gizmos";

	/** The gizmo that has the id. */
	default Object get(int id) throws SQLException {
		throw notMeasured();
	}

	/** The gizmos of a quantity. */
	default List<?> select(int quantity) throws SQLException {
		throw notMeasured();
	}

	/** All gizmos. */
	default List<?> all() throws SQLException {
		throw notMeasured();
	}

	/** A row of 50 columns. */
	default Object wide(int id) throws SQLException {
		throw notMeasured();
	}

	/** All rows of 50 columns. */
	default List<?> allWide() throws SQLException {
		throw notMeasured();
	}

	/** Adds a gizmo, and returns the id that it got. */
	default int insert(NewGizmo gizmo) throws SQLException {
		throw notMeasured();
	}

	/** Sets two columns of the row that has the id. */
	default void update(Repainting repainting) throws SQLException {
		throw notMeasured();
	}

	/** Adds many gizmos, all or nothing. */
	default void insertAll(List<ImportedGizmo> gizmos) throws SQLException {
		throw notMeasured();
	}

	/** Adds or updates many gizmos, all or nothing. */
	default void upsertAll(List<ImportedGizmo> gizmos) throws SQLException {
		throw notMeasured();
	}

	@Override
	void close() throws SQLException;

	private static UnsupportedOperationException notMeasured() {
		return new UnsupportedOperationException("Not measured");
	}

}
