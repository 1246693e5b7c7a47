package io.soong.sql;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The columns that an upsert finds an existing row by.
 */
final class UpsertKeys {

	private UpsertKeys() {
	}

	static List<String> of(@Nullable List<String> columns) {
		if (columns == null || columns.isEmpty()) {
			throw new IllegalArgumentException("The list of key columns is " + ((columns == null) ? "null" : "empty")
					+ "; name those of a primary key or unique constraint");
		}
		Identifier.columns(columns);
		return List.copyOf(columns);
	}

	/**
	 * Checks that a row has a key. NULL is none: it is never in conflict with another.
	 */
	static void check(String table, Values values, List<String> keys) {
		for (String key : keys) {
			int index = values.columns().indexOf(key);
			if (index < 0 || values.parameters().get(index) == null) {
				throw new IllegalArgumentException(
						"The values for table \"" + table + "\" have none for the key column \"" + key
								+ "\", so that nothing could be in conflict with them; add one, or use insert");
			}
		}
	}

}
