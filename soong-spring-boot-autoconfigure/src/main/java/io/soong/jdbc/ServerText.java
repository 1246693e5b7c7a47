package io.soong.jdbc;

import java.sql.SQLException;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * The server's own text in a form that is safe for a message or log: on one line, cut to
 * a sensible length, and without anything that looks like a token, because a server could
 * send a token back.
 */
final class ServerText {

	private static final int LONGEST = 300;

	private static final int LONGEST_LINE = 1000;

	/**
	 * Long enough for the first parameter of every token that starts within the limit.
	 */
	private static final int LONGEST_SEARCHED = 2000;

	/**
	 * What a terminal or a viewer of logs could take as the end of a line, a command, or
	 * a change of the direction of writing.
	 */
	private static final Pattern CONTROL = Pattern
		.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\x{61C}\\x{200E}\\x{200F}\\x{202A}-\\x{202E}\\x{2066}-\\x{2069}]+");

	/** An IAM token, or the long word that a session token is. */
	private static final Pattern TOKEN = Pattern.compile("\\S*X-Amz-\\S*|[\\w+/=%-]{100,}", Pattern.CASE_INSENSITIVE);

	private static final Pattern USER_OF_URL = Pattern.compile("//[^/\\s@]*@");

	/** What follows the name of a secret. */
	private static final Pattern NAMED_SECRET = Pattern.compile(
			"((?:password|passwd|pwd|secret|token|access[_-]?key)\\b[\"']?\\s*[=:]\\s*)(\"[^\"]*\"?|'[^']*'?|[^\\s,;&}]+)",
			Pattern.CASE_INSENSITIVE);

	private static final String MASK = "******";

	private ServerText() {
	}

	/**
	 * Returns the server's text, or {@code null} if the failure did not come from the
	 * server.
	 */
	static @Nullable String of(SQLException failure) {
		ServerErrorMessage error = error(failure);
		return (error != null) ? withoutFullStop(error.getMessage()) : null;
	}

	/**
	 * Returns the text in a form that is safe for a message, without a full stop at its
	 * end.
	 */
	static String withoutFullStop(@Nullable String text) {
		if (text == null || text.isBlank()) {
			return "no reason given";
		}
		String clean = clean(text).strip();
		return clean.endsWith(".") && !clean.endsWith("...") ? clean.substring(0, clean.length() - 1) : clean;
	}

	/**
	 * Returns the failure itself, or a copy without its texts if they are not safe for a
	 * log.
	 */
	static SQLException harmless(SQLException failure) {
		if (isHarmless(failure)) {
			return failure;
		}
		SQLException harmless = new SQLException(clean(String.valueOf(failure.getMessage())), failure.getSQLState());
		harmless.setStackTrace(failure.getStackTrace());
		return harmless;
	}

	private static boolean isHarmless(Throwable failure) {
		if (failure instanceof PSQLException exception && error(exception) != null
				&& !clean(String.valueOf(failure.getMessage())).equals(failure.getMessage())) {
			return false;
		}
		for (Throwable suppressed : failure.getSuppressed()) {
			if (!isHarmless(suppressed)) {
				return false;
			}
		}
		return true;
	}

	private static @Nullable ServerErrorMessage error(SQLException failure) {
		return (failure instanceof PSQLException exception) ? exception.getServerErrorMessage() : null;
	}

	/**
	 * Returns a text of Soong's own, which may hold names, on one line and without what
	 * looks like a token or the password of a URL.
	 */
	static String onOneLine(String text) {
		return shorten(mask(text), LONGEST_LINE);
	}

	private static String clean(String text) {
		return shorten(NAMED_SECRET.matcher(mask(text)).replaceAll("$1" + MASK), LONGEST);
	}

	private static String mask(String text) {
		String searched = text.substring(0, Math.min(text.length(), LONGEST_SEARCHED));
		String line = CONTROL.matcher(searched).replaceAll(" ");
		return USER_OF_URL.matcher(TOKEN.matcher(line).replaceAll(MASK)).replaceAll("//" + MASK + "@");
	}

	private static String shorten(String text, int longest) {
		return (text.length() > longest) ? text.substring(0, longest).strip() + "..." : text;
	}

}
