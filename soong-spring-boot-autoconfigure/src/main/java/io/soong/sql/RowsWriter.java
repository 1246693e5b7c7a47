package io.soong.sql;

import java.sql.Connection;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.util.PGobject;

import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.dao.NonTransientDataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Writes many rows to a table, all or none: few rows by one INSERT, others in a
 * transaction, chunk by chunk, so that a stream of any length takes little memory. A
 * chunk is complete before it is sent, so the code that creates the rows may use the
 * connection in between.
 *
 * @param <T> what the rows become that are returned
 */
final class RowsWriter<T> {

	/** Up to this number of values, INSERT is faster than COPY. */
	static final int FEW_VALUES = 1000;

	/** From this number of rows, an upsert is faster by COPY to a temporary table. */
	static final int STAGED_ROWS = 1000;

	/**
	 * The parameters of one INSERT. The SQL stays below 16 kB, above which RDS Proxy pins
	 * a client to its connection, and more parameters would hardly be faster.
	 */
	static final int MAX_PARAMETERS = 1600;

	// Characters and bytes, roughly
	private static final int CHUNK_WEIGHT = 1 << 20;

	private static final int VALUE_WEIGHT = 16;

	private final JdbcTemplate jdbcTemplate;

	private final StatementRunner runner;

	private final ToLongFunction<Supplier<Long>> transaction;

	private final String table;

	private final @Nullable Conflict conflict;

	// The columns that identify an existing row to update
	private final List<String> keys;

	private final @Nullable Returned<T> returned;

	// The stored rows as the database returned them
	private final List<T> results = new ArrayList<>();

	private final RowsSource source;

	// The rows read and not yet written
	private final List<@Nullable Object[]> chunk = new ArrayList<>();

	// The keys of those rows, by the number of the row
	private final Map<List<@Nullable Object>, Long> seen = new HashMap<>();

	// The table that receives the rows of an upsert by COPY
	private RowsCopy.@Nullable StagingTable staging;

	private ParameterValue.Resolver resolver;

	// Rows of the first chunk as they were passed, by their index in it
	private final Map<Integer, @Nullable Object[]> unresolved = new HashMap<>();

	// The number of rows sent by COPY without being in the chunk
	private long followed;

	// The row that follows those and cannot be copied
	private @Nullable Object @Nullable [] refused;

	// Whether there is a transaction
	private boolean begun;

	private long written;

	/**
	 * Prepares the writing.
	 * @param conflict how an upsert finds rows that are there already; null to insert
	 * @param returned what is returned of the rows; null for nothing
	 */
	RowsWriter(JdbcTemplate jdbcTemplate, StatementRunner runner, ToLongFunction<Supplier<Long>> transaction,
			Model.Cache models, String table, Object rows, @Nullable Conflict conflict,
			@Nullable Returned<T> returned) {
		Identifier.table(table);
		this.jdbcTemplate = jdbcTemplate;
		this.runner = runner;
		this.transaction = transaction;
		this.table = table;
		this.conflict = conflict;
		this.keys = (conflict != null && !conflict.isIgnored()) ? conflict.keys() : List.of();
		this.returned = returned;
		this.source = new RowsSource(table, rows, models);
		this.resolver = runner.resolver();
	}

	/** Inserts or upserts all rows and returns how many the server stored. */
	long write() {
		fill(mayCopy() ? FEW_VALUES : Integer.MAX_VALUE);
		if (this.conflict != null) {
			this.conflict.checkUpdated(this.source.columns());
		}
		if (!this.source.hasNext() && batchEnd(0, this.chunk.size()) == this.chunk.size()) {
			return this.chunk.isEmpty() ? 0 : insertAtOnce();
		}
		boolean joins = this.runner.isInTransaction();
		try {
			return this.transaction.applyAsLong(this::writeAll);
		}
		catch (BadSqlGrammarException ex) {
			// No query was possible before the transaction was rolled back
			throw joins ? ex : this.runner.errors().withHint(ex);
		}
	}

	/**
	 * Inserts or upserts all rows and returns the stored rows in the order of the input.
	 */
	List<T> writeReturning() {
		write();
		return this.results;
	}

	private boolean mayCopy() {
		return this.conflict == null && this.returned == null;
	}

	// For fewer rows a temporary table costs more than it saves
	private boolean mayStage() {
		return this.conflict != null && this.returned == null
				&& (this.source.hasNext() || this.chunk.size() >= STAGED_ROWS);
	}

	private long insertAtOnce() {
		try {
			return insert(0, this.chunk.size());
		}
		catch (NonTransientDataAccessException ex) {
			if (!StatementErrors.isColumnsChanged(ex) || this.runner.isInTransaction()) {
				throw ex;
			}
			// Nothing was stored, and the outdated column types are removed
			resolveAnew();
			return insert(0, this.chunk.size());
		}
	}

	// Many rows justify another query of the catalogue
	private long writeAll() {
		this.begun = true;
		this.runner.columnTypes().forget(this.table);
		resolveAnew();
		this.unresolved.clear();
		return (mayCopy() || mayStage()) ? copyAll() : insertAll();
	}

