package io.soong.auth;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The user and secret that one physical connection logs in with. Immutable. Its
 * {@link #toString()} shows the user only.
 *
 * @param user the name of the database role
 * @param secret the password or token, or {@code null} if the server requires none
 * @param isToken whether the secret is an IAM token, which is sent only when a fully
 * verified server requests a clear-text password
 */
public record DatabaseCredentials(String user, @Nullable String secret, boolean isToken) {

	private static final String SIGNATURE = "X-Amz-Signature=";

	private static final Pattern BASIC_TIME = Pattern.compile("(\\d{4})(\\d\\d)(\\d\\d)T(\\d\\d)(\\d\\d)(\\d\\d)Z");

	/**
	 * Checks that there is a user, which must not have a NUL in it, and a secret where it
	 * is a token.
	 * @param user the name of the database role
	 * @param secret the password or token, or {@code null}
	 * @param isToken whether the secret is an IAM token
	 */
	public DatabaseCredentials {
		Objects.requireNonNull(user, "user must not be null");
		DatabaseEndpoint.checkName(user, "user");
		if (isToken) {
			Objects.requireNonNull(secret, "a token must not be null");
		}
	}

	/**
	 * Creates credentials with a password. A secret with an AWS signature is treated as a
	 * token here too, so that a token signed by other means does not count as a password.
	 * @param user the name of the database role
	 * @param secret the password, or {@code null} if the server requires none
	 */
	public DatabaseCredentials(String user, @Nullable String secret) {
		this(user, secret, secret != null && secret.contains(SIGNATURE));
	}

	/**
	 * Returns the kind of secret, for a diagnosis.
	 * @return for example {@code IAM token of temporary credentials, with session token,
	 * signed at 2026-11-22T10:15:00Z by this machine's clock}
	 */
	public String kind() {
		if (!this.isToken) {
			return (this.secret != null) ? "password" : "no password";
		}
		String time = BASIC_TIME.matcher(parameter("X-Amz-Date").orElse("an unknown time"))
			.replaceFirst("$1-$2-$3T$4:$5:$6Z");
		boolean temporary = parameter("X-Amz-Credential").orElse("").startsWith("ASIA");
		return "IAM token of " + (temporary ? "temporary" : "long-lived") + " credentials, "
				+ (parameter("X-Amz-Security-Token").isPresent() ? "with" : "without") + " session token, signed at "
				+ time + " by this machine's clock";
	}

	/**
	 * Returns the region that the token is signed for.
	 * @return the region, or empty if this is no token
	 */
	public Optional<String> region() {
		String[] scope = parameter("X-Amz-Credential").orElse("").split("/");
		return (scope.length > 2) ? Optional.of(scope[2]) : Optional.empty();
	}

	private Optional<String> parameter(String name) {
		if (!this.isToken || this.secret == null) {
			return Optional.empty();
		}
		for (String parameter : this.secret.substring(this.secret.indexOf('?') + 1).split("&")) {
			if (parameter.startsWith(name + "=")) {
				return Optional.of(decoded(parameter.substring(name.length() + 1)));
			}
		}
		return Optional.empty();
	}

	private static String decoded(String value) {
		try {
			return URLDecoder.decode(value, StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			return "";
		}
	}

	@Override
	public String toString() {
		return "DatabaseCredentials[user=" + this.user + ", secret=" + ((this.secret != null) ? "******" : "none")
				+ "]";
	}

}
