package io.soong.sql;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Reads an array column as an unmodifiable list, its elements as {@link ColumnType} reads
 * a column of their type; an array of several dimensions is a list of lists.
 */
final class ArrayReader {

	// The driver gives the elements of an array as rows of (index, value)
	private static final int VALUE = 2;

	private ArrayReader() {
	}

	static @Nullable List<@Nullable Object> read(@Nullable Array array, Json json) throws SQLException {
		if (array == null) {
			return null;
		}
		List<@Nullable Object> elements = new ArrayList<>();
		try (ResultSet rows = array.getResultSet()) {
			ColumnType type = ColumnType.of(rows.getMetaData(), VALUE);
			while (rows.next()) {
				elements.add(type.readValue(rows, VALUE, json));
			}
		}
		return Collections.unmodifiableList(elements);
	}

}
