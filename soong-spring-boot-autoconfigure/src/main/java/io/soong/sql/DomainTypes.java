package io.soong.sql;

import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.jdbc.PgArray;

/**
 * The types that domains are made of, which the server tells for a column but not for the
 * elements of an array. Asked of the catalogue once per domain, when the first array of
 * it is read. Thread-safe.
 */
final class DomainTypes {

	private static final String BASE = """
			WITH RECURSIVE base AS (
				SELECT oid, typtype, typbasetype, typarray FROM pg_catalog.pg_type WHERE oid = ?
				UNION ALL
				SELECT t.oid, t.typtype, t.typbasetype, t.typarray
				FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.typbasetype WHERE b.typtype = 'd'
			)
			SELECT oid, typarray FROM base WHERE typtype <> 'd'""";

	// Far more than a function meets
	private static final int MAX_DOMAINS = 1000;

	private final Map<Domain, Base> bases = new ConcurrentHashMap<>();

	/**
	 * The base type of the elements of an array.
	 * @param array an array of a domain
	 * @param connection the connection that it was read from
	 */
	Base base(Array array, BaseConnection connection) throws SQLException {
		// Both are in the driver's memory by now
		int oid = connection.getTypeInfo().getPGType(array.getBaseTypeName());
		Domain domain = new Domain(connection.getMetaData().getURL(), oid);
		Base base = this.bases.get(domain);
		if (base == null) {
			base = read(oid, connection);
			if (this.bases.size() >= MAX_DOMAINS) {
				this.bases.clear();
			}
			this.bases.put(domain, base);
		}
		return base;
	}

	private static Base read(int oid, BaseConnection connection) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(BASE)) {
			statement.setLong(1, connection.getTypeInfo().intOidToLong(oid));
			try (ResultSet row = statement.executeQuery()) {
				if (!row.next()) {
					throw new SQLException("The domain of an array's elements was dropped while the array was read");
				}
				return new Base((int) row.getLong(1), (int) row.getLong(2));
			}
		}
	}

	private record Domain(String url, int oid) {

	}

	/**
	 * A type that is no domain.
	 *
	 * @param oid its number
	 * @param arrayOid the number of the type of its arrays, 0 if it is an array itself
	 */
	record Base(int oid, int arrayOid) {

		/**
		 * An array of the domain as one of this type; null if this is an array itself.
		 */
		@Nullable Array arrayOf(Array array, BaseConnection connection) throws SQLException {
			return (this.arrayOid != 0) ? new PgArray(connection, this.arrayOid, array.toString()) : null;
		}

		/** An element of an array of the domain, where this is an array itself. */
		Array element(String text, BaseConnection connection) throws SQLException {
			return new PgArray(connection, this.oid, text);
		}

	}

}
