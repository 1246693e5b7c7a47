package io.soong.sql;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Checks and quotes the names of tables and columns. Quoting alone would make any name
 * safe; the narrow alphabet also keeps look-alikes, invisible characters and names that
 * the server would silently cut off out of the SQL.
 */
final class Identifier {

	// NAMEDATALEN - 1. Allowed characters are ASCII, so bytes and characters agree.
	private static final int MAX_LENGTH = 63;

	private static final int MAX_PRINTED = 80;

	private Identifier() {
	}

	/** {@code gizmos} or {@code shop.gizmos}, quoted. */
	static String table(@Nullable String name) {
		if (name == null) {
			throw new IllegalArgumentException("The table is null");
		}
		int dot = name.indexOf('.');
		if (dot < 0) {
			return quote("table", name, name);
		}
		return quote("table", name, name.substring(0, dot)) + "." + quote("table", name, name.substring(dot + 1));
	}

	static String column(@Nullable String name) {
		if (name == null) {
			throw new IllegalArgumentException("A column is null");
		}
		return quote("column", name, name);
	}

	/** {@code "id", "name"}: at least one column, none twice. */
	static String columns(List<String> names) {
		StringBuilder text = new StringBuilder();
		Set<String> seen = new HashSet<>();
		for (String name : names) {
			if (!text.isEmpty()) {
				text.append(", ");
			}
			text.append(column(name));
			if (!seen.add(name)) {
				throw new IllegalArgumentException("Column \"" + name + "\" is named twice");
			}
		}
		return text.toString();
	}

	/** Accepts {@code search_path}, {@code app.tenant}: one name, or two with a dot. */
	static void checkParameter(@Nullable String name) {
		if (name == null) {
			throw new IllegalArgumentException("The parameter is null");
		}
		int dot = name.indexOf('.');
		check("parameter", ", optionally after a prefix", name, (dot < 0) ? name : name.substring(0, dot));
		if (dot >= 0) {
			check("parameter", ", optionally after a prefix", name, name.substring(dot + 1));
		}
	}

	private static String quote(String kind, String whole, String part) {
		check(kind, kind.equals("table") ? ", optionally after a schema" : "", whole, part);
		return "\"" + part + "\"";
	}

	private static void check(String kind, String options, String whole, String part) {
		String problem = problem(part);
		if (problem != null) {
			throw new IllegalArgumentException("The " + kind + " name " + printable(whole) + " " + problem
					+ "; a name is a letter or underscore followed by letters, digits, underscores and dollar signs "
					+ "(ASCII only), at most 63 long" + options);
		}
	}

	private static @Nullable String problem(String part) {
		if (part.isEmpty()) {
			return "is empty or has an empty part";
		}
		if (part.length() > MAX_LENGTH) {
			return "is longer than 63 bytes";
		}
		for (int i = 0; i < part.length(); i++) {
			char c = part.charAt(i);
			boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
			if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '$'))) {
				return String.format("has a character (U+%04X) that is not allowed there", (int) c);
			}
		}
		return null;
	}

	/**
	 * A refused name in quotes, in a form that is safe for a message or a log line:
	 * without control characters and look-alikes, and cut to a maximum length.
	 */
	static String printable(String name) {
		StringBuilder printable = new StringBuilder("\"");
		for (int i = 0; i < name.length() && i < MAX_PRINTED; i++) {
			char c = name.charAt(i);
			if (c >= ' ' && c <= '~') {
				printable.append(c);
			}
			else {
				printable.append(String.format("\\u%04x", (int) c));
			}
		}
		return printable.append((name.length() > MAX_PRINTED) ? "...\"" : "\"").toString();
	}

	/**
	 * The name of the column for that of a record component or bean property:
	 * {@code unitPrice} is {@code unit_price}, {@code homeURL} is {@code home_url},
	 * {@code URLPath} is {@code url_path}. Digits stay with the preceding characters.
	 */
	static String snakeCase(String name) {
		StringBuilder column = new StringBuilder(name.length() + 4);
		for (int i = 0; i < name.length(); i++) {
			char c = name.charAt(i);
			if (isUpper(c)) {
				if (i > 0 && startsWord(name, i)) {
					column.append('_');
				}
				column.append((char) (c + ('a' - 'A')));
			}
			else {
				column.append(c);
			}
		}
		return column.toString();
	}

	/** The same text for names that differ in case and underscores only. */
	static String normalize(String name) {
		return name.replace("_", "").toLowerCase(Locale.ROOT);
	}

	private static boolean startsWord(String name, int index) {
		char before = name.charAt(index - 1);
		if (before == '_') {
			return false;
		}
		if (!isUpper(before)) {
			return true;
		}
		// The last capital of a run begins the next word: URLPath
		return index + 1 < name.length() && name.charAt(index + 1) >= 'a' && name.charAt(index + 1) <= 'z';
	}

	private static boolean isUpper(char c) {
		return c >= 'A' && c <= 'Z';
	}

	/**
	 * Columns that are checked, with their SQL: {@code "id", "name"}.
	 */
	record Columns(List<String> names, String sql) {

		static final Columns NONE = new Columns(List.of(), "");

		static Columns of(List<String> names) {
			String sql = columns(names);
			return new Columns(List.copyOf(names), sql);
		}

	}

}
