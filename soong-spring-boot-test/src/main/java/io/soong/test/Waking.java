package io.soong.test;

/**
 * The answer to clients while a database wakes from scale-to-zero.
 */
public enum Waking {

	/**
	 * A refused login, {@code 28000}: no pg_hba.conf entry.
	 */
	NO_ENTRY,

	/**
	 * A refused login, {@code 57P03}: the database system is starting up.
	 */
	STARTING,

	/**
	 * No answer: the connection is accepted, and every request ignored.
	 */
	SILENCE

}
