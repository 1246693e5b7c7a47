package io.soong.jdbc;

import io.soong.auth.DatabaseCredentials;
import org.jspecify.annotations.Nullable;

/**
 * What an error may say about the credentials of an attempt. The secret is not kept,
 * because the attempt exists as long as the connection.
 *
 * @param user the role that was used, on one line
 * @param kind the kind of secret
 * @param hasSecret whether there is a secret to send
 * @param isToken whether the secret is an IAM token
 * @param region the region that the token is signed for, if it names one
 */
record UsedCredentials(String user, String kind, boolean hasSecret, boolean isToken, @Nullable String region) {

	static UsedCredentials of(DatabaseCredentials credentials) {
		String secret = credentials.secret();
		return new UsedCredentials(ServerText.onOneLine(credentials.user()), credentials.kind(),
				secret != null && !secret.isEmpty(), credentials.isToken(), credentials.region().orElse(null));
	}

}
