package io.soong.jdbc;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.postgresql.core.Parser;

/**
 * SQL as a log may hold it: shortened, and without literals.
 */
final class LoggedSql {

	private static final int MAX_LENGTH = 500;

	private static final int TAIL_LENGTH = 100;

	private static final Pattern LATER_SET = Pattern.compile(";\\s*(?i:SET)\\b");

	/** Not in a name, nor in a placeholder. */
	private static final Pattern NUMBER = Pattern.compile("(?<![\\w$.\"])\\.?\\d[\\w.]*");

	private static final Pattern WHITE_SPACE = Pattern.compile("[\\s\\p{Cc}\\p{Zl}\\p{Zp}]+");

	private LoggedSql() {
	}

	/**
	 * Returns the SQL of a statement with {@code ?} for its strings and numbers, and
	 * without comments; or only the name of the operation, if a value may stand in the
	 * place of a name, or if where a string ends depends on a setting of the server.
	 * @param name the name of the operation
	 * @param sqlState why it failed, or {@code null}
	 */
	static String of(String name, String sql, @Nullable String sqlState) {
		// Class 42 is of SQL that is wrong, where a value may stand in place of a name
		boolean wrong = sqlState != null && sqlState.startsWith("42");
		// A setting's value may be a word without quotes
		String masked = withoutStrings(sql, true);
		if (wrong || name.endsWith("SET") || LATER_SET.matcher(masked).find()
				|| !masked.equals(withoutStrings(sql, false))) {
			return name;
		}
		String text = WHITE_SPACE.matcher(NUMBER.matcher(masked).replaceAll("?")).replaceAll(" ").strip();
		int length = text.length();
		return (length <= MAX_LENGTH) ? text
				: text.substring(0, MAX_LENGTH - TAIL_LENGTH) + " ... " + text.substring(length - TAIL_LENGTH);
	}

	/**
	 * Removes strings and comments; one that has no end reaches to the end of the text.
	 * @param standardStrings whether a backslash is an ordinary character in a string, as
	 * {@code standard_conforming_strings} has it
	 */
	private static String withoutStrings(String sql, boolean standardStrings) {
		char[] text = sql.toCharArray();
		StringBuilder rest = new StringBuilder(text.length);
		for (int i = 0; i < text.length; i++) {
			int end = switch (text[i]) {
				case '\'' -> Parser.parseSingleQuotes(text, i, standardStrings);
				case '"' -> Parser.parseDoubleQuotes(text, i);
				case '$' -> Parser.parseDollarQuotes(text, i);
				case '-' -> Parser.parseLineComment(text, i);
				case '/' -> Parser.parseBlockComment(text, i);
				default -> i;
			};
			if (end == i || text[i] == '"') {
				rest.append(text, i, Math.min(end + 1, text.length) - i);
			}
			else {
				rest.append((text[i] == '-' || text[i] == '/') ? ' ' : '?');
			}
			i = end;
		}
		return rest.toString();
	}

}
