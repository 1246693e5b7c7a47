package io.soong.sql;

import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.jdbc.PgArray;

/**
 * Reads an array column as an unmodifiable list, its elements as {@link ColumnType} reads
 * a column of their type; an array of several dimensions is a list of lists.
 */
final class ArrayReader {

	// The driver gives the elements of an array as rows of (index, value)
	private static final int VALUE = 2;

	// Of which the elements alone do not say what is stored, or which have semicolons
	// between them
	private static final Set<String> TYPES_OF_STORED_TEXT = Set.of("interval", "bit", "box");

	// Before the dimensions: how many there are, whether there are nulls, and the type
	private static final int HEADER = 12;

	private ArrayReader() {
	}

	static @Nullable List<@Nullable Object> read(ResultSet resultSet, int index, ReadContext context)
			throws SQLException {
		Array array = resultSet.getArray(index);
		return (array != null) ? read(array, context) : null;
	}

	// The text of an array in binary form, which numbers come in, would have to be made
	private static List<@Nullable Object> stored(Array array, List<@Nullable Object> elements) throws SQLException {
		String type = array.getBaseTypeName();
		boolean binary = array instanceof PgArray driver && driver.isBinary();
		if (TYPES_OF_STORED_TEXT.contains(type) || (!binary && array.toString().startsWith("["))) {
			return new StoredArray(elements, type, array.toString());
		}
		String bounds = binary ? bounds(ByteBuffer.wrap(((PgArray) array).toBytes())) : "";
		return bounds.isEmpty() ? elements : new StoredArray(elements, type, bounds + "=" + array);
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

	private static List<@Nullable Object> read(Array array, ReadContext context) throws SQLException {
		try (ResultSet rows = array.getResultSet()) {
			if (rows.getMetaData().getColumnType(VALUE) == Types.DISTINCT) {
				return readDomains(array, rows, context);
			}
			List<@Nullable Object> elements = new ArrayList<>();
			ColumnType type = ColumnType.of(rows.getMetaData(), VALUE);
			while (rows.next()) {
				elements.add(StoredValue.plain(type.readValue(rows, VALUE, context)));
			}
			return stored(array, Collections.unmodifiableList(elements));
		}
	}

	private static List<@Nullable Object> readDomains(Array array, ResultSet rows, ReadContext context)
			throws SQLException {
		BaseConnection connection = rows.getStatement().getConnection().unwrap(BaseConnection.class);
		DomainTypes.Base base = context.domains().base(array, connection);
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

}
