package io.soong.benchmarks;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.IntStream;

import io.soong.test.RdsLookalike;

/**
 * The rows, on the server and as Java objects. Which they are depends on their ids only,
 * so that what was read can be told from what should have been.
 */
final class Gizmos {

	/** How many there are where time is taken. */
	static final int ROWS = 100_000;

	/** How many gizmos have the same quantity. */
	static final int SAME_QUANTITY = 20;

	/** How many rows of 50 columns there are. */
	static final int WIDE_ROWS = 1000;

	private static final int WIDTH = 50;

	private static final int DAYS = 1000;

	private static final LocalDate FIRST_DAY = LocalDate.of(2024, 1, 1);

	private static final List<String> COLORS = List.of("pink", "green", "blue", "red", "octarine");

	private Gizmos() {
	}

	/**
	 * Starts a server that is as quiet as it can be made, and has the tables.
	 */
	static RdsLookalike start(int rows) throws SQLException {
		RdsLookalike rds = RdsLookalike.builder()
			.iamUser("jane_doe")
			.setting("autovacuum", "off")
			.setting("max_wal_size", "8GB")
			.setting("checkpoint_timeout", "1h")
			.start();
		for (String table : List.of("gizmos", "painted_gizmos", "new_gizmos", "imported_gizmos")) {
			String id = table.equals("new_gizmos") ? "integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
					: "integer PRIMARY KEY";
			rds.execute("CREATE TABLE " + table + " (id " + id
					+ ", name text NOT NULL, color text NOT NULL, price numeric(10, 2) NOT NULL, "
					+ "quantity integer NOT NULL, rating double precision NOT NULL, made_on date NOT NULL, "
					+ "updated_at timestamptz NOT NULL)");
			rds.execute("ALTER TABLE " + table + " OWNER TO jane_doe");
		}
		rds.execute("ALTER TABLE painted_gizmos SET (fillfactor = 50)");
		for (String table : List.of("gizmos", "painted_gizmos")) {
			rds.execute("INSERT INTO " + table + " SELECT i, 'Gizmo ' || i, ('{" + String.join(",", COLORS)
					+ "}'::text[])[i % " + COLORS.size() + " + 1], i / 100.0, i / " + SAME_QUANTITY
					+ ", i / 8.0, date '" + FIRST_DAY + "' + i % " + DAYS + ", (date '" + FIRST_DAY + "' + i % " + DAYS
					+ ") AT TIME ZONE 'UTC' FROM generate_series(1, " + rows + ") AS i");
		}
		rds.execute("CREATE INDEX ON gizmos (quantity)");
		createWide(rds);
		rds.execute("VACUUM ANALYZE");
		return rds;
	}

	private static void createWide(RdsLookalike rds) throws SQLException {
		List<String> types = List.of("integer", "text", "numeric(10, 2)", "date", "boolean");
		List<String> values = List.of("i", "'Gizmo ' || i", "i / 100.0", "date '" + FIRST_DAY + "' + i", "i % 2 = 0");
		StringJoiner columns = new StringJoiner(", ");
		StringJoiner selected = new StringJoiner(", ");
		for (int i = 0; i < WIDTH; i++) {
			columns.add("c" + (i + 1) + " " + types.get(i % types.size()) + " NOT NULL");
			selected.add(values.get(i % values.size()));
		}
		rds.execute("CREATE TABLE wide_gizmos (" + columns + ", PRIMARY KEY (c1))");
		rds.execute("ALTER TABLE wide_gizmos OWNER TO jane_doe");
		rds.execute("INSERT INTO wide_gizmos SELECT " + selected + " FROM generate_series(1, " + WIDE_ROWS + ") AS i");
	}

	/** The row that has the id. */
	static Gizmo gizmo(int id) {
		LocalDate day = FIRST_DAY.plusDays(id % DAYS);
		return new Gizmo(id, "Gizmo " + id, COLORS.get(id % COLORS.size()), BigDecimal.valueOf(id, 2),
				id / SAME_QUANTITY, id / 8.0, day, day.atTime(LocalTime.MIDNIGHT).atOffset(ZoneOffset.UTC));
	}

	/** A row without an id. */
	static NewGizmo newGizmo(int number) {
		Gizmo gizmo = gizmo(number);
		return new NewGizmo(null, gizmo.name(), gizmo.color(), gizmo.price(), gizmo.quantity(), gizmo.rating(),
				gizmo.madeOn(), gizmo.updatedAt());
	}

	/** Rows to import. */
	static List<ImportedGizmo> imported(int rows) {
		return IntStream.rangeClosed(1, rows)
			.mapToObj(Gizmos::gizmo)
			.map((gizmo) -> new ImportedGizmo(gizmo.id(), gizmo.name(), gizmo.color(), gizmo.price(), gizmo.quantity(),
					gizmo.rating(), gizmo.madeOn(), gizmo.updatedAt()))
			.toList();
	}

}
