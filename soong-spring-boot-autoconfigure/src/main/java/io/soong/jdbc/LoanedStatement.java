package io.soong.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.Statement;

import org.jspecify.annotations.Nullable;

/**
 * A statement, or the metadata, of a {@link LoanedConnection}: it names the loan as its
 * connection, ends with it, and lets it see what it fails with.
 */
final class LoanedStatement implements InvocationHandler {

	private final LoanedConnection loan;

	private final Object target;

	LoanedStatement(LoanedConnection loan, Object target) {
		this.loan = loan;
		this.target = target;
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args) throws Throwable {
		switch (method.getName()) {
			case "equals":
				return args != null && proxy == args[0];
			case "hashCode":
				return System.identityHashCode(proxy);
			case "getConnection":
				return this.loan.proxy();
			case "toString", "isClosed":
				return this.loan.call(this.target, method, args);
			case "close":
				this.loan.forget((Statement) this.target);
				return this.loan.call(this.target, method, args);
			default:
				this.loan.checkOpen();
				return this.loan.call(this.target, method, args);
		}
	}

}
