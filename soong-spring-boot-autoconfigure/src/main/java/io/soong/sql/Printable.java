package io.soong.sql;

/**
 * Makes a refused name fit for a message or a log line: no control characters, no
 * look-alikes, not too long.
 */
final class Printable {

	private static final int MAX_LENGTH = 80;

	private Printable() {
	}

	static String quoted(String text) {
		StringBuilder printable = new StringBuilder("\"");
		for (int i = 0; i < text.length() && i < MAX_LENGTH; i++) {
			char c = text.charAt(i);
			if (c >= ' ' && c <= '~') {
				printable.append(c);
			}
			else {
				printable.append(String.format("\\u%04x", (int) c));
			}
		}
		return printable.append((text.length() > MAX_LENGTH) ? "...\"" : "\"").toString();
	}

}
