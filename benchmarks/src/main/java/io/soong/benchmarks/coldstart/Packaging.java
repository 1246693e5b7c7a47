package io.soong.benchmarks.coldstart;

/**
 * How a function is deployed, and on which Java.
 */
enum Packaging {

	/** A zip, its jars as they come out of each contestant's own build. */
	ZIP("zip, JDK 17", 17),

	/**
	 * A zip of a project that has the starter and not the Maven plugin: not processed
	 * ahead of time, its jars compressed.
	 */
	STARTER("the starter alone, zip, JDK 17", 17),

	/** A zip whose jars are stored, as the Maven plugin does for the sample. */
	STORED_ZIP("zip of stored jars, JDK 17", 17),

	/** A zip, from a snapshot; from its restore on. */
	SNAPSTART("SnapStart, zip, JDK 17", 17),

	/** The same, with a sample event that was handled before the snapshot. */
	SNAPSTART_EVENT("SnapStart with a sample event, zip, JDK 17", 17),

	/** No start: a warm function that has to connect again. */
	RECONNECT("warm, connection killed, zip, JDK 17", 17),

	/** SnapStart on Java 25, where Lambda leaves all compilers on. */
	SNAPSTART_25("SnapStart, zip, JDK 25", 25),

	/** The same, with a sample event. */
	SNAPSTART_EVENT_25("SnapStart with a sample event, zip, JDK 25", 25),

	/** A container image with an AOT cache. */
	CACHE("AOT cache, JDK 25", 25);

	private final String title;

	private final int feature;

	Packaging(String title, int feature) {
		this.title = title;
		this.feature = feature;
	}

	String title() {
		return this.title;
	}

	/** What the others have that it is compared with. */
	Packaging peer() {
		return switch (this) {
			case ZIP, STARTER -> ZIP;
			case STORED_ZIP -> STORED_ZIP;
			case SNAPSTART, SNAPSTART_EVENT, RECONNECT -> SNAPSTART;
			case SNAPSTART_25, SNAPSTART_EVENT_25 -> SNAPSTART_25;
			case CACHE -> CACHE;
		};
	}

	/** Whether it starts from a snapshot. */
	boolean isRestored() {
		return this == SNAPSTART || this == SNAPSTART_EVENT || this == SNAPSTART_25 || this == SNAPSTART_EVENT_25;
	}

	/** The feature release of Java that it runs on. */
	int feature() {
		return this.feature;
	}

}
