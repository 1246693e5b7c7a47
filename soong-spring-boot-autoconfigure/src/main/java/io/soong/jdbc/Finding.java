package io.soong.jdbc;

import java.util.List;

/**
 * What was found out about a failed attempt to connect.
 *
 * @param what what failed, without a full stop
 * @param isTransient whether the same attempt may succeed a little later
 * @param fixes what to do about it, the likeliest first
 */
record Finding(String what, boolean isTransient, List<String> fixes) {

	Finding {
		fixes = List.copyOf(fixes);
	}

	Finding(String what, boolean isTransient, String... fixes) {
		this(what, isTransient, List.of(fixes));
	}

}
