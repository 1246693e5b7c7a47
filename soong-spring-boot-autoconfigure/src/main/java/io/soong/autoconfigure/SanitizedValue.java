package io.soong.autoconfigure;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A property's value in a form that is safe for an error. A URL or a list of parameters
 * in the wrong place may hold a password, so only what cannot be part of one is shown.
 */
final class SanitizedValue {

	private static final String MASK = "******";

	private static final Pattern SUSPICIOUS = Pattern.compile("[@=?]|//");

	private static final Pattern URL = Pattern.compile("(?<scheme>(?:[A-Za-z][\\w+.-]*:)*//)?(?<user>[^@?]*@)?"
			+ "(?<server>[\\w.-]*(?::\\d*)?(?:/[\\w.-]*)?)(?<query>\\?[^@]*)?");

	private SanitizedValue() {
	}

	static String of(Object value) {
		String text = value.toString();
		if (!SUSPICIOUS.matcher(text).find()) {
			return text;
		}
		Matcher url = URL.matcher(text);
		if (!url.matches()) {
			return MASK;
		}
		return ((url.group("scheme") != null) ? url.group("scheme") : "")
				+ ((url.group("user") != null) ? MASK + "@" : "") + url.group("server")
				+ ((url.group("query") != null) ? "?" + MASK : "");
	}

}
