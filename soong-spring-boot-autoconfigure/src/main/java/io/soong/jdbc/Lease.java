package io.soong.jdbc;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A physical connection in the hands of one thread, and the loans it made of it. Guarded
 * by the {@link SoongDataSource} that made it, but for the transaction's owner, which is
 * the affair of the holder.
 */
final class Lease<C extends Poolable> {

	private final Thread holder;

	private final Instant since;

	private final List<Loan> loans = new ArrayList<>(2);

	private final @Nullable Invocation invocation;

	private final @Nullable Throwable borrowed;

	private volatile @Nullable C connection;

	private boolean revoked;

	private volatile @Nullable Loan transactionOwner;

	/**
	 * Creates a lease.
	 * @param holder the borrower
	 * @param since when it borrowed
	 * @param invocation what it borrows for, if that is known
	 */
	Lease(Thread holder, Instant since, @Nullable Invocation invocation) {
		this.holder = holder;
		this.since = since;
		this.invocation = invocation;
		// 1 to 3 microseconds, as nothing looks at the stack until it is printed
		this.borrowed = (invocation != null) ? new Throwable("It was borrowed here") : null;
	}

	@Nullable Invocation invocation() {
		return this.invocation;
	}

	/**
	 * Returns where it was borrowed, if for an invocation.
	 */
	@Nullable Throwable borrowed() {
		return this.borrowed;
	}

	boolean isOrphaned() {
		C connection = this.connection;
		return !this.holder.isAlive() && (connection == null || !connection.isBusy());
	}

	/**
	 * Takes the lease from its holder, who may be about to get a connection.
	 */
	void revoke() {
		this.revoked = true;
	}

	boolean isRevoked() {
		return this.revoked;
	}

	List<Loan> loans() {
		return List.copyOf(this.loans);
	}

	boolean isHeldBy(Thread thread) {
		return this.holder == thread;
	}

	void attach(C connection) {
		this.connection = connection;
	}

	@Nullable C connection() {
		return this.connection;
	}

	/**
	 * Returns whether the connection died in the holder's hands.
	 */
	boolean isBroken() {
		C connection = this.connection;
		return connection != null && !connection.isUsable();
	}

	boolean hasOpenTransaction() throws SQLException {
		C connection = this.connection;
		return connection != null && connection.hasOpenTransaction();
	}

	/**
	 * Returns the loan that switched auto-commit off.
	 */
	@Nullable Loan transactionOwner() {
		return this.transactionOwner;
	}

	void setTransactionOwner(@Nullable Loan owner) {
		this.transactionOwner = owner;
	}

	void add(Loan loan) {
		this.loans.add(loan);
	}

	boolean hasLoans() {
		return !this.loans.isEmpty();
	}

	/**
	 * Returns whether this was the last loan.
	 */
	boolean remove(Loan loan) {
		this.loans.remove(loan);
		return this.loans.isEmpty();
	}

	@Override
	public String toString() {
		return "thread '" + this.holder.getName() + "' since " + this.since;
	}

	/**
	 * What a borrower has of the connection.
	 */
	interface Loan {

		/**
		 * Returns the loan, if that was not done yet.
		 */
		void close();

		/**
		 * Takes the connection from a borrower that may be using it.
		 */
		void revoke();

	}

}
