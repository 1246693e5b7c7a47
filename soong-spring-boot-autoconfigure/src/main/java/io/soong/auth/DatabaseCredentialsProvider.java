package io.soong.auth;

import java.sql.SQLException;

/**
 * Says with which credentials the next physical connection logs in. A bean of this type
 * replaces both IAM and password authentication, for example with a secret store.
 * <p>
 * Asked once for every attempt to connect, just before the login, possibly by several
 * threads at a time: implementations must be thread-safe, and what they return is never
 * kept.
 */
@FunctionalInterface
public interface DatabaseCredentialsProvider {

	/**
	 * Returns the credentials for one login.
	 * @param endpoint where the login goes to
	 * @return the credentials, valid at this moment
	 * @throws SQLException if there are none to be had; the message says why and must not
	 * hold a secret
	 */
	DatabaseCredentials credentials(DatabaseEndpoint endpoint) throws SQLException;

}