	private void resolveAnew() {
		this.resolver = this.runner.resolver();
		this.unresolved.forEach((index, row) -> {
			@Nullable Object[] resolved = row.clone();
			this.resolver.resolve(resolved);
			this.chunk.set(index, resolved);
		});
	}

	private long copyAll() {
		RowsCopy.Columns columns = RowsCopy.Columns.of(this.runner.columnTypes(), this.table, this.source,
				this.chunk.get(0), this.conflict != null);
		if (columns == null || !isDriverAtHand()) {
			return insertAll();
		}
		this.staging = (this.conflict != null) ? RowsCopy.StagingTable.create(this.jdbcTemplate, columns) : null;
		long stored = 0;
		do {
			fill(Integer.MAX_VALUE);
			for (int start = 0; start < this.chunk.size();) {
				int end = columns.endOfTaken(this.chunk, start);
				if (end - start > few() || (start == 0 && end == this.chunk.size())) {
					stored += copy(columns, start, end);
				}
				else {
					end = columns.startOfTaken(this.chunk, end, few());
					stored += insertBatches(start, end);
				}
				start = end;
			}
			endChunk();
		}
		while (this.source.hasNext() || !this.chunk.isEmpty());
		// The table is locked at this point, so its columns do not change
		check();
		if (this.staging != null) {
			this.staging.drop();
		}
		return stored;
	}

	// The driver may be wrapped by another one
	private boolean isDriverAtHand() {
		return this.jdbcTemplate
			.execute((ConnectionCallback<Boolean>) (connection) -> connection.isWrapperFor(PGConnection.class)
					&& (this.conflict == null || RowsCopy.StagingTable.isAllowedOn(connection)));
	}

	private int few() {
		return FEW_VALUES / this.source.columns().size();
	}

	private long copy(RowsCopy.Columns columns, int start, int end) {
		StatementErrors.Rows errors = errors(this.written + start + 1,
				Math.max(end - start, (int) (this.source.sizeInMemory() - this.written - start)));
		String sql = (this.staging != null) ? this.staging.copy() : StatementText.copy(this.table, columns.names());
		long count = this.jdbcTemplate
			.execute(new RowsCopy(sql, columns, rows(columns, start, end), this.runner.errors(), errors));
		if (this.staging != null && this.conflict != null) {
			return merge(this.staging.insert(this.table, this.conflict, columns.names()), start, end, errors);
		}
		return count;
	}

	/**
	 * Rows of the chunk for COPY and, if they are the last of it, those that follow as
	 * far as they can be read meanwhile.
	 */
	private Iterator<@Nullable Object[]> rows(RowsCopy.Columns columns, int start, int end) {
		Iterator<@Nullable Object[]> rows = this.chunk.subList(start, end).iterator();
		return (this.staging == null && end == this.chunk.size() && this.source.sizeInMemory() > 0)
				? new Following(rows, columns) : rows;
	}

	private long merge(StatementText text, int start, int end, StatementErrors.Rows errors) {
		Savepoint savepoint = this.jdbcTemplate.execute((ConnectionCallback<Savepoint>) Connection::setSavepoint);
		try {
			return this.runner.insert(text, ColumnTypes.Check.NONE, errors);
		}
		catch (DataIntegrityViolationException ex) {
			// A few rows at a time, so that the error names the rows that it may concern
			this.jdbcTemplate.execute((ConnectionCallback<Boolean>) (connection) -> {
				connection.rollback(savepoint);
				return true;
			});
			return insertBatches(start, end);
		}
	}

	private void check() {
		ColumnTypes.Check check = this.resolver.check();
		if (!check.isEmpty()) {
			this.runner.execute(new StatementText(check.sql(), List.of()));
		}
	}

	private long insertAll() {
		long stored = 0;
		do {
			fill(Integer.MAX_VALUE);
			stored += insertBatches(0, this.chunk.size());
			endChunk();
		}
		while (this.source.hasNext());
		return stored;
	}

	private long insertBatches(int first, int last) {
		long stored = 0;
		for (int start = first; start < last;) {
			int end = batchEnd(start, last);
			stored += insert(start, end);
			start = end;
		}
		return stored;
	}

	private void endChunk() {
		this.written += this.chunk.size() + this.followed;
		this.followed = 0;
		this.chunk.clear();
		if (this.refused != null) {
			this.chunk.add(this.refused);
			this.refused = null;
		}
	}

	private int insert(int start, int end) {
		List<@Nullable Object[]> rows = this.chunk.subList(start, end);
		long first = this.written + start + 1;
		StatementText text = StatementText.insertAll(this.table, this.source.columns(), rows, first, this.conflict,
				(this.returned != null) ? this.returned.columns() : null);
		if (this.returned == null) {
			return this.runner.insert(text, this.resolver.check(), errors(first, rows.size()));
		}
		List<T> results = this.runner.insert(text, this.resolver.check(), errors(first, rows.size()),
				this.returned.mapping());
		this.results.addAll(results);
		return results.size();
	}

