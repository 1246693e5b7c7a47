package io.soong.jdbc;

import java.sql.SQLException;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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
	 * Returns the failure itself, or a copy with its texts made safe if a text anywhere
	 * in it is not safe for a log. A stack trace prints them all.
	 */
	static SQLException harmless(SQLException failure) {
		return all(failure).allMatch(ServerText::isHarmless) ? failure
				: copy(failure, ServerText::clean, new HashSet<>());
	}

	private static boolean isHarmless(Throwable failure) {
		if (failure instanceof PSQLException exception && error(exception) != null) {
			return clean(String.valueOf(failure.getMessage())).equals(failure.getMessage());
		}
		// Some exceptions show more than their message
		String text = failure + " " + failure.getMessage();
		return text.length() <= LONGEST_SEARCHED && !TOKEN.matcher(text).find() && !USER_OF_URL.matcher(text).find()
				&& !NAMED_SECRET.matcher(text).find();
	}

	/**
	 * Returns a failure with all that it holds: causes, suppressed and next exceptions.
	 */
	private static Stream<Throwable> all(Throwable failure) {
		Set<Throwable> found = Collections.newSetFromMap(new IdentityHashMap<>());
		collect(failure, found);
		return found.stream();
	}

	private static void collect(@Nullable Throwable failure, Set<Throwable> found) {
		if (failure != null && found.add(failure)) {
			collect(failure.getCause(), found);
			for (Throwable suppressed : failure.getSuppressed()) {
				collect(suppressed, found);
			}
			if (failure instanceof SQLException exception) {
				collect(exception.getNextException(), found);
			}
		}
	}

	/**
	 * Copies a failure with its causes, by their messages and the names of their types.
	 */
	private static SQLException copy(Throwable failure, UnaryOperator<String> mask, Set<Throwable> copied) {
		copied.add(failure);
		String message = failure.getMessage();
		String text = (message != null) ? mask.apply(message) : "";
		SQLException copy = (failure instanceof SQLException exception)
				? new SQLException(text, exception.getSQLState())
				: new SQLException(failure.getClass().getName() + ": " + text);
		copy.setStackTrace(failure.getStackTrace());
		Throwable cause = failure.getCause();
		if (cause != null && !copied.contains(cause)) {
			copy.initCause(copy(cause, mask, copied));
		}
		return copy;
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
