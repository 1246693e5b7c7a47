package io.soong.sql;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;

/**
 * Reads an array column as an unmodifiable list, its elements as {@link ColumnType} reads
 * a column of their type; an array of several dimensions is a list of lists.
 */
final class ArrayReader {

	// The driver gives the elements of an array as rows of (index, value)
	private static final int VALUE = 2;

	private ArrayReader() {
	}

	static @Nullable List<@Nullable Object> read(ResultSet resultSet, int index, ReadContext context)
			throws SQLException {
		Array array = resultSet.getArray(index);
		return (array != null) ? read(array, context) : null;
	}

	private static List<@Nullable Object> read(Array array, ReadContext context) throws SQLException {
		try (ResultSet rows = array.getResultSet()) {
			if (rows.getMetaData().getColumnType(VALUE) == Types.DISTINCT) {
				return readDomains(array, rows, context);
			}
			List<@Nullable Object> elements = new ArrayList<>();
			ColumnType type = ColumnType.of(rows.getMetaData(), VALUE);
			while (rows.next()) {
				elements.add(type.readValue(rows, VALUE, context));
			}
			return Collections.unmodifiableList(elements);
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
