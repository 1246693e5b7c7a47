package io.soong.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What may be shown of an IAM token: everything but its signature, the session token and
 * the middle of the key's id. Immutable.
 */
final class SignedToken {

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssX")
		.withZone(ZoneOffset.UTC);

	/** Whatever a token of another's making has before its parameters is not shown. */
	private static final Pattern ENDPOINT = Pattern.compile("([\\w.-]+:\\d+)/?\\?");

	private static final int SHOWN = 4;

	private final String token;

	SignedToken(String token) {
		this.token = token;
	}

	/**
	 * Returns the host and port that the token is signed for.
	 */
	String endpoint() {
		Matcher matcher = ENDPOINT.matcher(this.token);
		return matcher.lookingAt() ? matcher.group(1) : "an unknown endpoint";
	}

	/**
	 * Returns the id of the key that signed the token, without its middle.
	 */
	String maskedKeyId() {
		String id = parameter("X-Amz-Credential", "[A-Za-z0-9_]+").orElse("");
		return (id.length() > 3 * SHOWN) ? id.substring(0, SHOWN) + "******" + id.substring(id.length() - SHOWN)
				: "******";
	}

	/**
	 * Returns when the token is no longer valid, if it has a time of expiry.
	 */
	Optional<Instant> expiresAt() {
		try {
			return parameter("X-Amz-Date", "\\w+").map((time) -> TIME.parse(time, Instant::from))
				.flatMap((signed) -> parameter("X-Amz-Expires", "\\d{1,6}")
					.map((seconds) -> signed.plus(Duration.ofSeconds(Long.parseLong(seconds)))));
		}
		catch (DateTimeParseException ex) {
			return Optional.empty();
		}
	}

	private Optional<String> parameter(String name, String form) {
		Matcher matcher = Pattern.compile("[?&]" + name + "=(" + form + ")").matcher(this.token);
		return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
	}

}
