package io.soong.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.SqlProvider;

/**
 * Writes rows by one COPY, as far as COPY stores the same as INSERT. The rows are ready
 * before it begins: while it runs, nothing else can be sent on the connection, and the
 * driver would wait forever if whoever makes the rows tried to.
 */
final class RowsCopy implements ConnectionCallback<Long>, SqlProvider {

	private final String sql;

	private final CopyColumns columns;

	private final List<@Nullable Object[]> rows;

	private final RowErrors errors;

	private final long first;

	private int taken;

	/**
	 * Prepares the COPY.
	 * @param sql the statement
	 * @param columns its columns
	 * @param rows the rows
	 * @param errors says what went wrong
	 * @param first the number of the first row, from 1
	 */
	RowsCopy(String sql, CopyColumns columns, List<@Nullable Object[]> rows, RowErrors errors, long first) {
		this.sql = sql;
		this.columns = columns;
		this.rows = rows;
		this.errors = errors;
		this.first = first;
	}

	/** How many of the rows were written, before one that COPY must not get. */
	int taken() {
		return this.taken;
	}

	@Override
	public Long doInConnection(Connection connection) throws SQLException {
		int end = 0;
		while (end < this.rows.size() && this.columns.take(this.rows.get(end))) {
			end++;
		}
		// Another kind of driver may stand in front of PostgreSQL's
		if (end == 0 || !connection.isWrapperFor(PGConnection.class)) {
			return 0L;
		}
		try {
			long stored = copy(connection.unwrap(PGConnection.class), end);
			this.taken = end;
			return stored;
		}
		catch (SQLException ex) {
			throw this.errors.of(ex, this.first, this.first + end - 1);
		}
	}

	private long copy(PGConnection connection, int end) throws SQLException {
		CopyIn copy = connection.getCopyAPI().copyIn(this.sql);
		try {
			CopyText text = new CopyText(copy);
			for (int i = 0; i < end; i++) {
				row(text, i);
			}
			text.flush();
			return copy.endCopy();
		}
		catch (SQLException | RuntimeException | Error ex) {
			cancel(copy, ex);
			throw ex;
		}
	}

	private void row(CopyText text, int index) throws SQLException {
		try {
			text.row(this.rows.get(index), this.columns.indexes());
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("Row " + (this.first + index) + ": " + ex.getMessage(), ex);
		}
	}

	// Otherwise the connection would stay in the middle of a COPY
	private static void cancel(CopyIn copy, Throwable reason) {
		try {
			if (copy.isActive()) {
				copy.cancelCopy();
			}
		}
		catch (SQLException ex) {
			reason.addSuppressed(ex);
		}
	}

	@Override
	public String getSql() {
		return this.sql;
	}

}
