package io.soong.jdbc;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.sql.Statement;

import org.jspecify.annotations.Nullable;

/**
 * A statement of a {@link LoanedConnection}: it names the loan as its connection and lets
 * the loan see what it fails with.
 */
final class LoanedStatement implements InvocationHandler {

	private final LoanedConnection loan;

	private final Statement statement;

	LoanedStatement(LoanedConnection loan, Statement statement) {
		this.loan = loan;
		this.statement = statement;
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] args) throws Throwable {
		return switch (method.getName()) {
			case "equals" -> args != null && proxy == args[0];
			case "hashCode" -> System.identityHashCode(proxy);
			case "getConnection" -> this.loan.proxy();
			case "close" -> {
				this.loan.forget(this.statement);
				yield this.loan.call(this.statement, method, args);
			}
			default -> this.loan.call(this.statement, method, args);
		};
	}

}
