package io.soong.benchmarks.coldstart;

/**
 * How a function is deployed, and on which Java.
 */
enum Packaging {

	/** A zip, its jars as they come out of each contestant's own build. */
	ZIP("zip, JDK 17", 17),

	/** A zip whose jars are stored, as the Maven plugin does for the sample. */
	STORED_ZIP("zip of stored jars, JDK 17", 17),

	/** A zip, from a snapshot; from its restore on. */
	SNAPSTART("SnapStart, zip, JDK 17", 17),

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

	/** The feature release of Java that it runs on. */
	int feature() {
		return this.feature;
	}

}
