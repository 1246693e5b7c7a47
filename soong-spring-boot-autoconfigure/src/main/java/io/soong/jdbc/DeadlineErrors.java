package io.soong.jdbc;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTimeoutException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The exceptions for a borrower whose invocation has reached its deadline.
 */
final class DeadlineErrors {

	private DeadlineErrors() {
	}

	static SQLException tooLate(Invocation invocation, Duration margin) {
		long left = invocation.left(Duration.ZERO).toMillis();
		return new SQLTimeoutException("Nothing more is sent to the database: " + invocation + " has "
				+ Math.max(0, left) + " ms left, which is less than " + property(margin)
				+ ". Do less in one invocation, or raise the function's timeout", SqlStates.QUERY_CANCELED);
	}

	static SQLException cancelled(Invocation invocation, Duration margin, SQLException failure) {
		return new SQLTimeoutException(
				"The deadline of " + invocation + " cancelled this statement, " + property(margin)
						+ " before the function would have been ended. Make it faster, or raise the function's timeout",
				SqlStates.QUERY_CANCELED, failure);
	}

	static SQLException cut(Invocation invocation, Duration margin, SQLException failure) {
		return new SQLTimeoutException(
				"The deadline of " + invocation + " cut the connection before the server answered, within "
						+ property(margin) + ". Nothing was committed",
				SqlStates.CONNECTION_FAILURE, failure);
	}

	/**
	 * Not transient, so that generic retries do not repeat it.
	 */
	static SQLException outcomeUnknown(boolean commit, @Nullable Invocation invocation, SQLException failure) {
		return new SQLNonTransientConnectionException(
				(commit ? "The COMMIT" : "A statement outside a transaction")
						+ " was cut off before the server answered"
						+ ((invocation != null) ? ", by the deadline of " + invocation : "")
						+ ": its outcome is unknown, it may have taken effect or not. Check the data before "
						+ "repeating it, or make it safe to repeat, for example by an upsert",
				SqlStates.TRANSACTION_RESOLUTION_UNKNOWN, failure);
	}

	/**
	 * The driver sends BEGIN together with the first statement. If only BEGIN was
	 * cancelled, the server runs the statement on its own.
	 */
	static SQLException beginCancelled(SQLException failure) {
		return new SQLNonTransientConnectionException(
				"The BEGIN of a transaction was cancelled after its first statement had been sent: the statement may "
						+ "have run outside a transaction, and its outcome is unknown. Check the data before repeating "
						+ "it",
				SqlStates.TRANSACTION_RESOLUTION_UNKNOWN, failure);
	}

	private static String property(Duration margin) {
		return "soong.deadline-margin (" + margin.toMillis() + " ms)";
	}

}
