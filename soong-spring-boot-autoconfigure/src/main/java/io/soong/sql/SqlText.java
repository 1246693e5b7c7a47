package io.soong.sql;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A statement before it runs: SQL with {@code ?} and what is bound to them, already
 * converted by {@link ParameterValue}. Built without a database.
 *
 * @param sql the SQL text
 * @param parameters one for each {@code ?}, in order
 */
record SqlText(String sql, List<@Nullable Object> parameters) {

	/** Without the parameters, which must not end up in a log. */
	@Override
	public String toString() {
		return this.sql;
	}

}
