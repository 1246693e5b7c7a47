package io.soong.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.PreparedStatementCallback;

/**
 * The rows of a statement, fetched in portions through a cursor of the server. The cursor
 * belongs to the open transaction. Without one, it has a read-only transaction of its
 * own, on a connection that is held until the last row is read or the stream is closed.
 *
 * @param <T> what a row becomes
 */
final class ResultStream<T> extends AbstractSpliterator<T> {

	private final Connection connection;

	// Whether connection and transaction end with the stream
	private final boolean own;

	private final BiFunction<SQLException, Connection, RuntimeException> errors;

	private final Consumer<ResultStream<?>> onClose;

	private final Thread opener = Thread.currentThread();

	private final AtomicBoolean closed = new AtomicBoolean();

	private @Nullable Cursor<T> cursor;

	private @Nullable Boolean wasReadOnly;

	ResultStream(Connection connection, boolean own, BiFunction<SQLException, Connection, RuntimeException> errors,
			Consumer<ResultStream<?>> onClose) {
		super(Long.MAX_VALUE, Spliterator.ORDERED);
		this.connection = connection;
		this.own = own;
		this.errors = errors;
		this.onClose = onClose;
	}

	/** Whether it keeps the connection from other work of this thread. */
	boolean isHeldBy(Thread thread) {
		return this.own && this.opener == thread;
	}

	/** Runs the statement, which returns the first rows. */
	void open(String sql, PreparedStatementCallback<ResultSet> work, ResultMapping<T> mapping) {
		try {
			if (this.own) {
				this.wasReadOnly = this.connection.isReadOnly();
				this.connection.setReadOnly(true);
				this.connection.setAutoCommit(false);
			}
			PreparedStatement statement = this.connection.prepareStatement(sql);
			ResultSet rows = work.doInPreparedStatement(statement);
			this.cursor = new Cursor<>(statement, rows, mapping.reader(rows.getMetaData()));
		}
		catch (SQLException ex) {
			RuntimeException translated = this.errors.apply(ex, this.connection);
			close();
			throw translated;
		}
		catch (RuntimeException | Error ex) {
			close();
			throw ex;
		}
	}

	@Override
	public boolean tryAdvance(Consumer<? super T> action) {
		Cursor<T> cursor = this.cursor;
		if (cursor == null || this.closed.get()) {
			return false;
		}
		T row;
		try {
			if (!cursor.rows().next()) {
				close();
				return false;
			}
			row = cursor.reader().read(cursor.rows());
		}
		catch (SQLException ex) {
			RuntimeException translated = this.errors.apply(ex, this.connection);
			close();
			throw translated;
		}
		catch (RuntimeException | Error ex) {
			close();
			throw ex;
		}
		accept(action, row);
		return true;
	}

	// A scalar that is NULL is null in the stream
	@SuppressWarnings("NullAway")
	private static <T> void accept(Consumer<? super T> action, @Nullable T row) {
		action.accept(row);
	}

	void close() {
		if (!this.closed.compareAndSet(false, true)) {
			return;
		}
		this.onClose.accept(this);
		Cursor<T> cursor = this.cursor;
		if (cursor != null) {
			quietly(() -> cursor.statement().close());
		}
		if (this.own) {
			quietly(this.connection::rollback);
			quietly(() -> this.connection.setAutoCommit(true));
			if (this.wasReadOnly != null) {
				boolean readOnly = this.wasReadOnly;
				quietly(() -> this.connection.setReadOnly(readOnly));
			}
			quietly(this.connection::close);
		}
	}

	// The rows were read; the connection's owner detects a broken one
	private static void quietly(Step step) {
		try {
			step.run();
		}
		catch (SQLException ex) {
			return;
		}
	}

	@FunctionalInterface
	private interface Step {

		void run() throws SQLException;

	}

	private record Cursor<T>(PreparedStatement statement, ResultSet rows, ResultMapping.Reader<T> reader) {

	}

}
