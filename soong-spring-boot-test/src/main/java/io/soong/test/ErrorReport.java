package io.soong.test;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The report of a function's exception in the runtime's format:
 * {@code {"errorMessage":"...","errorType":"...","stackTrace":[...]}}.
 *
 * @param type the exception's class
 * @param message the exception's message
 * @param json the whole report
 */
record ErrorReport(String type, String message, String json) {

	// A backslash precedes a quote in a value, so that the patterns match only names
	private static final Pattern TYPE = field("errorType");

	private static final Pattern MESSAGE = field("errorMessage");

	private static final Pattern ESCAPE = Pattern.compile("\\\\(u[0-9a-fA-F]{4}|.)");

	static ErrorReport parse(byte[] body) {
		String json = new String(body, StandardCharsets.UTF_8);
		return new ErrorReport(value(TYPE, json), value(MESSAGE, json), json);
	}

	private static Pattern field(String name) {
		return Pattern.compile("[{,\\s]\"" + name + "\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*+)\"");
	}

	private static String value(Pattern field, String json) {
		Matcher matcher = field.matcher(json);
		return matcher.find() ? unescape(matcher.group(1)) : "";
	}

	private static String unescape(String text) {
		return ESCAPE.matcher(text).replaceAll((match) -> {
			String escape = match.group(1);
			String character = switch (escape.charAt(0)) {
				case 'n' -> "\n";
				case 't' -> "\t";
				case 'r' -> "\r";
				case 'b' -> "\b";
				case 'f' -> "\f";
				case 'u' ->
					(escape.length() == 5) ? Character.toString(Integer.parseInt(escape.substring(1), 16)) : escape;
				default -> escape;
			};
			return Matcher.quoteReplacement(character);
		});
	}

}
