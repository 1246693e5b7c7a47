package io.soong.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.IncorrectResultSizeDataAccessException;

/**
 * A SELECT on one table, built step by step from {@link SoongTemplate#select(String)}:
 * <pre class="code">{@code
 * soong.select("gizmos")
 * 	.columns("id", "name")
 * 	.where("color", "pink")
 * 	.where("price", lessThan(3))
 * 	.orderBy(desc("price"))
 * 	.limit(10)
 * 	.list(Gizmo.class);
 * // SELECT "id", "name" FROM "gizmos" WHERE "color" = ? AND "price" < ? ORDER BY "price" DESC LIMIT ?
 * }</pre>
 * <p>
 * Immutable and thread-safe: every step returns a new {@code Select}. Only the last call,
 * such as {@code list}, sends the statement.
 */
public final class Select {

	private final Selection selection;

	private final StatementRunner runner;

	private final ResultMapping.Cache mappings;

	private final Model.Cache models;

	Select(Where where, StatementRunner runner, ResultMapping.Cache mappings, Model.Cache models) {
		this(Selection.of(where), runner, mappings, models);
	}

	private Select(Selection selection, StatementRunner runner, ResultMapping.Cache mappings, Model.Cache models) {
		this.selection = selection;
		this.runner = runner;
		this.mappings = mappings;
		this.models = models;
	}

	/**
	 * {@code SELECT "id", "name"} in place of {@code SELECT *} or of a record's own
	 * columns.
	 * @param columns the columns
	 * @return the select with these columns
	 */
	public Select columns(String... columns) {
		return columns(Arrays.asList(columns));
	}

	/**
	 * {@code SELECT "id", "name"}, as {@link #columns(String...)}.
	 * @param columns the columns
	 * @return the select with these columns
	 */
	public Select columns(List<String> columns) {
		if (columns == null) {
			throw new IllegalArgumentException("The columns are null");
		}
		return with(this.selection.withColumns(Identifier.Columns.of(columns)));
	}

	/**
	 * {@code WHERE "column" = ?}, or {@code AND "column" = ?} after a first condition. A
	 * {@link Condition} replaces {@code = ?}.
	 * @param column the column
	 * @param valueOrCondition a value or a {@code Condition}; null and collections are
	 * refused
	 * @return the select with this additional condition
	 */
	public Select where(String column, Object valueOrCondition) {
		return with(this.selection.withWhere(this.selection.where().and(column, valueOrCondition)));
	}

	/**
	 * {@code WHERE (... OR ...)}, or {@code AND (... OR ...)} after a first condition.
	 * @param filter conditions on several columns, not null
	 * @return the select with this additional filter
	 */
	public Select where(Filter filter) {
		return with(this.selection.withWhere(this.selection.where().and(filter)));
	}

	/**
	 * {@code WHERE ("created", "id") > (?, ?)}: continues after a row in the given order,
	 * for the next page of a listing. Unlike {@code OFFSET} it costs the same for every
	 * page, and rows that are inserted or deleted in between neither repeat nor hide
	 * others. <pre class="code">{@code
	 * soong.select("gizmos").orderBy("created", "id").after(lastOfPage).limit(20).list(Gizmo.class);
	 * }</pre> The columns of the order must never be NULL, be unique together, and be all
	 * ascending or all descending.
	 * @param row the last row of the previous page: a {@link Row}, a map, a record or a
	 * bean with the columns of the order
	 * @return the select of the rows after it
	 * @throws IllegalStateException if {@code orderBy} was not called before
	 * @throws IllegalArgumentException if the row has no value for a column of the order,
	 * or the directions of the order differ
	 */
	public Select after(Object row) {
		if (this.selection.orders().isEmpty()) {
			throw new IllegalStateException("after(...) needs an order; call orderBy(...) before it");
		}
		List<String> columns = this.selection.orders().stream().map(Order::column).toList();
		return with(this.selection.after(GivenColumns.values(row, columns, this.models)));
	}

