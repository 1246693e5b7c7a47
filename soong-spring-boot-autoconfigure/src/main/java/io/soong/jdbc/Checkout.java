package io.soong.jdbc;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A physical connection that one thread has checked out, and the loans made of it.
 * Thread-safe.
 */
final class Checkout<C extends PoolEntry> {

	private final Thread holder;

	private final Instant since;

	private final List<Loan> loans = new ArrayList<>(2);

	private final @Nullable Invocation invocation;

	private volatile @Nullable Throwable borrowed;

	private volatile @Nullable C connection;

	private @Nullable C offered;

	private boolean revoked;

	private volatile @Nullable Loan transactionOwner;

	/**
	 * Creates a checkout.
	 * @param holder the borrower
	 * @param since when it borrowed
	 * @param invocation the invocation that it borrows for, if that is known
	 */
	Checkout(Thread holder, Instant since, @Nullable Invocation invocation) {
		this.holder = holder;
		this.since = since;
		this.invocation = invocation;
	}

	/**
	 * Records the stack trace of the calling thread, the holder, if it borrows for an
	 * invocation. Takes 1 to 3 microseconds, because the stack is only resolved when it
	 * is printed.
	 */
	void markBorrowed() {
		if (this.invocation != null) {
			this.borrowed = new Throwable("It was borrowed here");
		}
	}

	synchronized void offer(@Nullable C idle) {
		this.offered = idle;
	}

	synchronized @Nullable C takeOffered() {
		C connection = this.offered;
		this.offered = null;
		return connection;
	}

	@Nullable Invocation invocation() {
		return this.invocation;
	}

	@Nullable Throwable borrowed() {
		return this.borrowed;
	}

	/**
	 * Returns whether the holder ended and no other thread uses the connection.
	 */
	boolean isOrphaned() {
		C connection = this.connection;
		return !this.holder.isAlive() && (connection == null || !connection.isBusy());
	}

	/**
	 * Revokes the connection, or the one that the holder is about to get.
	 */
	synchronized void revoke() {
		this.revoked = true;
	}

	synchronized List<Loan> loans() {
		return List.copyOf(this.loans);
	}

	/**
	 * Revokes the connection. If this thread holds it and nothing runs, its loans are
	 * closed, which rolls it back and keeps it. Otherwise another thread may be using it.
	 */
	void takeBack() {
		C connection = this.connection;
		boolean quiet = connection != null && !connection.isBusy() && isHeldBy(Thread.currentThread());
		for (Loan loan : loans()) {
			if (quiet) {
				loan.close();
			}
			else {
				loan.revoke();
			}
		}
	}

	boolean isHeldBy(Thread thread) {
		return this.holder == thread;
	}

	/**
	 * Sets the connection.
	 * @return whether the holder may use it, because it was not {@linkplain #revoke()
	 * revoked} meanwhile
	 */
	synchronized boolean attach(C connection) {
		this.connection = connection;
		return !this.revoked;
	}

	@Nullable C connection() {
		return this.connection;
	}

	boolean isDead() {
		C connection = this.connection;
		return connection != null && !connection.isUsable();
	}

	boolean hasOpenTransaction() throws SQLException {
		C connection = this.connection;
		return connection != null && connection.hasOpenTransaction();
	}

	@Nullable Loan transactionOwner() {
		return this.transactionOwner;
	}

	void setTransactionOwner(@Nullable Loan owner) {
		this.transactionOwner = owner;
	}

	synchronized void add(Loan loan) {
		this.loans.add(loan);
	}

	synchronized boolean hasLoans() {
		return !this.loans.isEmpty();
	}

	/**
	 * Removes a loan.
	 * @return whether it was the last
	 */
	synchronized boolean remove(Loan loan) {
		this.loans.remove(loan);
		return this.loans.isEmpty();
	}

	@Override
	public String toString() {
		return "thread '" + this.holder.getName() + "' since " + this.since;
	}

	/**
	 * The connection as a borrower sees it.
	 */
	interface Loan {

		/**
		 * Returns the connection, if it was not returned before.
		 */
		void close();

		/**
		 * Revokes the connection from a borrower that may be using it.
		 */
		void revoke();

	}

}
