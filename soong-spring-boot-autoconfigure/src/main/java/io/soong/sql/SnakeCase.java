package io.soong.sql;

import java.util.Locale;

/**
 * Converts the name of a record component or bean property to the name of its column:
 * {@code unitPrice} is {@code unit_price}, {@code homeURL} is {@code home_url},
 * {@code URLPath} is {@code url_path}. Digits stay with the preceding characters.
 */
final class SnakeCase {

	private SnakeCase() {
	}

	static String of(String name) {
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

}
