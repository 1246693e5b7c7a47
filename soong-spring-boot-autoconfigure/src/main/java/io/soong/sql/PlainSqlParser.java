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
 * Finds the parameters in the caller's own SQL, and how the SQL uses each of them. It
 * follows the driver's rules, so that both agree on parameters, strings, quoted names,
 * comments and dollar-quoted bodies.
 */
final class PlainSqlParser {

	// Functions that accept any type, so that the server cannot infer one
	private static final Set<String> TAKE_ANYTHING = Set.of("concat", "concat_ws", "format", "num_nulls",
			"num_nonnulls", "json_build_object", "jsonb_build_object", "json_build_array", "jsonb_build_array",
			"json_object_agg", "jsonb_object_agg", "json_object_agg_strict", "jsonb_object_agg_strict",
			"json_object_agg_unique", "jsonb_object_agg_unique", "json_agg", "jsonb_agg", "json_agg_strict",
			"jsonb_agg_strict", "to_json", "to_jsonb", "array_agg", "array_fill", "pg_typeof", "quote_literal",
			"quote_nullable", "xmlelement");

	private static final Set<String> TURN_INTO_TEXT = Set.of("concat", "concat_ws", "format", "quote_literal",
			"quote_nullable", "xmlelement", "xmlforest", "xmlattributes");

	private static final Set<String> ELEMENTS = Set.of("any", "all", "some");

	// Words that are not functions although a parenthesis follows
	private static final Set<String> KEYWORDS = Set.of("", "and", "or", "not", "select", "where", "on", "set", "case",
			"when", "then", "else", "as", "from", "using", "returning", "with", "limit", "offset", "union", "distinct",
			"by", "having", "is", "like", "ilike", "between");

	// A value in these parentheses may become the value of the whole
	private static final Set<String> PASS_ON = Set.of("values", "in", "row", "all", "exists", "coalesce", "nullif",
			"greatest", "least", "min", "max", "lag", "lead", "first_value", "last_value", "nth_value", "any_value");

	// Words that begin a clause whose values never become the value of the whole
	private static final Set<String> CONDITIONS = Set.of("where", "on", "having", "by", "limit", "offset", "when");

	private static final Set<String> VALUES = Set.of("select", "from", "returning", "values", "then", "else", "end");

	// The last character of an operator that compares, or the first
	private static final String COMPARES = "&@<>=!";

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

	private PlainSqlParser(String sql, boolean withNames) {
		this.sql = sql;
		this.characters = sql.toCharArray();
		this.withNames = withNames;
	}

	/**
	 * The parameters of some SQL, in order.
	 * @param withNames whether {@code :name} is a parameter
	 */
	static List<Parameter> read(String sql, boolean withNames) {
		PlainSqlParser reader = new PlainSqlParser(sql, withNames);
		reader.read();
		return reader.found.stream().map(reader::classified).toList();
	}

	/**
	 * How the SQL uses a parameter, as far as it does not depend on the value.
	 */
	private Parameter classified(Found found) {
		int end = found.end();
		String before = found.before();
		String next = next(end);
		int depth = 0;
		// ((?)) is the parameter too
		while (before.equals("(") && next.equals(")") && found.at(depth).isPlain()) {
			before = found.at(depth++).before;
			end = skipBlanks(end) + 1;
			next = next(end);
		}
		Opened around = found.at(depth);
		boolean cast = isCast(next, end) || (next.equals("as") && around.word.equals("cast"));
		boolean first = before.equals("(") || before.equals(",");
		boolean alone = first && (next.equals(")") || next.equals(",") || next.equals("order"));
		boolean compared = isOperator(before, COMPARES) || isOperator(next, COMPARES);
		boolean concatenated = (depth == 0 && found.concatenated()) || isConcatenation(end);
		boolean inferable = !cast && (concatenated || compared || !isFunction(around));
		ParameterPlace.Use use = ParameterPlace.Use.PLAIN;
		if (cast) {
			use = cast(next, end, found.at(next.equals("as") ? depth + 1 : depth));
		}
		else if (alone && ELEMENTS.contains(around.word)) {
			use = ParameterPlace.Use.ELEMENTS;
		}
		else if (alone && TAKE_ANYTHING.contains(around.word)) {
			use = TURN_INTO_TEXT.contains(around.word) ? ParameterPlace.Use.TURNED_INTO_TEXT
					: ParameterPlace.Use.WITHOUT_TYPE;
		}
		else if (isTestedForNull(before, next, end)) {
			use = ParameterPlace.Use.WITHOUT_TYPE;
		}
		else if (found.becomesText()) {
			use = ParameterPlace.Use.PART_OF_TEXT;
		}
		else if (inferable && (concatenated || this.writes)) {
			use = ParameterPlace.Use.ASSIGNED;
		}
		InList in = (around.in >= 0 && before.equals("(") && next.equals(")"))
				? new InList(around.in, end, this.sql.regionMatches(true, around.in, "not", 0, 3)) : null;
		return new Parameter(found.name(), found.start(), found.end(), use, inferable && compared, inferable, in);
	}