	/**
	 * {@code ORDER BY "price" DESC, "name"}.
	 * @param orders the orders, which follow existing ones
	 * @return the select in this order
	 */
	public Select orderBy(Order... orders) {
		return with(this.selection.thenBy(Arrays.asList(orders)));
	}

	/**
	 * {@code ORDER BY "name", "id"}: ascending.
	 * @param columns the columns, which follow existing orders
	 * @return the select in this order
	 */
	public Select orderBy(String... columns) {
		return with(this.selection.thenBy(Stream.of(columns).map(Order::asc).toList()));
	}

	/**
	 * {@code LIMIT ?}.
	 * @param limit the maximum number of rows
	 * @return the select with this limit
	 */
	public Select limit(long limit) {
		return with(this.selection.withLimit(limit));
	}

	/**
	 * {@code OFFSET ?}.
	 * @param offset the number of rows to skip
	 * @return the select with this offset
	 */
	public Select offset(long offset) {
		return with(this.selection.withOffset(offset));
	}

	/**
	 * {@code FOR UPDATE}: locks the rows until the transaction ends, and waits for rows
	 * that another transaction has locked. It needs an open transaction.
	 * @return the select that locks
	 */
	public Select forUpdate() {
		return with(this.selection.withLock(Lock.FOR_UPDATE));
	}

	/**
	 * {@code FOR UPDATE SKIP LOCKED}: skips rows that another transaction has locked, for
	 * consumers of a queue. <pre class="code">{@code
	 * soong.inTransaction(() -> soong.select("jobs").orderBy("id").limit(1).forUpdate().skipLocked().optional(Job.class)
	 * 	.ifPresent((job) -> {
	 * 		run(job);
	 * 		soong.delete("jobs", job.id());
	 * 	}));
	 * }</pre>
	 * @return the select that skips locked rows
	 * @throws IllegalStateException if {@link #forUpdate()} was not called before
	 */
	public Select skipLocked() {
		if (this.selection.lock() == Lock.NONE) {
			throw new IllegalStateException("skipLocked() needs locks; call forUpdate() before it");
		}
		return with(this.selection.withLock(Lock.SKIP_LOCKED));
	}

	/**
	 * Returns all rows.
	 * @return the rows
	 */
	public List<Row> list() {
		return list(Row.class);
	}

	/**
	 * Returns all rows as records, beans or scalars.
	 * @param <T> the type
	 * @param type a record, whose own columns are selected, a bean, or a scalar type
	 * @return the rows; a scalar that is NULL is null
	 */
	public <T> List<T> list(Class<T> type) {
		return query(this.selection, type, StatementRunner.ALL);
	}

	/**
	 * Returns all rows, fetched in portions, as {@link #stream(Class)} does.
	 * @return the rows, which the caller closes
	 */
	public Stream<Row> stream() {
		return stream(Row.class);
	}

	/**
	 * Returns all rows as records, beans or scalars. The rows are fetched in portions, so
	 * that any number of them takes little memory. The caller closes the stream:
	 * <pre class="code">{@code
	 * try (Stream<Gizmo> gizmos = soong.select("gizmos").stream(Gizmo.class)) {
	 * 	gizmos.forEach(this::export);
	 * }
	 * }</pre>
	 * <p>
	 * It uses transactions and connections as
	 * {@link SoongTemplate#stream(Class, String, Object...)} does.
	 * @param <T> the type
	 * @param type a record, whose own columns are selected, a bean, or a scalar type
	 * @return the rows; a scalar that is NULL is null
	 */
	public <T> Stream<T> stream(Class<T> type) {
		ResultMapping<T> mapping = this.mappings.of(type);
		return this.runner.stream(checked(this.selection, mapping).select(), mapping);
	}

