package io.soong.sql;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.postgresql.core.Parser;

/**
 * Finds the parameters in the caller's own SQL, and how the SQL uses each of them. It is
 * read by the driver's own rules, so that what it takes for a parameter and what stands
 * in a string, a quoted name, a comment or a dollar-quoted body is the same here as
 * there.
 */
final class FreeSqlReader {

	// Functions that take anything, of whose arguments the server cannot infer a type
	private static final Set<String> TAKE_ANYTHING = Set.of("concat", "concat_ws", "format", "num_nulls",
			"num_nonnulls", "json_build_object", "jsonb_build_object", "json_build_array", "jsonb_build_array",
			"json_object_agg", "jsonb_object_agg", "json_object_agg_strict", "jsonb_object_agg_strict",
			"json_object_agg_unique", "jsonb_object_agg_unique", "json_agg", "jsonb_agg", "json_agg_strict",
			"jsonb_agg_strict", "to_json", "to_jsonb", "array_agg", "array_fill", "pg_typeof", "quote_literal",
			"quote_nullable");

	private static final Set<String> TURN_INTO_TEXT = Set.of("concat", "concat_ws", "format", "quote_literal",
			"quote_nullable");

	private static final Set<String> ELEMENTS = Set.of("any", "all", "some");

	// What is no function where a parenthesis follows it; the arguments of some functions
	// become the value of the whole
	private static final Set<String> NO_FUNCTIONS = Set.of("", "values", "in", "and", "or", "not", "select", "where",
			"on", "set", "case", "when", "then", "else", "as", "from", "using", "returning", "with", "exists", "limit",
			"offset", "row", "union", "all", "distinct", "by", "having", "is", "like", "ilike", "between", "coalesce",
			"nullif", "greatest", "least");

	private static final Set<String> BEFORE_A_TEST = Set.of("(", ",", "where", "and", "or", "not", "when", "select",
			"on", "having");

	private final String sql;

	private final char[] characters;

	private final boolean withNames;

	private final List<Found> found = new ArrayList<>();

	// The words before the parentheses that are open
	private final Deque<Opened> opened = new ArrayDeque<>();

	// The last tokens, words in lower case
	private Token last = Token.NONE;

	private Token beforeLast = Token.NONE;

	private boolean writes;

	private FreeSqlReader(String sql, boolean withNames) {
		this.sql = sql;
		this.characters = sql.toCharArray();
		this.withNames = withNames;
	}

	/**
	 * The parameters of some SQL, in order.
	 * @param sql the SQL
	 * @param withNames whether {@code :name} is a parameter
	 */
	static List<Parameter> read(String sql, boolean withNames) {
		FreeSqlReader reader = new FreeSqlReader(sql, withNames);
		reader.read();
		return reader.found.stream().map(reader::classified).toList();
	}

	/**
	 * How the SQL uses a parameter, as far as it does not depend on the value.
	 */
	private Parameter classified(Found found) {
		String next = next(found.end());
		boolean cast = next.equals(":") || (next.equals("as") && found.function().equals("cast"));
		boolean alone = (found.before().equals("(") || found.before().equals(","))
				&& (next.equals(")") || next.equals(","));
		boolean concatenated = found.before().equals("|") || next.equals("|");
		boolean argument = !NO_FUNCTIONS.contains(found.function());
		boolean inferable = !cast && (concatenated || !argument);
		ParameterPlace.Use use = ParameterPlace.Use.PLAIN;
		if (!cast) {
			if (alone && ELEMENTS.contains(found.function())) {
				use = ParameterPlace.Use.ELEMENTS;
			}
			else if (alone && TAKE_ANYTHING.contains(found.function())) {
				use = TURN_INTO_TEXT.contains(found.function()) ? ParameterPlace.Use.TURNED_INTO_TEXT
						: ParameterPlace.Use.WITHOUT_TYPE;
			}
			else if (isTestedForNull(found, next)) {
				use = ParameterPlace.Use.WITHOUT_TYPE;
			}
			else if (inferable && (concatenated || this.writes)) {
				use = ParameterPlace.Use.ASSIGNED;
			}
		}
		boolean inList = found.in() >= 0 && next.equals(")");
		return new Parameter(found.name(), found.start(), found.end(), use, inferable, inList ? found.in() : -1,
				inList && this.sql.regionMatches(true, found.in(), "not", 0, 3));
	}

	// The server infers no type from text[] for an array of which nothing is known
	private static boolean isEmptyCollection(@Nullable Object value) {
		return value != null && ParameterValue.isCollection(value)
				&& ParameterValue.elements(value).stream().allMatch((element) -> element == null);
	}

	private boolean isTestedForNull(Found parameter, String next) {
		if (!BEFORE_A_TEST.contains(parameter.before())) {
			return false;
		}
		if (next.equals("isnull") || next.equals("notnull")) {
			return true;
		}
		if (!next.equals("is")) {
			return false;
		}
		int is = skipBlanks(parameter.end());
		String test = next(is + 2);
		if (test.equals("not")) {
			test = next(skipBlanks(is + 2) + 3);
		}
		return test.equals("null");
	}

	private void read() {
		for (int i = 0; i < this.characters.length; i++) {
			char c = this.characters[i];
			if (isWordStart(c)) {
				i = word(i);
				continue;
			}
			i = switch (c) {
				case '\'' -> string(i, Parser.parseSingleQuotes(this.characters, i, true));
				case '"' -> quotedName(i, Parser.parseDoubleQuotes(this.characters, i));
				case '-' -> operatorOrComment(i, Parser.parseLineComment(this.characters, i));
				case '/' -> operatorOrComment(i, Parser.parseBlockComment(this.characters, i));
				case '$' -> string(i, Parser.parseDollarQuotes(this.characters, i));
				case '?' -> questionMark(i);
				case ':' -> colon(i);
				case '(' -> open(i);
				case ')' -> close(i);
				default -> other(i);
			};
		}
	}

