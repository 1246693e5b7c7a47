package io.soong.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.util.Properties;

import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyDual;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOperation;
import org.postgresql.copy.CopyOut;
import org.postgresql.core.QueryExecutor;
import org.postgresql.core.TransactionState;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.util.HostSpec;

/**
 * The driver's connection, with a {@link DeadlineGuard} at the one place through which
 * the driver reaches the server. That covers statements and result sets, COPY,
 * transactions, and callers that unwrap this connection to use features beyond JDBC.
 */
final class GuardedConnection extends PgConnection {

	private volatile @Nullable QueryExecutor guarded;

	private boolean transactional;

	/**
	 * Connects. Only the socket timeouts limit this.
	 */
	GuardedConnection(HostSpec[] hosts, Properties properties, String url) throws SQLException {
		super(hosts, properties, url);
	}

	void guardWith(DeadlineGuard guard) {
		this.guarded = (QueryExecutor) proxy(new Executor(guard, super.getQueryExecutor()), QueryExecutor.class);
	}

	@Override
	public QueryExecutor getQueryExecutor() {
		QueryExecutor guarded = this.guarded;
		return (guarded != null) ? guarded : super.getQueryExecutor();
	}

	@Override
	public void setAutoCommit(boolean autoCommit) throws SQLException {
		super.setAutoCommit(autoCommit);
		this.transactional = !autoCommit;
	}

	/**
	 * Returns whether the last statement was part of a transaction, even if the
	 * connection is closed by now.
	 */
	boolean wasInTransaction() {
		return this.transactional || getTransactionState() != TransactionState.IDLE;
	}

	boolean isOutOfTransaction() {
		return this.transactional && getTransactionState() == TransactionState.IDLE;
	}

	private static Object proxy(InvocationHandler handler, Class<?> type) {
		return Proxy.newProxyInstance(GuardedConnection.class.getClassLoader(), new Class<?>[] { type }, handler);
	}

	/**
	 * Calls a method by reflection, and throws its exception unchanged.
	 */
	static @Nullable Object call(Object target, Method method, @Nullable Object @Nullable [] args) throws Throwable {
		try {
			return method.invoke(target, args);
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

	/**
	 * A proxy, because every version of the driver may add methods to the interface.
	 */
	private record Executor(DeadlineGuard guard, QueryExecutor target) implements InvocationHandler {

		@Override
		public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args)
				throws Throwable {
			return switch (method.getName()) {
				case "execute" -> this.guard.run(first(args), this.target, method, args);
				case "fetch" -> this.guard.run("FETCH", this.target, method, args);
				case "fastpathCall" ->
					this.guard.run("a function call by the large object API", this.target, method, args);
				case "processNotifies" -> this.guard.run("LISTEN", this.target, method, args);
				case "startCopy" -> startCopy(method, args);
				default -> call(this.target, method, args);
			};
		}

		private static Object first(@Nullable Object @Nullable [] args) {
			return (args != null && args[0] != null) ? args[0] : "";
		}

		private @Nullable Object startCopy(Method method, @Nullable Object @Nullable [] args) throws Throwable {
			Object sql = first(args);
			Object copy = this.guard.run(sql, this.target, method, args);
			Class<?> type = (copy instanceof CopyDual) ? CopyDual.class
					: (copy instanceof CopyIn) ? CopyIn.class : (copy instanceof CopyOut) ? CopyOut.class : null;
			return (type != null && copy instanceof CopyOperation operation)
					? proxy(new Copy(this.guard, operation, sql), type) : copy;
		}

	}

	/**
	 * A COPY in progress, which bypasses the {@link QueryExecutor}.
	 */
	private record Copy(DeadlineGuard guard, CopyOperation target, Object sql) implements InvocationHandler {

		@Override
		public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args)
				throws Throwable {
			return switch (method.getName()) {
				case "writeToCopy", "flushCopy", "endCopy", "readFromCopy" ->
					this.guard.run(this.sql, this.target, method, args);
				case "cancelCopy" -> this.guard.run(SentSql.CANCEL_COPY, this.target, method, args);
				default -> call(this.target, method, args);
			};
		}

	}

}
