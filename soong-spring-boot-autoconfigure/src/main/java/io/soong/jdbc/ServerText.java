package io.soong.jdbc;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.soong.auth.DatabaseCredentials;
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

	private static final Pattern SECRET_PARAMETER = Pattern.compile("^X-Amz-(Credential|Security-Token|Signature)=",
			Pattern.CASE_INSENSITIVE);

	/** A secret that is shorter may be a part of a word. */
	private static final int SHORTEST_ANYWHERE = 8;

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

	/**
	 * Returns the failure of a login itself, or a copy without the secret if a text in it
	 * quotes the secret, with or without a name for it.
	 * @param credentials what was sent to the server
	 */
	static SQLException concealing(DatabaseCredentials credentials, SQLException failure) {
		Pattern secrets = secrets(credentials);
		if (secrets == null || all(failure).noneMatch((one) -> secrets.matcher(one + " " + one.getMessage()).find())) {
			return failure;
		}
		UnaryOperator<String> mask = (text) -> secrets.matcher(text).replaceAll(MASK);
		ServerErrorMessage error = error(failure);
		if (error == null) {
			return copy(failure, mask.andThen(ServerText::clean)::apply, new HashSet<>());
		}
		SQLException copy = new PSQLException(new ServerErrorMessage("S" + error.getSeverity() + "\0C"
				+ error.getSQLState() + "\0M" + mask.apply(String.valueOf(error.getMessage())) + "\0\0"), false);
		copy.setStackTrace(failure.getStackTrace());
		return copy;
	}

	/**
	 * Returns what matches the secret, or the parts of a token that are secret. A short
	 * password is matched as a word, and one that is the name of the role not at all,
	 * because errors are full of it.
	 */
	private static @Nullable Pattern secrets(DatabaseCredentials credentials) {
		String secret = credentials.secret();
		if (secret == null || secret.isBlank() || secret.equals(credentials.user())) {
			return null;
		}
		Stream<String> parts = credentials.isToken() ? Stream.of(secret.split("[?&]"))
			.filter((part) -> SECRET_PARAMETER.matcher(part).find())
			.map((part) -> part.substring(part.indexOf('=') + 1))
			.flatMap((value) -> Stream.of(value, decoded(value))) : Stream.empty();
		return Pattern.compile(Stream.concat(Stream.of(secret), parts)
			.filter((part) -> !part.isBlank())
			.map((part) -> (part.length() < SHORTEST_ANYWHERE)
					? "(?<![\\p{L}\\p{N}])" + Pattern.quote(part) + "(?![\\p{L}\\p{N}])" : Pattern.quote(part))
			.collect(Collectors.joining("|")));
	}

	private static String decoded(String value) {
		try {
			return URLDecoder.decode(value, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return value;
		}
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
