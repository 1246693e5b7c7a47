package io.soong.benchmarks;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The contenders of this JVM, on the database that its environment names. JMH makes its
 * states anew for every run, and contenders take turns in short ones: what they hold
 * open, and what they have warmed up, outlives those here. Used by one thread at a time.
 */
final class OpenContenders {

	private static final OpenContenders INSTANCE = new OpenContenders(new Database(System.getenv()));

	private final Database database;

	private final Map<Library, Contender> contenders = new EnumMap<>(Library.class);

	private @Nullable Connection housekeeping;

	private OpenContenders(Database database) {
		this.database = database;
	}

	static synchronized Contender get(String library) throws SQLException {
		return INSTANCE.contender(Library.valueOf(library));
	}

	static synchronized void truncate(String table) throws SQLException {
		try (Statement statement = INSTANCE.housekeeping().createStatement()) {
			statement.execute("TRUNCATE " + table);
		}
	}

	private Contender contender(Library library) throws SQLException {
		Contender contender = this.contenders.get(library);
		if (contender == null) {
			contender = library.open(this.database);
			this.contenders.put(library, contender);
		}
		return contender;
	}

	private Connection housekeeping() throws SQLException {
		Connection connection = this.housekeeping;
		if (connection == null) {
			connection = this.database.connection();
			this.housekeeping = connection;
		}
		return connection;
	}

}
