package io.soong.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.SqlProvider;

/**
 * Writes rows by one COPY, for values that {@link CopyColumns} accepts. While it runs,
 * nothing else can be sent on the connection, and the driver would wait forever if the
 * code that creates the rows tried to. The rows are therefore created before the COPY
 * begins, unless they are plain values in memory.
 */
final class RowsCopy implements ConnectionCallback<Long>, SqlProvider {

	private final String sql;

	private final CopyColumns columns;

	private final Iterator<@Nullable Object[]> rows;

	private final StatementErrors errors;

	private final StatementErrors.Rows rowErrors;

	/**
	 * Prepares the COPY.
	 * @param sql the statement
	 * @param columns its columns
	 * @param rows the rows, which the columns take
	 * @param errors translates errors
	 * @param rowErrors says which of the rows an error is about
	 */
	RowsCopy(String sql, CopyColumns columns, Iterator<@Nullable Object[]> rows, StatementErrors errors,
			StatementErrors.Rows rowErrors) {
		this.sql = sql;
		this.columns = columns;
		this.rows = rows;
		this.errors = errors;
		this.rowErrors = rowErrors;
	}

	@Override
	public Long doInConnection(Connection connection) throws SQLException {
		try {
			return copy(connection.unwrap(PGConnection.class));
		}
		catch (SQLException ex) {
			throw this.errors.translate(ex, new StatementText(this.sql, List.of()), connection, this.rowErrors);
		}
	}

	private long copy(PGConnection connection) throws SQLException {
		CopyIn copy = connection.getCopyAPI().copyIn(this.sql);
		try {
			CopyText text = new CopyText(copy);
			while (this.rows.hasNext()) {
				text.row(this.rows.next(), this.columns.indexes());
			}
			text.flush();
			return copy.endCopy();
		}
		catch (SQLException | RuntimeException | Error ex) {
			cancel(copy, ex);
			throw ex;
		}
	}

	// Otherwise the connection would remain in COPY mode
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
