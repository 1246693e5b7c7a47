package io.soong.sql;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the existing names that are most similar to a misspelt one.
 */
final class Nearest {

	private static final int MAX_NAMES = 3;

	private Nearest() {
	}

	/**
	 * The nearest names, nearest first; a name that differs in case and underscores only
	 * is nearest of all.
	 */
	static List<String> to(String name, Collection<String> candidates) {
		String wanted = SnakeCase.normalize(name);
		int limit = Math.max(1, wanted.length() / 3);
		Map<String, Integer> distances = new LinkedHashMap<>();
		for (String candidate : candidates) {
			// A table of another schema is also known by its bare name, unless there is
			// one
			// of that name at hand
			String bare = candidate.substring(name.contains(".") ? 0 : candidate.indexOf('.') + 1);
			if (!bare.equals(candidate) && candidates.contains(bare)) {
				continue;
			}
			int distance = distance(wanted, SnakeCase.normalize(bare));
			if (distance <= limit && !candidate.equals(name)) {
				distances.put(candidate, distance);
			}
		}
		List<String> names = new ArrayList<>(distances.keySet());
		names.sort(Comparator.<String>comparingInt((candidate) -> distances.getOrDefault(candidate, limit))
			.thenComparing(Comparator.naturalOrder()));
		return List.copyOf(names.subList(0, Math.min(MAX_NAMES, names.size())));
	}

	/**
	 * How many characters to insert, delete, replace or swap with the next.
	 */
	static int distance(String from, String to) {
		int[] beforeLast = new int[to.length() + 1];
		int[] last = new int[to.length() + 1];
		for (int j = 0; j <= to.length(); j++) {
			last[j] = j;
		}
		for (int i = 1; i <= from.length(); i++) {
			int[] current = new int[to.length() + 1];
			current[0] = i;
			for (int j = 1; j <= to.length(); j++) {
				int cost = (from.charAt(i - 1) == to.charAt(j - 1)) ? 0 : 1;
				current[j] = Math.min(Math.min(current[j - 1], last[j]) + 1, last[j - 1] + cost);
				if (i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2)
						&& from.charAt(i - 2) == to.charAt(j - 1)) {
					current[j] = Math.min(current[j], beforeLast[j - 2] + 1);
				}
			}
			beforeLast = last;
			last = current;
		}
		return last[to.length()];
	}

}
