package io.soong.samples.gizmos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

import io.soong.test.RdsLookalike;

/**
 * The tables that the functions work on.
 */
final class GizmosDatabase {

	private static final Path SCRIPTS = Path.of("src", "test", "resources");

	private GizmosDatabase() {
	}

	static void create(RdsLookalike rds) throws IOException, SQLException {
		rds.execute(Files.readString(SCRIPTS.resolve("schema.sql")));
		rds.execute(Files.readString(SCRIPTS.resolve("data.sql")));
		rds.execute("GRANT SELECT, INSERT, UPDATE ON gizmos, orders TO jane_doe");
	}

}
