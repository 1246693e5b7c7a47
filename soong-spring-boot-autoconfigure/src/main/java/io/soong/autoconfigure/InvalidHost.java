package io.soong.autoconfigure;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The problem with a value that should be the name or address of one server.
 *
 * @param reason what the value is instead
 * @param fix what to set
 */
record InvalidHost(String reason, String fix) {

	private static final Pattern IP_ADDRESS = Pattern
		.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*");

	private static final Pattern URL = Pattern.compile("(?i)jdbc:.*|.*//.*|.*@.*", Pattern.DOTALL);

	private static final Pattern PORT = Pattern.compile(".*:\\d*");

	private static final Pattern NAME = Pattern.compile("[._-]*[\\p{L}\\p{N}][\\p{L}\\p{N}._-]*");

	private static final Pattern NO_NAME = Pattern.compile("[._-]+");

	/**
	 * Returns the problem, or {@code null} if there is none.
	 * @param property the property's name
	 * @param value the value, without white space around it
	 */
	static @Nullable InvalidHost of(String property, String value) {
		if (IP_ADDRESS.matcher(value).matches() || NAME.matcher(value).matches()) {
			return null;
		}
		String nameOnly = "Set " + property + " to the name of the server only";
		if (isUrl(value)) {
			return new InvalidHost("it is a URL", nameOnly
					+ ", and soong.port, soong.dbname, soong.user and soong.password to the other parts of the URL.");
		}
		if (value.contains(",")) {
			return new InvalidHost("it is a list",
					"Set " + property + " to one name. A cluster endpoint always leads to the current writer.");
		}
		if (value.contains("\"") || value.contains("'") || value.contains("`")) {
			return new InvalidHost("it contains quotes", "Remove the quotes.");
		}
		if (value.chars().anyMatch(Character::isWhitespace)) {
			return new InvalidHost("it contains white space", nameOnly + ".");
		}
		if (value.contains("/") || value.contains("\\")) {
			return new InvalidHost("it contains a path", nameOnly
					+ ", and soong.dbname to the name of the database. Unix-domain sockets are not supported.");
		}
		if (PORT.matcher(value).matches()) {
			return new InvalidHost("it contains a port", nameOnly + ", and "
					+ (property.equals("soong.host") ? "soong.port (PG_PORT)" : "soong.iam.port") + " to the port.");
		}
		if (NO_NAME.matcher(value).matches()) {
			return new InvalidHost("it has neither a letter nor a digit", nameOnly + ".");
		}
		return new InvalidHost("it contains a character that a server name cannot contain", nameOnly + ".");
	}

	static boolean isUrl(String value) {
		return URL.matcher(value).matches();
	}

}