	/**
	 * Returns the only row.
	 * @return the row, or empty if there is none
	 * @throws IncorrectResultSizeDataAccessException if there are several rows
	 */
	public Optional<Row> optional() {
		return optional(Row.class);
	}

	/**
	 * Returns the only row as a record, bean or scalar.
	 * @param <T> the type
	 * @param type a record, whose own columns are selected, a bean, or a scalar type
	 * @return the row, or empty if there is none or a scalar is NULL
	 * @throws IncorrectResultSizeDataAccessException if there are several rows
	 */
	public <T> Optional<T> optional(Class<T> type) {
		// A second row shows that there are several
		List<T> rows = query(this.selection, type, 2);
		if (rows.size() > 1) {
			throw new IncorrectResultSizeDataAccessException("More than one row of table \""
					+ this.selection.where().name() + "\" was selected where one was expected; use first() or list()",
					1);
		}
		return rows.isEmpty() ? Optional.empty() : Optional.ofNullable(rows.get(0));
	}

	/**
	 * Returns the first row: {@code ... LIMIT ?} with 1.
	 * @return the row, or empty if there is none
	 */
	public Optional<Row> first() {
		return first(Row.class);
	}

	/**
	 * Returns the first row as a record, bean or scalar: {@code ... LIMIT ?} with 1.
	 * @param <T> the type
	 * @param type a record, whose own columns are selected, a bean, or a scalar type
	 * @return the row, or empty if there is none or a scalar is NULL
	 */
	public <T> Optional<T> first(Class<T> type) {
		Long limit = this.selection.limit();
		Selection first = (limit != null && limit == 0) ? this.selection : this.selection.withLimit(1);
		List<T> rows = query(first, type, StatementRunner.ALL);
		return rows.isEmpty() ? Optional.empty() : Optional.ofNullable(rows.get(0));
	}

	/**
	 * Counts the rows of {@link #list()}: {@code SELECT count(*) FROM "gizmos" ...}.
	 * @return the number of rows
	 */
	public long count() {
		checkLocksNothing("count()");
		return scalar(this.selection.count(), Long.class);
	}

	/**
	 * Tests whether there is a row: {@code SELECT EXISTS (SELECT 1 FROM "gizmos" ...)}.
	 * @return whether {@link #list()} would return any row
	 */
	public boolean exists() {
		checkLocksNothing("exists()");
		return scalar(this.selection.exists(), Boolean.class);
	}

	/**
	 * The SQL of {@link #list()}, without its values.
	 */
	@Override
	public String toString() {
		return this.selection.select().sql();
	}

	private Select with(Selection selection) {
		return new Select(selection, this.runner, this.mappings, this.models);
	}

	private <T> T scalar(StatementText text, Class<T> type) {
		return this.runner.query(text, this.mappings.of(type), StatementRunner.ALL).get(0);
	}

	private <T> List<T> query(Selection selection, Class<T> type, int maxRows) {
		ResultMapping<T> mapping = this.mappings.of(type);
		return this.runner.query(checked(selection, mapping).select(), mapping, maxRows);
	}

	private Selection checked(Selection selection, ResultMapping<?> mapping) {
		if (selection.lock() != Lock.NONE && !this.runner.isInTransaction()) {
			throw new IllegalStateException("Without a transaction, the locks on rows of table \""
					+ selection.where().name() + "\" would end with the "
					+ "SELECT; call it, and the work that needs the locks, within inTransaction(...)");
		}
		return (selection.columns() == Identifier.Columns.NONE) ? selection.withColumns(mapping.columns()) : selection;
	}

	private void checkLocksNothing(String call) {
		if (this.selection.lock() != Lock.NONE) {
			throw new IllegalStateException(call + " locks no rows; leave forUpdate() out");
		}
	}

