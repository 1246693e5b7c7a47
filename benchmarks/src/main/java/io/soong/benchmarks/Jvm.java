package io.soong.benchmarks;

import java.util.List;
import java.util.stream.Stream;

/**
 * The flags of the JVM that is measured.
 */
enum Jvm {

	/** As the managed Java runtime starts it. */
	LAMBDA("Lambda's flags", List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")),

	/** Left to itself. */
	DEFAULT("default flags (C2)", List.of());

	private final String title;

	private final List<String> flags;

	Jvm(String title, List<String> flags) {
		this.title = title;
		this.flags = flags;
	}

	/** Its name in a table. */
	String title() {
		return this.title;
	}

	/** The flags, with those for a heap of so many MiB. */
	List<String> flags(int heap) {
		return Stream.concat(this.flags.stream(), Stream.of("-Xms" + heap + "m", "-Xmx" + heap + "m")).toList();
	}

}
