package io.soong.jdbc;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The SQLStates that this package knows, by PostgreSQL's names, and which of them decide
 * whether a connection is kept. Those of {@code PSQLState} lack some, and are no
 * constants for a {@code switch}.
 *
 * @see <a href=
 * "https://www.postgresql.org/docs/current/errcodes-appendix.html">PostgreSQL error
 * codes</a>
 */
final class SqlStates {

	/** Also stands for an attempt that failed without an SQLState. */
	static final String CANNOT_CONNECT = "08001";

	static final String CONNECTION_DOES_NOT_EXIST = "08003";

	static final String CONNECTION_REJECTED = "08004";

	static final String CONNECTION_FAILURE = "08006";

	static final String TRANSACTION_RESOLUTION_UNKNOWN = "08007";

	static final String PROTOCOL_VIOLATION = "08P01";

	static final String INVALID_PARAMETER_VALUE = "22023";

	static final String ACTIVE_TRANSACTION = "25001";

	static final String READ_ONLY_SQL_TRANSACTION = "25006";

	static final String INVALID_AUTHORIZATION = "28000";

	static final String INVALID_PASSWORD = "28P01";

	static final String UNKNOWN_DATABASE = "3D000";

	static final String INSUFFICIENT_PRIVILEGE = "42501";

	static final String UNDEFINED_OBJECT = "42704";

	static final String TOO_MANY_CONNECTIONS = "53300";

	static final String OBJECT_IN_USE = "55006";

	static final String QUERY_CANCELED = "57014";

	static final String CANNOT_CONNECT_NOW = "57P03";

	/** Stands for a failure that has no SQLState. */
	static final String INTERNAL_ERROR = "XX000";

	/** States after which the server has ended the session. */
	private static final Set<String> END_OF_SESSION = Set.of("57P01", // admin_shutdown
			"57P02", // crash_shutdown
			CANNOT_CONNECT_NOW, "57P04", // database_dropped
			"57P05", // idle_session_timeout
			"25P03", // idle_in_transaction_session_timeout
			"25P04"); // transaction_timeout

	/**
	 * States of a prepared statement whose tables or functions have changed. The first is
	 * that of a cached plan whose result type would change.
	 */
	private static final Set<String> CHANGE = Set.of("0A000", // feature_not_supported
			"42703", // undefined_column
			"42P01", // undefined_table
			"42804", // datatype_mismatch
			"42883", // undefined_function
			"42P18", // indeterminate_datatype
			"22P02", // invalid_text_representation, for the type the parameter had
			"22P03"); // invalid_binary_representation, for the type the parameter had

	private SqlStates() {
	}

	/**
	 * Returns whether the failed connection cannot be used again: by its SQLState, or an
	 * I/O error among its causes and next exceptions.
	 */
	static boolean isDeadConnection(SQLException failure) {
		return isDeadConnection(failure, Collections.newSetFromMap(new IdentityHashMap<>()));
	}

	private static boolean isDeadConnection(@Nullable Throwable failure, Set<Throwable> seen) {
		if (failure == null || !seen.add(failure)) {
			return false;
		}
		if (failure instanceof IOException) {
			return true;
		}
		if (failure instanceof SQLException sqlException && (state(sqlException).startsWith("08")
				|| isEndOfSession(sqlException) || isDeadConnection(sqlException.getNextException(), seen))) {
			return true;
		}
		return isDeadConnection(failure.getCause(), seen);
	}

	/**
	 * Returns whether the server ended the session. It does so between two statements or
	 * instead of one, so the statement did not take effect.
	 */
	static boolean isEndOfSession(SQLException failure) {
		return END_OF_SESSION.contains(state(failure));
	}

	/**
	 * Returns whether a write was refused because the server is read-only: the old writer
	 * after a failover, or a read-only transaction.
	 */
	static boolean isReadOnlyServer(SQLException failure) {
		return READ_ONLY_SQL_TRANSACTION.equals(failure.getSQLState());
	}

	static boolean isSchemaChange(SQLException failure) {
		return CHANGE.contains(state(failure));
	}

	static boolean isCancelled(@Nullable Throwable failure) {
		return failure instanceof SQLException ex && QUERY_CANCELED.equals(ex.getSQLState());
	}

	private static String state(SQLException failure) {
		return String.valueOf(failure.getSQLState());
	}

}
