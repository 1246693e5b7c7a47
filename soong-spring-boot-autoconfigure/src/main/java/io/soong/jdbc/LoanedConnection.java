package io.soong.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A physical connection as its borrower sees it. Closing it returns it to the data
 * source.
 */
final class LoanedConnection implements InvocationHandler, Checkout.Loan {

	private static final Log logger = LogFactory.getLog(ConnectionLog.NAME);

	private final PhysicalConnection physical;

	private final SessionState sessionState;

	private final Checkout<PhysicalConnection> checkout;

	private final Consumer<LoanedConnection> onClose;

	private final Connection proxy;

	private final List<Statement> openStatements = new ArrayList<>(2);

	private final AtomicBoolean closed = new AtomicBoolean();

	LoanedConnection(PhysicalConnection physical, Checkout<PhysicalConnection> checkout,
			Consumer<LoanedConnection> onClose) {
		this.physical = physical;
		this.checkout = checkout;
		this.sessionState = new SessionState(physical);
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
					throw new SQLClientInfoException("This connection was closed", SqlStates.CONNECTION_DOES_NOT_EXIST,
							null);
				}
				setClientInfo(method, args);
				return null;
			default:
				checkOpen();
		}
		RollbackOnlyTransaction rollbackOnly = this.physical.rollbackOnly();
		if (rollbackOnly != null && isOfTransaction(method, args)) {
			return inRollbackOnly(rollbackOnly, method, args);
		}
		switch (method.getName()) {
			case "setAutoCommit" -> {
				checkOwnsTransaction();
				this.sessionState.beforeSetAutoCommit();
			}
			case "commit" -> checkOwnsTransaction();
			case "rollback" -> {
				checkOwnsTransaction();
				if (args == null) {
					rollBack();
					return null;
				}
			}
			case "setReadOnly" -> this.sessionState.beforeSetReadOnly();
			case "setTransactionIsolation" -> this.sessionState.beforeSetTransactionIsolation((int) first(args));
			case "setSchema" -> this.sessionState.beforeSetSchema();
			case "setHoldability" -> this.sessionState.beforeSetHoldability();
			case "setTypeMap" -> this.sessionState.beforeSetTypeMap();
			case "setNetworkTimeout" -> this.sessionState.beforeSetNetworkTimeout();
			case "unwrap" -> {
				if (first(args) == Connection.class) {
					return proxy;
				}
				this.sessionState.beforeUnwrap();
			}
			default -> {
			}
		}
		Object result = call(method, args);
		if (result instanceof Statement statement) {
			return lend(statement);
		}
		if (result instanceof DatabaseMetaData metaData) {
			return proxy(DatabaseMetaData.class, metaData);
		}
		if (method.getName().equals("setAutoCommit")) {
			this.checkout.setTransactionOwner((boolean) first(args) ? null : this);
		}
		if (method.getName().equals("getTransactionIsolation") && result != null) {
			this.sessionState.afterGetTransactionIsolation((int) result);
		}
		return result;
	}

	private static boolean isOfTransaction(Method method, @Nullable Object @Nullable [] args) {
		return switch (method.getName()) {
			case "getAutoCommit", "setAutoCommit", "commit", "setReadOnly", "setTransactionIsolation" -> true;
			case "rollback" -> args == null;
			default -> false;
		};
	}

	/**
	 * JDBC has an exception of its own for this method.
	 */
	private void setClientInfo(Method method, @Nullable Object @Nullable [] args) throws Throwable {
		try {
			this.sessionState.beforeSetClientInfo();
		}
		catch (SQLException ex) {
			throw new SQLClientInfoException(ex.getMessage(), ex.getSQLState(), null, ex);
		}
		call(method, args);
	}

	/** The borrower must not change the surrounding transaction. */
	private @Nullable Object inRollbackOnly(RollbackOnlyTransaction rollbackOnly, Method method,
			@Nullable Object @Nullable [] args) throws SQLException {
		switch (method.getName()) {
			case "getAutoCommit" -> {
				return rollbackOnly.isAutoCommit();
			}
			case "setAutoCommit" -> {
				checkOwnsTransaction();
				rollbackOnly.setAutoCommit((boolean) first(args));
				this.checkout.setTransactionOwner((boolean) first(args) ? null : this);
			}
			case "commit" -> {
				checkOwnsTransaction();
				rollbackOnly.commit();
			}
			case "rollback" -> {
				checkOwnsTransaction();
				rollbackOnly.rollBack();
			}
			default -> {
			}
		}
		return null;
	}

	/**
	 * A broken connection has nothing left to roll back, and an exception would hide the
	 * original failure.
	 */
	private void rollBack() throws SQLException {
		if (!this.physical.isUsable()) {
			return;
		}
		try {
			this.physical.driverConnection().rollback();
		}
		catch (SQLException ex) {
			if (this.physical.isUsable()) {
				throw ex;
			}
			logger.debug("The transaction ended with the connection", ex);
		}
	}

	private static Object first(@Nullable Object @Nullable [] args) {
		if (args == null || args[0] == null) {
			throw new IllegalArgumentException("argument must not be null");
		}
		return args[0];
	}

	/**
	 * This loan must not end the transaction of another loan.
	 */
	private void checkOwnsTransaction() throws SQLException {
		Checkout.Loan owner = this.checkout.transactionOwner();
		if (owner != null && owner != this) {
			throw new SQLException("The transaction on this connection was begun through another loan of this thread, "
					+ "which has to end it", SqlStates.ACTIVE_TRANSACTION);
		}
	}

	private void checkOpen() throws SQLException {
		if (this.closed.get()) {
			throw new SQLException("This connection was closed; borrow another from the DataSource",
					SqlStates.CONNECTION_DOES_NOT_EXIST);
		}
	}

	private Object lend(Statement statement) {
		this.openStatements.add(statement);
		Class<? extends Statement> type = (statement instanceof CallableStatement) ? CallableStatement.class
				: (statement instanceof PreparedStatement) ? PreparedStatement.class : Statement.class;
		return proxy(type, statement);
	}

	private Object proxy(Class<?> type, Object target) {
		return Proxy.newProxyInstance(LoanedConnection.class.getClassLoader(), new Class<?>[] { type },
				new Part(this, target));
	}

	private void forget(Statement statement) {
		for (int i = this.openStatements.size() - 1; i >= 0; i--) {
			if (this.openStatements.get(i) == statement) {
				this.openStatements.remove(i);
				return;
			}
		}
	}

	private @Nullable Object call(Method method, @Nullable Object @Nullable [] args) throws Throwable {
		return GuardedConnection.call(this.physical.driverConnection(), method, args);
	}

	@Override
	public void close() {
		if (!this.closed.compareAndSet(false, true)) {
			return;
		}
		boolean clean = false;
		try {
			for (Statement statement : this.openStatements) {
				statement.close();
			}
			if (this.physical.isUsable() && !this.physical.guard().isCopying()) {
				Checkout.Loan owner = this.checkout.transactionOwner();
				this.sessionState.restore(owner == null || owner == this);
				if (owner == this) {
					this.checkout.setTransactionOwner(null);
				}
			}
			clean = true;
		}
		catch (SQLException ex) {
			logger.debug("A connection that cannot be cleaned up is not lent again", ex);
		}
		finally {
			if (!clean) {
				this.physical.abort();
			}
			this.onClose.accept(this);
		}
	}

	@Override
	public void revoke() {
		if (this.closed.compareAndSet(false, true)) {
			this.physical.abort();
			this.onClose.accept(this);
		}
	}

	/**
	 * A statement, or the metadata, of a loan. Its connection is the loan, and it ends
	 * with the loan.
	 */
	private record Part(LoanedConnection loan, Object target) implements InvocationHandler {

		@Override
		public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args)
				throws Throwable {
			switch (method.getName()) {
				case "equals":
					return args != null && proxy == args[0];
				case "hashCode":
					return System.identityHashCode(proxy);
				case "getConnection":
					return this.loan.proxy();
				case "toString", "isClosed":
					return GuardedConnection.call(this.target, method, args);
				case "close":
					this.loan.forget((Statement) this.target);
					return GuardedConnection.call(this.target, method, args);
				default:
					this.loan.checkOpen();
					return GuardedConnection.call(this.target, method, args);
			}
		}

	}

}
