package io.soong.jdbc;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Tells from an exception whether the connection it came from can be used again.
 */
final class BrokenConnection {

	/**
	 * States after which the server has ended the session.
	 */
	private static final Set<String> FATAL_STATES = Set.of("57P01", // admin_shutdown
			"57P02", // crash_shutdown
			"57P03", // cannot_connect_now
			"57P04", // database_dropped
			"57P05", // idle_session_timeout
			"25P03", // idle_in_transaction_session_timeout
			"25P04"); // transaction_timeout

	/**
	 * The server only reads ({@code read_only_sql_transaction}).
	 */
	static final String READ_ONLY = "25006";

	private BrokenConnection() {
	}

	static boolean isShownBy(SQLException failure) {
		return isShownBy(failure, Collections.newSetFromMap(new IdentityHashMap<>()));
	}

	private static boolean isShownBy(@Nullable Throwable failure, Set<Throwable> seen) {
		if (failure == null || !seen.add(failure)) {
			return false;
		}
		if (failure instanceof IOException) {
			return true;
		}
		if (failure instanceof SQLException sqlException) {
			String state = sqlException.getSQLState();
			if (state != null && (state.startsWith("08") || FATAL_STATES.contains(state))) {
				return true;
			}
			if (isShownBy(sqlException.getNextException(), seen)) {
				return true;
			}
		}
		return isShownBy(failure.getCause(), seen);
	}

	/**
	 * Returns whether the server itself ended the session, which it does between two
	 * statements or in place of one, so that it is known not to have taken effect.
	 */
	static boolean isFarewell(SQLException failure) {
		return FATAL_STATES.contains(String.valueOf(failure.getSQLState()));
	}

	/**
	 * Returns whether a write was refused because the server only reads: after a failover
	 * the old writer, or a transaction that asked for it.
	 */
	static boolean isReadOnlyServer(SQLException failure) {
		return READ_ONLY.equals(failure.getSQLState());
	}

}
