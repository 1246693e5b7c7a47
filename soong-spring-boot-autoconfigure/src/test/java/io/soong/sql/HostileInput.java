package io.soong.sql;

import java.util.Random;

/**
 * Makes up what an attacker might send, the same for the same seed.
 */
final class HostileInput {

	private static final String[] PIECES = { "'", "''", "\"", "\"\"", "\\", "\\'", ";", "--", "/*", "*/", "#", "$$",
			"$1", "$a$", "?", "??", ":a", "::", ":=", "{", "}", "{}", "[", "]", ",", "(", ")", "NULL", "null", "%", "_",
			" ", "\t", "\n", "\r", "\0", "\u0001", "\u007f", "\u00a0", "\u00e9", "e\u0301", "\u0130", "\u017f",
			"\u212a", "\u200b", "\u202e", "\u2019", "\ufeff", "\uff07", "\uff1b", "\ud83d\ude00", "\udbff\udfff",
			"\";drop table gizmos;--", "' OR '1'='1", "1) OR (1=1", "{\"$gt\":\"\"}", "\\x00", "\\u0000",
			"U&\"\\0027\"", "E'\\''", "pg_sleep(9)", "infinity", "a", "id", "Z", "0", "9", "_", "$", ".", "gizmos", "=",
			"<", ">", "!", "~", "@", "&", "|", "^", "`", "+", "-", "*", "/" };

	private final Random random;

	HostileInput(long seed) {
		this.random = new Random(seed);
	}

	/** Any text. */
	String text() {
		StringBuilder text = new StringBuilder();
		int pieces = this.random.nextInt(8);
		for (int i = 0; i < pieces; i++) {
			text.append(PIECES[this.random.nextInt(PIECES.length)]);
		}
		if (this.random.nextInt(8) == 0) {
			int point = this.random.nextInt(Character.MAX_CODE_POINT);
			// Half a surrogate pair is no text
			text.appendCodePoint((point >= 0xd800 && point <= 0xdfff) ? 'x' : point);
		}
		return (this.random.nextInt(200) == 0) ? text.toString().repeat(100) : text.toString();
	}

	/** Text as PostgreSQL can store it. */
	String storable() {
		return text().replace("\0", "");
	}

	int below(int bound) {
		return this.random.nextInt(bound);
	}

}
