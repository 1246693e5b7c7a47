package io.soong.test;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The result of an attempt to log in to an {@link RdsLookalike}. Contains no secret: a
 * token is represented by the beginning of its SHA-256. Immutable.
 *
 * @param time when it ended, by the lookalike's clock
 * @param user the user
 * @param database the database
 * @param method the authentication method
 * @param tlsProtocol such as {@code TLSv1.3}; {@code null} without encryption
 * @param accepted whether the session was opened
 * @param reason the reason for the result: a sentence, or the server's SQLState and
 * message
 * @param tokenSignedAt the date in the token; {@code null} without a readable token
 * @param tokenFingerprint the first eight hexadecimal digits of the token's SHA-256,
 * which distinguish tokens; {@code null} if none was sent
 */
public record Login(Instant time, String user, String database, Method method, @Nullable String tlsProtocol,
		boolean accepted, String reason, @Nullable Instant tokenSignedAt, @Nullable String tokenFingerprint) {

	/**
	 * The authentication methods.
	 */
	public enum Method {

		/**
		 * By an IAM token; required for members of {@code rds_iam}.
		 */
		IAM_TOKEN,

		/**
		 * By a password, which PostgreSQL verifies.
		 */
		PASSWORD,

		/**
		 * The login ended before authentication.
		 */
		UNKNOWN

	}

}
