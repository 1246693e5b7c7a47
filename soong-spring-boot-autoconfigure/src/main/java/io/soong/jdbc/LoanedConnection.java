package io.soong.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

/**
 * A physical connection as its borrower sees it: closing it gives it back, and what its
 * statements fail with is looked at.
 */
final class LoanedConnection implements InvocationHandler {

	private final PhysicalConnection physical;

	private final SessionState sessionState;

	private final boolean nested;

	private final LoanReturn onClose;

	private final Connection proxy;

	private final List<Statement> openStatements = new ArrayList<>(2);

	private final AtomicBoolean closed = new AtomicBoolean();

	LoanedConnection(PhysicalConnection physical, boolean nested, LoanReturn onClose) {
		this.physical = physical;
		this.nested = nested;
		this.sessionState = new SessionState(physical.driverConnection(), nested);
		this.onClose = onClose;
		this.proxy = (Connection) Proxy.newProxyInstance(LoanedConnection.class.getClassLoader(),
				new Class<?>[] { Connection.class }, this);
	}

	Connection proxy() {
		return this.proxy;
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args) throws Throwable {
		switch (method.getName()) {
			case "equals":
				return args != null && proxy == args[0];
			case "hashCode":
				return System.identityHashCode(proxy);
			case "toString":
				return "Loan of " + this.physical;
			case "close":
				close();
				return null;
			case "isClosed":
				return this.closed.get() || this.physical.driverConnection().isClosed();
			case "isValid":
				return !this.closed.get() && this.physical.driverConnection().isValid((int) first(args));
			case "abort":
				if (!this.closed.get()) {
					this.physical.abort();
				}
				return null;
			case "setClientInfo":
				if (this.closed.get()) {
					throw new SQLClientInfoException("This connection was closed", "08003", null);
				}
				return call(method, args);
			default:
				checkOpen();
		}
		switch (method.getName()) {
			case "setAutoCommit" -> this.sessionState.beforeSetAutoCommit();
			case "setReadOnly" -> this.sessionState.beforeSetReadOnly();
			case "setTransactionIsolation" -> this.sessionState.beforeSetTransactionIsolation((int) first(args));
			case "setSchema" -> this.sessionState.beforeSetSchema();
			case "setNetworkTimeout" -> this.sessionState.beforeSetNetworkTimeout();
			case "unwrap" -> {
				if (first(args) == Connection.class) {
					return proxy;
				}
			}
			default -> {
			}
		}
		Object result = call(method, args);
		if (result instanceof Statement statement) {
			return lend(statement);
		}
		if (method.getName().equals("getTransactionIsolation") && result != null) {
			this.sessionState.afterGetTransactionIsolation((int) result);
		}
		return result;
	}

	private static Object first(@Nullable Object @Nullable [] args) {
		if (args == null || args[0] == null) {
			throw new IllegalArgumentException("argument must not be null");
		}
		return args[0];
	}

	private void checkOpen() throws SQLException {
		if (this.closed.get()) {
			throw new SQLException("This connection was closed; borrow another from the DataSource", "08003");
		}
	}

	private Object lend(Statement statement) {
		this.openStatements.add(statement);
		Class<? extends Statement> type = (statement instanceof CallableStatement) ? CallableStatement.class
				: (statement instanceof PreparedStatement) ? PreparedStatement.class : Statement.class;
		return Proxy.newProxyInstance(LoanedConnection.class.getClassLoader(), new Class<?>[] { type },
				new LoanedStatement(this, statement));
	}

	void forget(Statement statement) {
		for (int i = this.openStatements.size() - 1; i >= 0; i--) {
			if (this.openStatements.get(i) == statement) {
				this.openStatements.remove(i);
				return;
			}
		}
	}

	@Nullable Object call(Object target, Method method, @Nullable Object @Nullable [] args) throws Throwable {
		try {
			return method.invoke(target, args);
		}
		catch (InvocationTargetException ex) {
			Throwable failure = ex.getTargetException();
			if (failure instanceof SQLException sqlException) {
				this.physical.observe(sqlException);
			}
			throw failure;
		}
	}

	private @Nullable Object call(Method method, @Nullable Object @Nullable [] args) throws Throwable {
		return call(this.physical.driverConnection(), method, args);
	}

	private void close() throws SQLException {
		if (!this.closed.compareAndSet(false, true)) {
			return;
		}
		try {
			for (Statement statement : this.openStatements) {
				statement.close();
			}
			if (this.physical.isUsable()) {
				this.sessionState.restore();
				if (!this.nested) {
					this.physical.dropStaleStatements();
				}
			}
		}
		catch (SQLException ex) {
			// What cannot be cleaned up is not lent again. The borrower is done with it.
			this.physical.abort();
		}
		finally {
			this.onClose.giveBack(this);
		}
	}

	/**
	 * Takes a loan back.
	 */
	@FunctionalInterface
	interface LoanReturn {

		void giveBack(LoanedConnection loan);

	}

}
