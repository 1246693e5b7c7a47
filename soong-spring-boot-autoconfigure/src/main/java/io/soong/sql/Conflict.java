package io.soong.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How an upsert finds the existing row, and what it updates: <pre class="code">{@code
 * soong.upsert("users", user, Conflict.on("email").where("deleted_at", isNull()).update("name"));
 * // INSERT INTO "users" (...) VALUES (...)
 * // ON CONFLICT ("email") WHERE "deleted_at" IS NULL DO UPDATE SET "name" = EXCLUDED."name"
 * }</pre> Immutable and thread-safe.
 */
public final class Conflict {

	private final List<String> keys;

	// The conditions of a partial index, in SQL
	private final List<String> conditions;

	// Null to update all but the keys
	private final @Nullable List<String> updated;

	private final boolean nothing;

	private Conflict(List<String> keys, List<String> conditions, @Nullable List<String> updated, boolean nothing) {
		this.keys = keys;
		this.conditions = conditions;
		this.updated = updated;
		this.nothing = nothing;
	}

	/**
	 * {@code ON CONFLICT ("email") DO UPDATE SET} every other column of the values.
	 * @param keys the columns of a primary key or unique constraint, at least one
	 * @return the conflict
	 * @throws IllegalArgumentException if there is no key, or the name of a column is not
	 * valid
	 */
	public static Conflict on(String... keys) {
		return on(Arrays.asList(keys));
	}

	static Conflict on(@Nullable List<String> keys) {
		if (keys == null || keys.isEmpty()) {
			throw new IllegalArgumentException("The list of key columns is " + ((keys == null) ? "null" : "empty")
					+ "; name those of a primary key or unique constraint");
		}
		Identifier.columns(keys);
		return new Conflict(List.copyOf(keys), List.of(), null, false);
	}

	/** Leaves the existing row unchanged. */
	static Conflict ignored(@Nullable List<String> keys) {
		if (keys == null) {
			throw new IllegalArgumentException("The list of key columns is null");
		}
		Identifier.columns(keys);
		return new Conflict(List.copyOf(keys), List.of(), null, true);
	}

	/**
	 * {@code WHERE "deleted_at" IS NULL}: the condition of a partial unique index. The
	 * server finds such an index only by a condition without parameters.
	 * @param column the column
	 * @param condition {@code isNull()}, {@code isNotNull()}, or {@code true} or
	 * {@code false} for a boolean column
	 * @return the conflict with this additional condition
	 * @throws IllegalArgumentException if it is another condition
	 */
	public Conflict where(String column, Object condition) {
		String quoted = Identifier.column(column);
		List<String> conditions = new ArrayList<>(this.conditions);
		if (condition instanceof Boolean flag) {
			conditions.add(flag ? quoted : "NOT " + quoted);
		}
		else if (condition instanceof Condition other && other.isWithoutValues()) {
			conditions.add(quoted + " " + other);
		}
		else {
			throw new IllegalArgumentException("The condition of an index on column \"" + column
					+ "\" must be isNull(), isNotNull(), true or false, because the server matches it with the index "
					+ "before it knows the parameters; for any other condition write the INSERT yourself: execute(sql, ...)");
		}
		return new Conflict(this.keys, List.copyOf(conditions), this.updated, this.nothing);
	}

	/**
	 * {@code DO UPDATE SET "name" = EXCLUDED."name"}: updates these columns only. The
	 * other values are used for a new row only.
	 * @param columns the columns, at least one
	 * @return the conflict with these columns
	 * @throws IllegalArgumentException if there is no column, or the name of a column is
	 * not valid
	 */
	public Conflict update(String... columns) {
		if (columns.length == 0) {
			throw new IllegalArgumentException(
					"update(...) needs at least one column; use insertIfAbsent to update nothing");
		}
		Identifier.columns(Arrays.asList(columns));
		return new Conflict(this.keys, this.conditions, List.of(columns), this.nothing);
	}

	List<String> keys() {
		return this.keys;
	}

	/** Whether the existing row stays unchanged. */
	boolean isIgnored() {
		return this.nothing;
	}

	/**
	 * Checks that there are values for the columns to update.
	 * @param columns the columns that have values
	 */
	void checkUpdated(List<String> columns) {
		for (String column : (this.updated != null) ? this.updated : List.<String>of()) {
			if (!columns.contains(column)) {
				throw new IllegalArgumentException("The column \"" + column
						+ "\" is to be updated, but the values have no such column: " + columns);
			}
		}
	}

	/** {@code ON CONFLICT ("id") DO UPDATE SET "name" = EXCLUDED."name"}. */
	String sql(List<String> columns) {
		StringBuilder sql = new StringBuilder("ON CONFLICT");
		if (!this.keys.isEmpty()) {
			sql.append(" (").append(Identifier.columns(this.keys)).append(")");
		}
		if (!this.conditions.isEmpty()) {
			sql.append(" WHERE ").append(String.join(" AND ", this.conditions));
		}
		if (this.nothing) {
			return sql.append(" DO NOTHING").toString();
		}
		sql.append(" DO UPDATE");
		List<String> set = columns.stream()
			.filter((column) -> (this.updated != null) ? this.updated.contains(column) : !this.keys.contains(column))
			.toList();
		String separator = " SET ";
		// If there is nothing to update, the key is set to itself: DO NOTHING would
		// neither count nor return the existing row
		for (String column : set.isEmpty() ? this.keys.subList(0, 1) : set) {
			String name = Identifier.column(column);
			sql.append(separator).append(name).append(" = EXCLUDED.").append(name);
			separator = ", ";
		}
		return sql.toString();
	}

	/**
	 * The key columns.
	 */
	@Override
	public String toString() {
		return "Conflict" + this.keys;
	}

}
