package io.soong.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.postgresql.core.Parser;

/**
 * Puts the caller's own SQL and its arguments together. The SQL is read by the driver's
 * own rules, so that what it takes for a parameter and what stands in a string, a quoted
 * name, a comment or a dollar-quoted body is the same here as there.
 */
final class FreeSql {

	private final String sql;

	private final char[] characters;

	// The SQL with ? in place of names
	private final StringBuilder positional = new StringBuilder();

	private final List<String> names = new ArrayList<>();

	private int questionMarks;

	private int copied;

	private FreeSql(String sql) {
		this.sql = sql;
		this.characters = sql.toCharArray();
	}

	/**
	 * The statement to run.
	 * @param sql SQL with {@code ?}, or with {@code :name}
	 * @param arguments one for each {@code ?}, or one map for the names
	 */
	static SqlText of(@Nullable String sql, @Nullable Object @Nullable [] arguments) {
		if (sql == null || sql.isBlank()) {
			throw new IllegalArgumentException("The SQL is " + ((sql == null) ? "null" : "blank"));
		}
		// What the compiler makes of a lone null
		List<@Nullable Object> values = (arguments != null) ? Arrays.asList(arguments)
				: Arrays.asList((@Nullable Object) null);
		FreeSql free = new FreeSql(sql);
		if (values.size() == 1 && values.get(0) instanceof Map<?, ?> map) {
			free.read(true);
			return free.named(map);
		}
		free.read(false);
		return free.positional(values);
	}

	private SqlText positional(List<@Nullable Object> values) {
		if (this.questionMarks != values.size()) {
			throw new IllegalArgumentException("The SQL has " + this.questionMarks + " parameters (?) but "
					+ values.size() + " arguments were given (an operator with a question mark is written with ??): "
					+ this.sql);
		}
		List<@Nullable Object> parameters = new ArrayList<>(values.size());
		for (int i = 0; i < values.size(); i++) {
			int number = i + 1;
			parameters.add(ParameterValue.of(values.get(i), () -> "parameter " + number));
		}
		return new SqlText(this.sql, parameters);
	}

	private SqlText named(Map<?, ?> values) {
		if (this.names.isEmpty()) {
			throw new IllegalArgumentException("A map was given, but the SQL has no :name: " + this.sql);
		}
		if (this.questionMarks > 0) {
			throw new IllegalArgumentException("The SQL mixes :name and ? (an operator with a question mark is written "
					+ "with ??): " + this.sql);
		}
		List<@Nullable Object> parameters = new ArrayList<>(this.names.size());
		for (String name : this.names) {
			if (!values.containsKey(name)) {
				throw new IllegalArgumentException(
						"The SQL has :" + name + " but the map has no \"" + name + "\": " + this.sql);
			}
			parameters.add(ParameterValue.of(values.get(name), () -> "parameter :" + name));
		}
		return new SqlText(this.positional.append(this.sql, this.copied, this.sql.length()).toString(), parameters);
	}

	private void read(boolean withNames) {
		for (int i = 0; i < this.characters.length; i++) {
			i = switch (this.characters[i]) {
				case '\'' -> Parser.parseSingleQuotes(this.characters, i, true);
				case '"' -> Parser.parseDoubleQuotes(this.characters, i);
				case '-' -> Parser.parseLineComment(this.characters, i);
				case '/' -> Parser.parseBlockComment(this.characters, i);
				case '$' -> Parser.parseDollarQuotes(this.characters, i);
				case '?' -> questionMark(i);
				case ':' -> withNames ? colon(i) : i;
				default -> i;
			};
		}
	}

	private int questionMark(int index) {
		if (at(index + 1) == '?') {
			return index + 1;
		}
		this.questionMarks++;
		return index;
	}

	// A cast (::type) and PL/pgSQL's assignment (:=) are no names; neither is the bound
	// of
	// a slice, [1:2]
	private int colon(int index) {
		if (at(index + 1) == ':' || at(index + 1) == '=') {
			return index + 1;
		}
		if (!isNameStart(at(index + 1))) {
			return index;
		}
		int end = index + 2;
		while (isNameStart(at(end)) || (at(end) >= '0' && at(end) <= '9')) {
			end++;
		}
		this.names.add(this.sql.substring(index + 1, end));
		this.positional.append(this.sql, this.copied, index).append('?');
		this.copied = end;
		return end - 1;
	}

	private char at(int index) {
		return (index < this.characters.length) ? this.characters[index] : '\0';
	}

	private static boolean isNameStart(char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
	}

}
