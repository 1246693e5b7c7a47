package io.soong.jdbc;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Observes a {@link SoongDataSource}, or what is done for an {@link Invocation}, for
 * meters and logs. It never gets a bound value, a token or a password; SQL may contain
 * literals that the application wrote into it.
 * <p>
 * Called by the thread that does the work, so by several threads at once: it must be
 * thread-safe and fast. An exception that it throws is logged and does not reach the
 * caller.
 */
public interface ConnectionObserver {

	/**
	 * A connection was opened, or could not be.
	 * @param connect what happened
	 */
	default void connected(Connect connect) {
	}

	/**
	 * A connection was lent that was open already.
	 * @param openedAhead whether it was opened in the background and is lent for the
	 * first time; otherwise it was used before
	 */
	default void lent(boolean openedAhead) {
	}

	/**
	 * A thread waited because other threads held every connection.
	 * @param waited how long
	 * @param served whether it got a connection
	 */
	default void waited(Duration waited, boolean served) {
	}

	/**
	 * The server answered, or did not.
	 * @param operation what was sent
	 */
	default void executed(Operation operation) {
	}

	/**
	 * The opening of a connection, with as many attempts as it took.
	 *
	 * @param kind the occasion
	 * @param reason why the connection before it ended, if there was one
	 * @param steps the steps of every attempt, in order
	 * @param taken the time of all attempts and the pauses between them
	 * @param sqlState why it failed, or {@code null} if the connection is open
	 */
	record Connect(Kind kind, @Nullable Reason reason, List<StepTime> steps, Duration taken,
			@Nullable String sqlState) {

		/**
		 * Copies the steps.
		 * @param kind the occasion
		 * @param reason why the connection before it ended, if there was one
		 * @param steps the steps of every attempt, in order
		 * @param taken the time of all attempts and the pauses between them
		 * @param sqlState why it failed, or {@code null} if the connection is open
		 */
		public Connect {
			steps = List.copyOf(steps);
		}

		/**
		 * Returns whether the connection is open.
		 * @return whether it is
		 */
		public boolean isOpen() {
			return this.sqlState == null;
		}

	}

	/**
	 * The occasion on which a connection is opened.
	 */
	enum Kind {

		/** There was no connection before it. */
		COLD,

		/** It is the first after a restore of the process from a snapshot. */
		RESTORE,

		/** The one before it ended. */
		RECONNECT,

		/** It belongs to the caller, and is not one of those that are lent. */
		OWN

	}

	/**
	 * Why a connection ended.
	 */
	enum Reason {

		/** All were closed for a snapshot of the process. */
		RESTORE,

		/** It did not answer when it was probed before a loan. */
		PROBE,

		/** It was older than {@code soong.connection.max-lifetime}. */
		MAX_LIFETIME,

		/** It broke, with an I/O error or an SQLState of class 08. */
		CONNECTION_LOST,

		/** The server ended the session and said so. */
		SESSION_ENDED,

		/** The server has become read-only, as after a failover. */
		READ_ONLY,

		/** It was closed because the invocation's deadline had come. */
		DEADLINE,

		/** The session could not be reset. */
		RESET,

		/** The invocation ended, with {@code soong.connection.scope=invocation}. */
		SCOPE,

		/** Its borrower aborted it, or did not return it. */
		ABORT

	}

	/**
	 * A step on the way to a connection.
	 */
	enum Step {

		/** Asking for credentials: the token, or a password. */
		TOKEN,

		/** Resolving the host's name. */
		DNS,

		/** Reaching the server's port. */
		TCP,

		/** Agreeing on encryption and verifying the server. */
		TLS,

		/** Proving the role's identity, until the server is ready for a statement. */
		LOGIN

	}

	/**
	 * The time that a step took.
	 *
	 * @param step the step
	 * @param taken the time
	 * @param completed whether it was completed; otherwise the attempt failed there
	 */
	record StepTime(Step step, Duration taken, boolean completed) {

	}

	/**
	 * What was sent to the server in one round trip; or a whole COPY.
	 *
	 * @param name the SQL's first word in upper case if it is a command of PostgreSQL,
	 * else {@code OTHER}; after {@code BATCH} where several statements were sent at once
	 * @param sql the SQL with its placeholders, without the bound values; of a batch, the
	 * first
	 * @param taken the time until the answer
	 * @param sqlState why it failed, or {@code null}
	 * @param deadline what the invocation's deadline did to it
	 */
	record Operation(String name, String sql, Duration taken, @Nullable String sqlState, Deadline deadline) {

		/**
		 * Returns whether the outcome is unknown, because the answer was lost.
		 * @return whether it is
		 */
		public boolean isUnknown() {
			return SqlStates.TRANSACTION_RESOLUTION_UNKNOWN.equals(this.sqlState);
		}

		/**
		 * Returns the SQL as a log may hold it: shortened, without comments, and with
		 * {@code ?} for strings and numbers; or only the name, if the text may hold
		 * values elsewhere, as that of {@code SET} or of SQL that the server could not
		 * parse.
		 * @return the text
		 */
		public String loggableSql() {
			return LoggedSql.of(this.name, this.sql, this.sqlState);
		}

	}

	/**
	 * What a deadline did.
	 */
	enum Deadline {

		/** Nothing. */
		KEPT,

		/** The server cancelled the statement, as it was asked to. */
		CANCELLED,

		/** The connection was closed before the server had answered. */
		CUT

	}

}
