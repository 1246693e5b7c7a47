package io.soong.test;

/**
 * The answer of a database that has scaled to zero until it is awake.
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
	 * Nothing: the connection is accepted and never answered.
	 */
	SILENCE

}