	private int word(int start) {
		int end = start + 1;
		while (end < this.characters.length && (isWordStart(this.characters[end]) || isDigit(this.characters[end])
				|| this.characters[end] == '$')) {
			end++;
		}
		String word = this.sql.substring(start, end).toLowerCase(Locale.ROOT);
		boolean locks = word.equals("update") && (this.last.text().equals("for") || this.last.text().equals("key"));
		this.writes |= word.equals("insert") || word.equals("merge") || (word.equals("update") && !locks);
		see(word, start);
		return end - 1;
	}

	private int quotedName(int start, int end) {
		see(this.sql.substring(start + 1, Math.max(start + 1, end)), start);
		return end;
	}

	private int string(int start, int end) {
		see("'", start);
		return end;
	}

	private int operatorOrComment(int start, int end) {
		if (end == start) {
			see(String.valueOf(this.characters[start]), start);
		}
		return end;
	}

	private int other(int index) {
		if (!Character.isWhitespace(this.characters[index])) {
			see(String.valueOf(this.characters[index]), index);
		}
		return index;
	}

	private int open(int index) {
		boolean not = this.last.text().equals("in") && this.beforeLast.text().equals("not");
		int in = this.last.text().equals("in") ? (not ? this.beforeLast.start() : this.last.start()) : -1;
		boolean word = isWord(this.last.text());
		this.opened.push(new Opened(word ? this.last.text() : "", in));
		see("(", index);
		return index;
	}

	private int close(int index) {
		this.opened.poll();
		see(")", index);
		return index;
	}

	private int questionMark(int index) {
		if (at(index + 1) == '?') {
			see("?", index);
			return index + 1;
		}
		parameter(null, index, index + 1);
		return index;
	}

	// A cast (::type) and PL/pgSQL's assignment (:=) are no names; neither is the bound
	// of
	// a slice, [1:2]
	private int colon(int index) {
		if (at(index + 1) == ':' || at(index + 1) == '=') {
			see(":", index);
			return index + 1;
		}
		if (!this.withNames || !isNameStart(at(index + 1))) {
			see(":", index);
			return index;
		}
		int end = index + 2;
		while (isNameStart(at(end)) || isDigit(at(end))) {
			end++;
		}
		parameter(this.sql.substring(index + 1, end), index, end);
		return end - 1;
	}

	private void parameter(@Nullable String name, int start, int end) {
		Opened parenthesis = this.opened.peek();
		boolean first = this.last.text().equals("(");
		this.found.add(new Found(name, start, end, this.last.text(), (parenthesis != null) ? parenthesis.word() : "",
				(parenthesis != null && first) ? parenthesis.in() : -1));
		see("?", start);
	}

	private void see(String text, int start) {
		this.beforeLast = this.last;
		this.last = new Token(text, start);
	}

	/** The token at an index or after blanks and comments: a word, or a character. */
	private String next(int index) {
		int start = skipBlanks(index);
		if (start >= this.characters.length) {
			return "";
		}
		int end = start + 1;
		if (isWordStart(this.characters[start])) {
			while (end < this.characters.length && isWordStart(this.characters[end])) {
				end++;
			}
		}
		return this.sql.substring(start, end).toLowerCase(Locale.ROOT);
	}

	private int skipBlanks(int index) {
		int i = index;
		while (i < this.characters.length) {
			char c = this.characters[i];
			int end = (c == '-') ? Parser.parseLineComment(this.characters, i)
					: (c == '/') ? Parser.parseBlockComment(this.characters, i) : i;
			if (end == i && !Character.isWhitespace(c)) {
				return i;
			}
			i = end + 1;
		}
		return i;
	}

	private char at(int index) {
		return (index < this.characters.length) ? this.characters[index] : '\0';
	}

	private static boolean isWord(String token) {
		return !token.isEmpty() && (isWordStart(token.charAt(0)));
	}

	private static boolean isWordStart(char c) {
		return isNameStart(c) || c >= 0x80;
	}

	private static boolean isNameStart(char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
	}

	private static boolean isDigit(char c) {
		return c >= '0' && c <= '9';
	}

	/**
	 * A parameter.
	 *
	 * @param name its name; null for a question mark
	 * @param start where it begins
	 * @param end where it ends
	 * @param use how the SQL uses it
	 * @param inferable whether the server may be asked for its type
	 * @param in where the {@code IN (?)} or {@code NOT IN (?)} begins in which it stands
	 * alone; or -1
	 * @param not whether that is {@code NOT IN}
	 */
	record Parameter(@Nullable String name, int start, int end, ParameterPlace.Use use, boolean inferable, int in,
			boolean not) {

		/** How the SQL uses it if a value is given. */
		ParameterPlace.Use use(@Nullable Object value) {
			return (this.use == ParameterPlace.Use.PLAIN && this.inferable && isEmptyCollection(value))
					? ParameterPlace.Use.ASSIGNED : this.use;
		}

	}

	private record Found(@Nullable String name, int start, int end, String before, String function, int in) {

	}

	private record Opened(String word, int in) {

	}

	private record Token(String text, int start) {

		private static final Token NONE = new Token("", 0);

	}

}
