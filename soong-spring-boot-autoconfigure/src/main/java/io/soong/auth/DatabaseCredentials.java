package io.soong.auth;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What one physical connection logs in with. Immutable. Its {@link #toString()} shows the
 * user only.
 *
 * @param user the name of the database role
 * @param secret the password, or the token sent in its place; {@code null} where the
 * server asks for none
 */
public record DatabaseCredentials(String user, @Nullable String secret) {

	private static final Pattern SIGNED_AT = Pattern.compile("[?&]X-Amz-Date=(\\d{8}T\\d{6}Z)(?:&|$)");

	/**
	 * Keys that AWS STS hands out begin with these letters.
	 */
	private static final String TEMPORARY_KEY = "X-Amz-Credential=ASIA";

	public DatabaseCredentials {
		Objects.requireNonNull(user, "user must not be null");
	}

	/**
	 * Returns what kind of secret this is, as far as its form tells, for a diagnosis.
	 * @return for example {@code IAM token of temporary credentials, with session token,
	 * signed at 20261122T101500Z by this machine's clock}
	 */
	public String kind() {
		if (this.secret == null) {
			return "no password";
		}
		Matcher signedAt = SIGNED_AT.matcher(this.secret);
		if (!signedAt.find()) {
			return "password";
		}
		return "IAM token of " + (this.secret.contains(TEMPORARY_KEY) ? "temporary" : "long-lived") + " credentials, "
				+ (this.secret.contains("X-Amz-Security-Token=") ? "with" : "without") + " session token, signed at "
				+ signedAt.group(1) + " by this machine's clock";
	}

	@Override
	public String toString() {
		return "DatabaseCredentials[user=" + this.user + ", secret=" + ((this.secret != null) ? "******" : "none")
				+ "]";
	}

}