	/**
	 * The parts of a SELECT, and its SQL. Immutable.
	 *
	 * @param where the table and the conditions
	 * @param columns the columns; none for all
	 * @param orders the order; empty for none
	 * @param limit how many rows at most; null for all
	 * @param offset how many rows to skip; null for none
	 * @param lock whether rows are locked
	 * @param paged whether the conditions depend on the order
	 */
	record Selection(Where where, Identifier.Columns columns, List<Order> orders, @Nullable Long limit,
			@Nullable Long offset, Lock lock, boolean paged) {

		static Selection of(Where where) {
			return new Selection(where, Identifier.Columns.NONE, List.of(), null, null, Lock.NONE, false);
		}

		Selection withColumns(Identifier.Columns columns) {
			return new Selection(this.where, columns, this.orders, this.limit, this.offset, this.lock, this.paged);
		}

		Selection withWhere(Where where) {
			return new Selection(where, this.columns, this.orders, this.limit, this.offset, this.lock, this.paged);
		}

		/** The rows that come after one. */
		Selection after(List<@Nullable Object> values) {
			return new Selection(this.where.after(this.orders, values), this.columns, this.orders, this.limit,
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
			return new Selection(this.where, this.columns, List.copyOf(all), this.limit, this.offset, this.lock, false);
		}

		Selection withLimit(long limit) {
			return new Selection(this.where, this.columns, this.orders, notNegative("limit", limit), this.offset,
					this.lock, this.paged);
		}

		Selection withOffset(long offset) {
			return new Selection(this.where, this.columns, this.orders, this.limit, notNegative("offset", offset),
					this.lock, this.paged);
		}

		Selection withLock(Lock lock) {
			return new Selection(this.where, this.columns, this.orders, this.limit, this.offset, lock, this.paged);
		}

		private static long notNegative(String what, long value) {
			if (value < 0) {
				throw new IllegalArgumentException("The " + what + " " + value + " is negative");
			}
			return value;
		}

		StatementText select() {
			List<@Nullable Object> parameters = new ArrayList<>();
			StringBuilder sql = new StringBuilder("SELECT ");
			sql.append(this.columns.names().isEmpty() ? "*" : this.columns.sql());
			appendFrom(sql, parameters);
			String separator = " ORDER BY ";
			for (Order order : this.orders) {
				sql.append(separator).append(order);
				separator = ", ";
			}
			appendWindow(sql, parameters);
			return text(sql.append(this.lock.sql), parameters);
		}

		StatementText count() {
			List<@Nullable Object> parameters = new ArrayList<>();
			StringBuilder sql = new StringBuilder("SELECT count(*)");
			if (this.limit == null && this.offset == null) {
				appendFrom(sql, parameters);
			}
			else {
				sql.append(" FROM (SELECT 1");
				appendFrom(sql, parameters);
				appendWindow(sql, parameters);
				sql.append(") AS selected");
			}
			return text(sql, parameters);
		}

		StatementText exists() {
			List<@Nullable Object> parameters = new ArrayList<>();
			StringBuilder sql = new StringBuilder("SELECT EXISTS (SELECT 1");
			appendFrom(sql, parameters);
			appendWindow(sql, parameters);
			return text(sql.append(")"), parameters);
		}

		private StatementText text(StringBuilder sql, List<@Nullable Object> parameters) {
			return new StatementText(sql.toString(), parameters, this.where::place);
		}

		private void appendFrom(StringBuilder sql, List<@Nullable Object> parameters) {
			sql.append(" FROM ").append(this.where.table());
			this.where.appendTo(sql, parameters);
		}

		// As parameters, so that every page of a listing is the same statement to the
		// server
		private void appendWindow(StringBuilder sql, List<@Nullable Object> parameters) {
			if (this.limit != null) {
				sql.append(" LIMIT ?");
				parameters.add(this.limit);
			}
			if (this.offset != null) {
				sql.append(" OFFSET ?");
				parameters.add(this.offset);
			}
		}

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

		// With a blank before it, or nothing
		private final String sql;

		Lock(String sql) {
			this.sql = sql;
		}

	}

}
