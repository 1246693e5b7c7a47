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

	/**
	 * Long enough for the first parameter of every token that starts within the limit.
	 */
	private static final int LONGEST_SEARCHED = 2000;

	private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\p{Zl}\\p{Zp}]+");

	private static final Pattern TOKEN = Pattern.compile("\\S*X-Amz-\\S*", Pattern.CASE_INSENSITIVE);

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

	private static String clean(String text) {
		String searched = text.substring(0, Math.min(text.length(), LONGEST_SEARCHED));
		String masked = TOKEN.matcher(CONTROL.matcher(searched).replaceAll(" ")).replaceAll("******");
		return (masked.length() > LONGEST) ? masked.substring(0, LONGEST).strip() + "..." : masked;
	}

}
