package io.soong.jdbc;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * SQL as a log may hold it: shortened, and without literals.
 */
final class LoggedSql {

	private static final int MAX_LENGTH = 500;

	private static final int TAIL_LENGTH = 100;

	/** What begins a string, a comment, or a string in dollars; not a placeholder. */
	private static final Pattern OPAQUE = Pattern.compile("'|--|/\\*|\\$(?!\\d)|;\\s*(?i:SET)\\b");

	/** Not in a name, nor in a placeholder. */
	private static final Pattern NUMBER = Pattern.compile("(?<![\\w$.\"])\\.?\\d[\\w.]*");

	private static final Pattern WHITE_SPACE = Pattern.compile("[\\s\\p{Cc}\\p{Zl}\\p{Zp}]+");

	private LoggedSql() {
	}

	/**
	 * Returns the SQL of a statement with {@code ?} for its numbers; or only the name of
	 * the operation, if the text may contain other literals, or a value in the place of a
	 * name.
	 * @param name the name of the operation
	 * @param sqlState why it failed, or {@code null}
	 */
	static String of(String name, String sql, @Nullable String sqlState) {
		// Class 42 is of SQL that is wrong, where a value may stand in place of a name
		boolean wrong = sqlState != null && sqlState.startsWith("42");
		// A setting's value may be a word without quotes
		if (wrong || name.endsWith("SET") || OPAQUE.matcher(sql).find()) {
			return name;
		}
		String text = WHITE_SPACE.matcher(NUMBER.matcher(sql).replaceAll("?")).replaceAll(" ").strip();
		int length = text.length();
		return (length <= MAX_LENGTH) ? text
				: text.substring(0, MAX_LENGTH - TAIL_LENGTH) + " ... " + text.substring(length - TAIL_LENGTH);
	}

}
