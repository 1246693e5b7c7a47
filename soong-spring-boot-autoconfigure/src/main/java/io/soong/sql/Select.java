package io.soong.sql;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.IncorrectResultSizeDataAccessException;

/**
 * A SELECT on one table, put together step by step by
 * {@link SoongTemplate#select(String)}: <pre class="code">{@code
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
 * Immutable and thread-safe: every step gives a new {@code Select} and leaves the one it
 * was called on as it is. Only the last call, such as {@code list}, sends anything.
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
	 * {@code SELECT "id", "name"} in place of {@code SELECT *} or, where the rows become
	 * records, of the record's own columns.
	 * @param columns the columns
	 * @return the select with these columns
	 */
	public Select columns(String... columns) {
		return columns(Arrays.asList(columns));
	}

	/**
	 * {@code SELECT "id", "name"} in place of {@code SELECT *} or, where the rows become
	 * records, of the record's own columns.
	 * @param columns the columns
	 * @return the select with these columns
	 */
	public Select columns(List<String> columns) {
		return with(this.selection.withColumns(columns));
	}

	/**
	 * {@code WHERE "column" = ?}, after the first {@code AND "column" = ?}; or as the
	 * {@link Condition} has it.
	 * @param column the column
	 * @param valueOrCondition a value, or a {@code Condition}; null and collections are
	 * refused
	 * @return the select with this condition too
	 */
	public Select where(String column, Object valueOrCondition) {
		return with(this.selection.and(column, valueOrCondition));
	}

	/**
	 * {@code WHERE (... OR ...)}, after the first {@code AND (... OR ...)}.
	 * @param filter conditions on several columns, not null
	 * @return the select with this filter too
	 */
	public Select where(Filter filter) {
		return with(this.selection.and(filter));
	}

	/**
	 * {@code WHERE ("created", "id") > (?, ?)}: goes on after a row, in the order that
	 * was asked for before, as a listing does from page to page. Unlike {@code OFFSET} it
	 * costs the same for every page, and rows that come and go in between neither repeat
	 * nor hide others. <pre class="code">{@code
	 * soong.select("gizmos").orderBy("created", "id").after(lastOfPage).limit(20).list(Gizmo.class);
	 * }</pre> The columns of the order are never NULL, together unique, and all ascending
	 * or all descending.
	 * @param row the last row of the page before: a {@link Row}, a map, a record or a
	 * bean, which has the columns of the order
	 * @return the select of the rows after it
	 * @throws IllegalStateException if there is no order yet
	 * @throws IllegalArgumentException if the row has no value for a column of the order,
	 * or its directions differ
	 */
	public Select after(Object row) {
		if (this.selection.orders().isEmpty()) {
			throw new IllegalStateException("There is no order to go on in; call orderBy(...) before after(...)");
		}
		List<String> columns = this.selection.orders().stream().map(Order::column).toList();
		return with(this.selection.after(ColumnValues.of(row, columns, this.models)));
	}

	/**
	 * {@code ORDER BY "price" DESC, "name"}.
	 * @param orders the orders, after those there are
	 * @return the select in this order
	 */
	public Select orderBy(Order... orders) {
		return with(this.selection.thenBy(Arrays.asList(orders)));
	}

	/**
	 * {@code ORDER BY "name", "id"}: ascending.
	 * @param columns the columns, after those there are
	 * @return the select in this order
	 */
	public Select orderBy(String... columns) {
		return with(this.selection.thenBy(Stream.of(columns).map(Order::asc).toList()));
	}

	/**
	 * {@code LIMIT ?}.
	 * @param limit how many rows at most
	 * @return the select with this limit
	 */
	public Select limit(long limit) {
		return with(this.selection.withLimit(limit));
	}

	/**
	 * {@code OFFSET ?}.
	 * @param offset how many rows to leave out first
	 * @return the select with this offset
	 */
	public Select offset(long offset) {
		return with(this.selection.withOffset(offset));
	}

	/**
	 * {@code FOR UPDATE}: locks the rows until the transaction ends, and waits for those
	 * that another has locked. Inside a transaction only.
	 * @return the select that locks
	 */
	public Select forUpdate() {
		return with(this.selection.withLock(Selection.Lock.FOR_UPDATE));
	}

	/**
	 * {@code FOR UPDATE SKIP LOCKED}: leaves out rows that another has locked, as
	 * consumers of a queue do. <pre class="code">{@code
	 * soong.inTransaction(() -> soong.select("jobs").orderBy("id").limit(1).forUpdate().skipLocked().optional(Job.class)
	 * 	.ifPresent((job) -> {
	 * 		run(job);
	 * 		soong.delete("jobs", job.id());
	 * 	}));
	 * }</pre>
	 * @return the select that skips
	 * @throws IllegalStateException if {@link #forUpdate()} was not called before
	 */
	public Select skipLocked() {
		if (this.selection.lock() == Selection.Lock.NONE) {
			throw new IllegalStateException("skipLocked() is of use with locks only; call forUpdate() before it");
		}
		return with(this.selection.withLock(Selection.Lock.SKIP_LOCKED));
	}

	/**
	 * All rows.
	 * @return the rows
	 */
	public List<Row> list() {
		return list(Row.class);
	}

	/**
	 * All rows as records, beans or scalars.
	 * @param <T> the type
	 * @param type a record, whose own columns are selected, a bean, or a scalar type
	 * @return the rows; of scalars a NULL is null
	 */
	public <T> List<T> list(Class<T> type) {
		return query(this.selection, type, StatementRunner.ALL);
	}

	/**
	 * All rows, fetched some at a time; see {@link #stream(Class)}.
	 * @return the rows, to be closed
	 */
	public Stream<Row> stream() {
		return stream(Row.class);
	}

	/**
	 * All rows as records, beans or scalars, fetched some at a time, so that any number
	 * of them takes little memory. To be closed: <pre class="code">{@code
	 * try (Stream<Gizmo> gizmos = soong.select("gizmos").stream(Gizmo.class)) {
	 * 	gizmos.forEach(this::export);
	 * }
	 * }</pre>
	 * <p>
	 * Inside a transaction it reads in that. Outside it holds a connection, and a
	 * read-only transaction on it, until it is closed or its last row was read; other
	 * calls of the thread that opened it find no connection meanwhile, unless there are
	 * several ({@code soong.connection.max}).
	 * @param <T> the type
	 * @param type a record, whose own columns are selected, a bean, or a scalar type
	 * @return the rows; of scalars a NULL is null
	 */
	public <T> Stream<T> stream(Class<T> type) {
		ResultMapping<T> mapping = this.mappings.of(type);
		return this.runner.stream(StatementBuilder.select(checked(narrowed(this.selection, mapping))), mapping);
	}

	/**
	 * The one row there is, if any.
	 * @return the row
	 * @throws IncorrectResultSizeDataAccessException if there are several
	 */
	public Optional<Row> optional() {
		return optional(Row.class);
	}

	/**
	 * The one row there is, if any, as a record, bean or scalar.
	 * @param <T> the type
	 * @param type a record, whose own columns are selected, a bean, or a scalar type
	 * @return the row; empty also for a scalar that is NULL
	 * @throws IncorrectResultSizeDataAccessException if there are several
	 */
	public <T> Optional<T> optional(Class<T> type) {
		// The second row tells that there are several
		List<T> rows = query(this.selection, type, 2);
		if (rows.size() > 1) {
			throw new IncorrectResultSizeDataAccessException("More than one row of table \"" + this.selection.table()
					+ "\" was selected where one was expected; use first() or list()", 1);
		}
		return rows.isEmpty() ? Optional.empty() : Optional.ofNullable(rows.get(0));
	}

	/**
	 * The first row, if any: {@code ... LIMIT ?} with 1.
	 * @return the row
	 */
	public Optional<Row> first() {
		return first(Row.class);
	}

	/**
	 * The first row, if any, as a record, bean or scalar: {@code ... LIMIT ?} with 1.
	 * @param <T> the type
	 * @param type a record, whose own columns are selected, a bean, or a scalar type
	 * @return the row; empty also for a scalar that is NULL
	 */
	public <T> Optional<T> first(Class<T> type) {
		Long limit = this.selection.limit();
		Selection first = (limit != null && limit == 0) ? this.selection : this.selection.withLimit(1);
		List<T> rows = query(first, type, StatementRunner.ALL);
		return rows.isEmpty() ? Optional.empty() : Optional.ofNullable(rows.get(0));
	}

	/**
	 * How many rows {@link #list()} would give:
	 * {@code SELECT count(*) FROM "gizmos" ...}.
	 * @return the number of rows
	 */
	public long count() {
		checkLocksNothing("count()");
		return scalar(StatementBuilder.count(this.selection), Long.class);
	}

	/**
	 * Whether there is a row: {@code SELECT EXISTS (SELECT 1 FROM "gizmos" ...)}.
	 * @return whether {@link #list()} would give any
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
			throw new IllegalStateException(
					"The rows of table \"" + selection.table() + "\" would be locked no longer than the SELECT takes; "
							+ "call it, and what the locks are for, within inTransaction(...)");
		}
		return selection;
	}

	private void checkLocksNothing(String call) {
		if (this.selection.lock() != Selection.Lock.NONE) {
			throw new IllegalStateException(call + " returns no rows to lock; leave forUpdate() out");
		}
	}

}
