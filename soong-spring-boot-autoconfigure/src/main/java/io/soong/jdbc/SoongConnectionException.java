package io.soong.jdbc;

import java.sql.SQLException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A connection to the database could not be opened. The message says in one or two
 * sentences which step failed, for which host and user, what was refused, and what to try
 * first. {@link #diagnosis()} has all details. Neither contains a password or token.
 */
public final class SoongConnectionException extends SQLException {

	private static final long serialVersionUID = 1L;

	/** Where it failed. */
	private final Step step;

	/** Whether the failure may pass by itself. */
	private final boolean isTransient;

	/** Every likely cause and how to fix it. */
	private final String diagnosis;

	SoongConnectionException(String message, Step step, boolean isTransient, String diagnosis, String sqlState,
			@Nullable Throwable cause) {
		super(message, sqlState, cause);
		this.step = step;
		this.isTransient = isTransient;
		this.diagnosis = diagnosis;
	}

	/**
	 * Returns the same failure for a borrower that fails immediately during an outage.
	 */
	SoongConnectionException again(Duration later) {
		return new SoongConnectionException(
				getMessage() + " (Tried " + later.toMillis() + " ms ago; the next attempt is made in a moment.)",
				this.step, this.isTransient, this.diagnosis, getSQLState(), getCause());
	}

	/**
	 * Returns the same failure for a borrower that had less time than configured.
	 */
	SoongConnectionException within(Duration left) {
		return new SoongConnectionException(
				getMessage() + " (The invocation's deadline left " + left.toMillis() + " ms for it.)", this.step,
				this.isTransient, this.diagnosis, getSQLState(), getCause());
	}

	/**
	 * Returns the same failure for a thread that was interrupted before it could try
	 * again.
	 */
	SoongConnectionException interrupted() {
		return new SoongConnectionException(
				getMessage() + " (The thread was interrupted, so that no further attempt was made.)", this.step,
				this.isTransient, this.diagnosis, getSQLState(), getCause());
	}

	/**
	 * Returns the same failure where the time ended during a later attempt.
	 */
	SoongConnectionException untilTimeEnded(int attempts) {
		return new SoongConnectionException(
				getMessage() + " (The time to connect ended during attempt " + attempts + ".)", this.step,
				this.isTransient, this.diagnosis, getSQLState(), getCause());
	}

	/**
	 * Returns the same failure as a transient one.
	 */
	SoongConnectionException passing() {
		String why = "A database that wakes up, or is replaced in a blue/green switchover, answers so for a while";
		return new SoongConnectionException(getMessage() + " (" + why + ".)", this.step, true,
				this.diagnosis + "\n  - " + why + ": try again.", getSQLState(), getCause());
	}

	/**
	 * Returns the step that failed.
	 * @return the step
	 */
	public Step step() {
		return this.step;
	}

	/**
	 * Returns whether the same attempt may succeed later without any change.
	 * @return {@code true} for example while the server starts or has no free connection
	 */
	public boolean isTransient() {
		return this.isTransient;
	}

	/**
	 * Returns what was attempted, what failed, and every likely cause and how to fix it.
	 * @return several lines of text
	 */
	public String diagnosis() {
		return this.diagnosis;
	}

	/**
	 * The steps of opening a connection, in order.
	 */
	public enum Step {

		/** Resolving the host's name. */
		DNS,

		/** Reaching the server's port. */
		TCP,

		/** Agreeing on encryption and verifying the server. */
		TLS,

		/** Authenticating, and being authorized for the database. */
		LOGIN

	}

}
