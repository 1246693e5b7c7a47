package io.soong.sql;

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

	private final ResultMappings mappings;

	private final Model.Cache models;

	Select(Selection selection, StatementRunner runner, ResultMappings mappings, Model.Cache models) {
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
		return with(this.selection.withColumns(columns));
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
		return with(this.selection.and(column, valueOrCondition));
	}

	/**
	 * {@code WHERE (... OR ...)}, or {@code AND (... OR ...)} after a first condition.
	 * @param filter conditions on several columns, not null
	 * @return the select with this additional filter
	 */
	public Select where(Filter filter) {
		return with(this.selection.and(filter));
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
		return with(this.selection.after(ColumnValues.of(row, columns, this.models)));
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
		return with(this.selection.withLock(Selection.Lock.FOR_UPDATE));
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
		if (this.selection.lock() == Selection.Lock.NONE) {
			throw new IllegalStateException("skipLocked() needs locks; call forUpdate() before it");
		}
		return with(this.selection.withLock(Selection.Lock.SKIP_LOCKED));
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
		return this.runner.stream(StatementBuilder.select(checked(narrowed(this.selection, mapping))), mapping);
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
			throw new IncorrectResultSizeDataAccessException("More than one row of table \"" + this.selection.table()
					+ "\" was selected where one was expected; use first() or list()", 1);
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
		return scalar(StatementBuilder.count(this.selection), Long.class);
	}

	/**
	 * Tests whether there is a row: {@code SELECT EXISTS (SELECT 1 FROM "gizmos" ...)}.
	 * @return whether {@link #list()} would return any row
	 */
	public boolean exists() {
		checkLocksNothing("exists()");
		return scalar(StatementBuilder.exists(this.selection), Boolean.class);
	}

	/**
	 * The SQL of {@link #list()}, without its values.
	 */
	@Override
	public String toString() {
		return StatementBuilder.select(this.selection).sql();
	}

	private Select with(Selection selection) {
		return new Select(selection, this.runner, this.mappings, this.models);
	}

	private <T> T scalar(StatementText text, Class<T> type) {
		return this.runner.query(text, this.mappings.of(type), StatementRunner.ALL).get(0);
	}

	private <T> List<T> query(Selection selection, Class<T> type, int maxRows) {
		ResultMapping<T> mapping = this.mappings.of(type);
		return this.runner.query(StatementBuilder.select(checked(narrowed(selection, mapping))), mapping, maxRows);
	}

	private static Selection narrowed(Selection selection, ResultMapping<?> mapping) {
		return (selection.columns() == Identifier.Columns.NONE) ? selection.withColumns(mapping.columns()) : selection;
	}

	private Selection checked(Selection selection) {
		if (selection.lock() != Selection.Lock.NONE && !this.runner.isInTransaction()) {
			throw new IllegalStateException("Without a transaction, the locks on rows of table \"" + selection.table()
					+ "\" would end with the "
					+ "SELECT; call it, and the work that needs the locks, within inTransaction(...)");
		}
		return selection;
	}

	private void checkLocksNothing(String call) {
		if (this.selection.lock() != Selection.Lock.NONE) {
			throw new IllegalStateException(call + " locks no rows; leave forUpdate() out");
		}
	}

}
