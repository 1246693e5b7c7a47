package io.soong.jdbc;

import java.sql.SQLException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A connection to the database could not be opened. The message says in a sentence or two
 * at which step it failed, for which host and user, what was refused, and what to try
 * first; {@link #diagnosis()} is the whole story. Neither holds a password or token.
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
	 * Returns the same failure for a borrower who asks a little later and is not kept
	 * waiting.
	 */
	SoongConnectionException again(Duration later) {
		return new SoongConnectionException(
				getMessage() + " (Tried " + later.toMillis() + " ms ago; the next attempt is made in a moment.)",
				this.step, this.isTransient, this.diagnosis, getSQLState(), getCause());
	}

	/**
	 * Returns the same failure for a borrower who had less time for it than there should
	 * be.
	 */
	SoongConnectionException within(Duration left) {
		return new SoongConnectionException(
				getMessage() + " (The invocation's deadline left " + left.toMillis() + " ms for it.)", this.step,
				this.isTransient, this.diagnosis, getSQLState(), getCause());
	}

	/**
	 * Returns the same failure as one that passes by itself.
	 */
	SoongConnectionException passing() {
		String why = "A database that wakes up, or is replaced in a blue/green switchover, answers so for a while";
		return new SoongConnectionException(getMessage() + " (" + why + ".)", this.step, true,
				this.diagnosis + "\n  - " + why + ": try again.", getSQLState(), getCause());
	}

	/**
	 * Returns how far the attempt came.
	 * @return the step that failed
	 */
	public Step step() {
		return this.step;
	}

	/**
	 * Returns whether the same attempt may succeed a little later, without anybody
	 * changing a thing.
	 * @return {@code true} for example when the server is starting or has no connection
	 * left
	 */
	public boolean isTransient() {
		return this.isTransient;
	}

	/**
	 * Returns what was attempted, what came of it, and every likely cause and how to fix
	 * it.
	 * @return several lines of text
	 */
	public String diagnosis() {
		return this.diagnosis;
	}

	/**
	 * The steps of opening a connection, in their order.
	 */
	public enum Step {

		/** Resolving the host's name. */
		DNS,

		/** Reaching the server's port. */
		TCP,

		/** Agreeing on encryption and verifying the server. */
		TLS,

		/** Proving who we are, and being let into the database. */
		LOGIN

	}

}
