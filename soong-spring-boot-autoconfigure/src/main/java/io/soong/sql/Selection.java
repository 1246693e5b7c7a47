package io.soong.sql;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The parts of a SELECT on one table. Immutable.
 *
 * @param table the name of the table, as the caller wrote it
 * @param columns the columns; none for all
 * @param where the conditions
 * @param orders the order; empty for none
 * @param limit how many rows at most; null for all
 * @param offset how many rows to skip; null for none
 * @param lock whether rows are locked
 * @param paged whether the conditions depend on the order
 */
record Selection(String table, Identifier.Columns columns, Where where, List<Order> orders, @Nullable Long limit,
		@Nullable Long offset, Lock lock, boolean paged) {

	static Selection of(String table, Where where) {
		return new Selection(table, Identifier.Columns.NONE, where, List.of(), null, null, Lock.NONE, false);
	}

	Selection withColumns(@Nullable List<String> columns) {
		if (columns == null) {
			throw new IllegalArgumentException("The columns are null");
		}
		return withColumns(Identifier.Columns.of(columns));
	}

	Selection withColumns(Identifier.Columns columns) {
		return new Selection(this.table, columns, this.where, this.orders, this.limit, this.offset, this.lock,
				this.paged);
	}

	Selection and(@Nullable Filter filter) {
		return new Selection(this.table, this.columns, this.where.and(filter), this.orders, this.limit, this.offset,
				this.lock, this.paged);
	}

	Selection and(String column, @Nullable Object valueOrCondition) {
		return new Selection(this.table, this.columns, this.where.and(column, valueOrCondition), this.orders,
				this.limit, this.offset, this.lock, this.paged);
	}

	/** The rows that come after one. */
	Selection after(List<@Nullable Object> values) {
		return new Selection(this.table, this.columns, this.where.after(this.orders, values), this.orders, this.limit,
				this.offset, this.lock, true);
	}

	Selection thenBy(List<Order> orders) {
		if (this.paged) {
			throw new IllegalStateException("after(...) uses the whole order; call orderBy(...) before it");
		}
		List<Order> all = new ArrayList<>(this.orders);
		for (Order order : orders) {
			if (order == null) {
				throw new IllegalArgumentException("An order is null");
			}
			all.add(order);
		}
		return new Selection(this.table, this.columns, this.where, List.copyOf(all), this.limit, this.offset, this.lock,
				this.paged);
	}

	Selection withLimit(long limit) {
		return new Selection(this.table, this.columns, this.where, this.orders, notNegative("limit", limit),
				this.offset, this.lock, this.paged);
	}

	Selection withOffset(long offset) {
		return new Selection(this.table, this.columns, this.where, this.orders, this.limit,
				notNegative("offset", offset), this.lock, this.paged);
	}

	Selection withLock(Lock lock) {
		return new Selection(this.table, this.columns, this.where, this.orders, this.limit, this.offset, lock,
				this.paged);
	}

	private static long notNegative(String what, long value) {
		if (value < 0) {
			throw new IllegalArgumentException("The " + what + " " + value + " is negative");
		}
		return value;
	}

	/**
	 * Whether a SELECT locks rows, and how it treats locked ones.
	 */
	enum Lock {

		/** Reads without locks. */
		NONE(""),

		/** Locks, and waits for rows that are locked. */
		FOR_UPDATE(" FOR UPDATE"),

		/** Locks, and skips rows that are locked. */
		SKIP_LOCKED(" FOR UPDATE SKIP LOCKED");

		private final String sql;

		Lock(String sql) {
			this.sql = sql;
		}

		/** With a blank before it, or nothing. */
		String sql() {
			return this.sql;
		}

	}

}