	private void fill(int maxValues) {
		int weight = 0;
		while (weight < CHUNK_WEIGHT && this.chunk.size() * this.source.columns().size() < maxValues
				&& this.source.hasNext()) {
			@Nullable Object[] row = this.source.next();
			if (!this.begun && Stream.of(row).anyMatch(ParameterValue.Structured.class::isInstance)) {
				this.unresolved.put(this.chunk.size(), row.clone());
			}
			this.resolver.resolve(row);
			GivenColumns.checkKeys(this.source.subject() + " has", this.source.columns(), Arrays.asList(row),
					this.keys);
			checkRepetition(row);
			this.chunk.add(row);
			if (this.resolver.hasSeenChange() && !this.begun) {
				resolveAnew();
			}
			weight += weight(row);
		}
	}

	private static int weight(@Nullable Object[] row) {
		int weight = 0;
		for (Object value : row) {
			weight += VALUE_WEIGHT;
			if (value instanceof String text) {
				weight += text.length();
			}
			else if (value instanceof byte[] bytes) {
				weight += bytes.length;
			}
			else if (value instanceof PGobject object && object.getValue() != null) {
				weight += object.getValue().length();
			}
		}
		return weight;
	}

	/**
	 * One upsert cannot write a row twice. Rows in different chunks are not compared, and
	 * are written one after the other.
	 */
	private void checkRepetition(@Nullable Object[] row) {
		if (this.keys.isEmpty()) {
			return;
		}
		if (this.chunk.isEmpty()) {
			this.seen.clear();
		}
		long number = this.written + this.chunk.size() + 1;
		Long first = this.seen.putIfAbsent(key(row), number);
		if (first != null) {
			throw new InvalidDataAccessApiUsageException("Rows " + first + " and " + number + " given for table \""
					+ this.table + "\" have the same key " + this.keys + "; leave all but one of them out");
		}
	}

	/**
	 * The index after the last row of the INSERT that begins with a row. An upsert sets
	 * the same columns in all of its rows.
	 */
	private int batchEnd(int start, int last) {
		int maxRows = Math.max(1, MAX_PARAMETERS / Math.max(1, this.source.columns().size()));
		int end = Math.min(last, start + maxRows);
		if (this.keys.isEmpty()) {
			return end;
		}
		for (int i = start; i < end; i++) {
			if (!sameColumns(this.chunk.get(start), this.chunk.get(i))) {
				return i;
			}
		}
		return end;
	}

	private boolean sameColumns(@Nullable Object[] one, @Nullable Object[] other) {
		for (int i = 0; i < one.length; i++) {
			if ((one[i] == GivenColumns.LEFT_OUT) != (other[i] == GivenColumns.LEFT_OUT)) {
				return false;
			}
		}
		return true;
	}

	private List<@Nullable Object> key(@Nullable Object[] row) {
		@Nullable Object[] key = new Object[this.keys.size()];
		for (int i = 0; i < key.length; i++) {
			key[i] = row[this.source.columns().indexOf(this.keys.get(i))];
		}
		return Arrays.asList(key);
	}

	private StatementErrors.Rows errors(long first, int rows) {
		return new StatementErrors.Rows(this.table, this.source.columns(), this.keys, first, first + rows - 1);
	}

	/**
	 * The rows after the given ones, up to the first that cannot be copied. The server
	 * reads them while the next are created.
	 */
	private final class Following implements Iterator<@Nullable Object[]> {

		private final Iterator<@Nullable Object[]> first;

		private final RowsCopy.Columns columns;

		private @Nullable Object @Nullable [] next;

		Following(Iterator<@Nullable Object[]> first, RowsCopy.Columns columns) {
			this.first = first;
			this.columns = columns;
		}

		@Override
		public boolean hasNext() {
			if (this.next == null && this.first.hasNext()) {
				this.next = this.first.next();
			}
			else if (this.next == null && RowsWriter.this.refused == null && RowsWriter.this.source.hasNext()) {
				@Nullable Object[] row = RowsWriter.this.source.next();
				if (this.columns.take(row)) {
					RowsWriter.this.followed++;
					this.next = row;
				}
				else {
					RowsWriter.this.refused = row;
				}
			}
			return this.next != null;
		}

		@Override
		public @Nullable Object[] next() {
			@Nullable Object @Nullable [] row = hasNext() ? this.next : null;
			if (row == null) {
				throw new NoSuchElementException();
			}
			this.next = null;
			return row;
		}

	}

	/**
	 * The columns to return.
	 *
	 * @param <T> what a row becomes
	 * @param columns the columns; no names for all
	 */
	record Returned<T>(Identifier.Columns columns, ResultMapping<T> mapping) {

		static <T> Returned<T> of(ResultMapping<T> mapping) {
			return new Returned<>(mapping.columns(), mapping);
		}

	}

}