	/** The usage of a parameter that the SQL casts. */
	private ParameterPlace.Use cast(String next, int end, Opened around) {
		int start = skipBlanks(skipBlanks(end) + 2);
		String type = next(start);
		int behind = skipBlanks(start + type.length());
		boolean array = at(behind) == '[' || type.startsWith("_");
		if (!array && (type.equals("json") || type.equals("jsonb"))) {
			return ParameterPlace.Use.CAST_TO_JSON;
		}
		return (!array && around.in >= 0) ? ParameterPlace.Use.CAST_ELEMENT : ParameterPlace.Use.PLAIN;
	}

	private boolean isCast(String next, int end) {
		return next.equals(":") && at(skipBlanks(end) + 1) == ':';
	}

	private boolean isConcatenation(int end) {
		int next = skipBlanks(end);
		return at(next) == '|' && at(next + 1) == '|';
	}

	private static boolean isOperator(String token, String characters) {
		return token.length() == 1 && characters.indexOf(token.charAt(0)) >= 0;
	}

	// For an array without a known element the server would not infer a type from text[]
	private static boolean isEmptyCollection(@Nullable Object value) {
		return value != null && ScalarParameter.isCollection(value)
				&& ScalarParameter.elements(value).stream().allMatch((element) -> element == null);
	}

	private boolean isTestedForNull(String before, String next, int end) {
		if (!BEFORE_A_TEST.contains(before)) {
			return false;
		}
		if (next.equals("isnull") || next.equals("notnull")) {
			return true;
		}
		if (!next.equals("is")) {
			return false;
		}
		int is = skipBlanks(end);
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
		Opened around = this.opened.peek();
		if (around != null && (CONDITIONS.contains(word) || VALUES.contains(word))) {
			around.condition = CONDITIONS.contains(word);
		}
		see(word, start);
		return end - 1;
	}

	private int quotedName(int start, int end) {
		see(this.sql.substring(start + 1, end), start);
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
		this.opened.push(new Opened(word ? this.last.text() : "", this.last.text(), in));
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

	// A cast (::type), PL/pgSQL's assignment (:=) and the bound of a slice ([1:2]) are
	// no names
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
		boolean concatenated = this.last.text().equals("|") && this.beforeLast.text().equals("|");
		this.found
			.add(new Found(name, start, end, this.last.text(), concatenated, List.copyOf(this.opened), becomesText()));
		see("?", start);
	}

	/**
	 * Whether the token becomes part of a text unchanged: not the argument of another
	 * function, and not the elements of a VARIADIC array.
	 */
	private boolean becomesText() {
		if (this.last.text().equals("variadic")) {
			return false;
		}
		for (Opened around : this.opened) {
			if (TURN_INTO_TEXT.contains(around.word)) {
				return !around.condition;
			}
			if (around.condition || isFunction(around)) {
				return false;
			}
		}
		return false;
	}

	private static boolean isFunction(Opened around) {
		return !KEYWORDS.contains(around.word) && !PASS_ON.contains(around.word);
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
	 * @param compared whether an operator that compares stands beside it
	 * @param inferable whether the server may be asked for its type
	 * @param in the {@code IN (?)} in which it stands alone; null if it does not
	 */
	record Parameter(@Nullable String name, int start, int end, ParameterPlace.Use use, boolean compared,
			boolean inferable, @Nullable InList in) {

		/** The usage in the SQL if a value is given. */
		ParameterPlace.Use use(@Nullable Object value) {
			if (this.use != ParameterPlace.Use.PLAIN || !this.inferable || value == null
					|| !ScalarParameter.isCollection(value)) {
				return this.use;
			}
			if (this.compared) {
				return ParameterPlace.Use.COMPARED;
			}
			return isEmptyCollection(value) ? ParameterPlace.Use.ASSIGNED : this.use;
		}

	}

	/**
	 * An {@code IN (?)} or {@code NOT IN (?)}.
	 *
	 * @param start where it begins
	 * @param end where what stands in its parentheses ends
	 * @param not whether it is {@code NOT IN}
	 */
	record InList(int start, int end, boolean not) {

	}

	private record Found(@Nullable String name, int start, int end, String before, boolean concatenated,
			List<Opened> around, boolean becomesText) {

		/** The parentheses around it, from the inside; none beyond the outermost. */
		private Opened at(int depth) {
			return (depth < this.around.size()) ? this.around.get(depth) : Opened.NONE;
		}

	}

	/**
	 * Parentheses that are open.
	 */
	private static final class Opened {

		private static final Opened NONE = new Opened("", "", -1);

		private final String word;

		private final String before;

		// Where the IN begins whose parentheses they are; or -1
		private final int in;

		// Whether the tokens in them are those of a condition at this point
		private boolean condition;

		private Opened(String word, String before, int in) {
			this.word = word;
			this.before = before;
			this.in = in;
		}

		/** Whether they only group their content. */
		private boolean isPlain() {
			return this != NONE && this.in < 0 && KEYWORDS.contains(this.word);
		}

	}

	private record Token(String text, int start) {

		private static final Token NONE = new Token("", 0);

	}

}
