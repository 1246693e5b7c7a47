package io.soong.jdbc;

import java.util.List;

/**
 * The cause found for a failed attempt to connect.
 *
 * @param what what failed, without a full stop
 * @param isTransient whether the same attempt may succeed later
 * @param fixes how to fix it, the most likely first
 */
record Finding(String what, boolean isTransient, List<String> fixes) {

	Finding {
		fixes = List.copyOf(fixes);
	}

	Finding(String what, boolean isTransient, String... fixes) {
		this(what, isTransient, List.of(fixes));
	}

}
