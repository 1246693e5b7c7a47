package io.soong.sql;

/**
 * What a SELECT does about rows that are locked, and whether it locks them.
 */
enum Lock {

	/** Reads without locks. */
	NONE(""),

	/** Locks, and waits for rows that are locked. */
	FOR_UPDATE(" FOR UPDATE"),

	/** Locks, and leaves out rows that are locked. */
	SKIP_LOCKED(" FOR UPDATE SKIP LOCKED");

	private final String sql;

	Lock(String sql) {
		this.sql = sql;
	}

	/** With a blank before it, or nothing. */
	String sql() {
		return this.sql;
	}

}
