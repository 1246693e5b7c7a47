package io.soong.sql;

import java.util.List;
import java.util.function.IntFunction;

import org.jspecify.annotations.Nullable;

/**
 * A statement before it runs: SQL with {@code ?} and its parameters, already converted by
 * {@link ScalarParameter}. Built without a database.
 *
 * @param sql the SQL text
 * @param parameters one for each {@code ?}, in order
 * @param places names the place of a parameter, by its index from 0, in messages
 */
record StatementText(String sql, List<@Nullable Object> parameters, IntFunction<ParameterPlace> places) {

	private static final int MAX_LENGTH = 500;

	private static final int TAIL_LENGTH = 100;

	StatementText(String sql, List<@Nullable Object> parameters) {
		this(sql, parameters,
				(index) -> new ParameterPlace.Argument("parameter " + (index + 1), ParameterPlace.Use.PLAIN));
	}

	/** The SQL for messages, without the middle of a long one. */
	String shortened() {
		int length = this.sql.length();
		return (length <= MAX_LENGTH) ? this.sql
				: this.sql.substring(0, MAX_LENGTH - TAIL_LENGTH) + " ... " + this.sql.substring(length - TAIL_LENGTH);
	}

	/** Without the parameters, which must not be logged. */
	@Override
	public String toString() {
		return this.sql;
	}

}
