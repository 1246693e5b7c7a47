package io.soong.sql;

import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.jdbc.PgArray;

/**
 * Reads an array column as an unmodifiable list, its elements as {@link ColumnType} reads
 * a column of their type; an array of several dimensions is a list of lists.
 */
final class ArrayReader {

	// The driver returns the elements of an array as rows of (index, value)
	private static final int VALUE = 2;

	// Types whose elements alone do not determine what is stored, or are separated by
	// semicolons
	private static final Set<String> TYPES_OF_STORED_TEXT = Set.of("interval", "bit", "box");

	// Before the dimensions: how many there are, whether there are nulls, and the type
	private static final int HEADER = 12;

	private ArrayReader() {
	}

	static @Nullable List<@Nullable Object> read(ResultSet resultSet, int index, ColumnType.Context context)
			throws SQLException {
		Array array = resultSet.getArray(index);
		return (array != null) ? read(array, context) : null;
	}

	// The text of an array in binary form, which numbers come in, would have to be made
	private static List<@Nullable Object> stored(Array array, List<@Nullable Object> elements) throws SQLException {
		String type = array.getBaseTypeName();
		boolean binary = array instanceof PgArray driver && driver.isBinary();
		if (TYPES_OF_STORED_TEXT.contains(type) || (!binary && array.toString().startsWith("["))) {
			return new StoredValue.Array(elements, type, array.toString());
		}
		String bounds = binary ? bounds(ByteBuffer.wrap(((PgArray) array).toBytes())) : "";
		return bounds.isEmpty() ? elements : new StoredValue.Array(elements, type, bounds + "=" + array);
	}

	/** The bounds of an array in binary form as text; empty if all begin at 1. */
	private static String bounds(ByteBuffer header) {
		int dimensions = header.getInt();
		header.position(HEADER);
		StringBuilder bounds = new StringBuilder();
		boolean usual = true;
		for (int i = 0; i < dimensions; i++) {
			int length = header.getInt();
			int lower = header.getInt();
			usual &= (lower == 1);
			bounds.append('[').append(lower).append(':').append(lower + length - 1).append(']');
		}
		return usual ? "" : bounds.toString();
	}

	private static List<@Nullable Object> read(Array array, ColumnType.Context context) throws SQLException {
		try (ResultSet rows = array.getResultSet()) {
			if (rows.getMetaData().getColumnType(VALUE) == Types.DISTINCT) {
				return readDomains(array, rows, context);
			}
			List<@Nullable Object> elements = new ArrayList<>();
			ColumnType type = ColumnType.of(rows.getMetaData(), VALUE);
			while (rows.next()) {
				elements.add(StoredValue.plain(type.readValue(rows, VALUE, context)));
			}
			List<@Nullable Object> stored = stored(array, Collections.unmodifiableList(elements));
			boolean labels = type == ColumnType.TEXT && !(stored instanceof StoredValue.Array)
					&& ColumnType.isEnum(array.getBaseTypeName());
			return labels ? new StoredValue.Labels(elements) : stored;
		}
	}

	private static List<@Nullable Object> readDomains(Array array, ResultSet rows, ColumnType.Context context)
			throws SQLException {
		BaseConnection connection = rows.getStatement().getConnection().unwrap(BaseConnection.class);
		Domains.Base base = context.domains().base(array, connection);
		Array ofBase = base.arrayOf(array, connection);
		if (ofBase != null) {
			return read(ofBase, context);
		}
		List<@Nullable Object> elements = new ArrayList<>();
		while (rows.next()) {
			String text = rows.getString(VALUE);
			elements.add((text != null) ? read(base.element(text, connection), context) : null);
		}
		return Collections.unmodifiableList(elements);
	}

	/**
	 * The base types of domains. The server reports them for a column but not for the
	 * elements of an array. Read from the catalogue once for each domain, with its first
	 * array. Thread-safe.
	 */
	static final class Domains {

		private static final String BASE = """
				WITH RECURSIVE base AS (
					SELECT oid, typtype, typbasetype, typarray FROM pg_catalog.pg_type WHERE oid = ?
					UNION ALL
					SELECT t.oid, t.typtype, t.typbasetype, t.typarray
					FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.typbasetype WHERE b.typtype = 'd'
				)
				SELECT oid, typarray FROM base WHERE typtype <> 'd'""";

		// Far more than a function uses
		private static final int MAX_DOMAINS = 1000;

		private final BoundedCache<Domain, Base> bases = new BoundedCache<>(MAX_DOMAINS);

		/**
		 * The base type of the elements of an array.
		 * @param array an array of a domain
		 * @param connection the connection that it was read from
		 */
		Base base(Array array, BaseConnection connection) throws SQLException {
			// Both are cached by the driver at this point
			int oid = connection.getTypeInfo().getPGType(array.getBaseTypeName());
			Domain domain = new Domain(connection.getMetaData().getURL(), oid);
			Base base = this.bases.get(domain);
			if (base == null) {
				base = read(oid, connection);
				this.bases.put(domain, base);
			}
			return base;
		}

		private static Base read(int oid, BaseConnection connection) throws SQLException {
			try (PreparedStatement statement = connection.prepareStatement(BASE)) {
				statement.setLong(1, connection.getTypeInfo().intOidToLong(oid));
				try (ResultSet row = statement.executeQuery()) {
					if (!row.next()) {
						throw new SQLException(
								"The domain of an array's elements was dropped while the array was read");
					}
					return new Base((int) row.getLong(1), (int) row.getLong(2));
				}
			}
		}

		private record Domain(String url, int oid) {

		}

		/**
		 * A type other than a domain.
		 *
		 * @param oid its number
		 * @param arrayOid the number of the type of its arrays, 0 if it is an array
		 * itself
		 */
		record Base(int oid, int arrayOid) {

			/**
			 * An array of the domain as one of this type; null if this is an array
			 * itself.
			 */
			@Nullable Array arrayOf(Array array, BaseConnection connection) throws SQLException {
				return (this.arrayOid != 0) ? new PgArray(connection, this.arrayOid, array.toString()) : null;
			}

			/** An element of an array of the domain, if the domain itself is an array. */
			Array element(String text, BaseConnection connection) throws SQLException {
				return new PgArray(connection, this.oid, text);
			}

		}

	}

}
