package io.soong.auth;

import java.util.Objects;

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

	public DatabaseCredentials {
		Objects.requireNonNull(user, "user must not be null");
	}

	@Override
	public String toString() {
		return "DatabaseCredentials[user=" + this.user + ", secret=" + ((this.secret != null) ? "******" : "none")
				+ "]";
	}

}
