package io.soong.auth;

import java.sql.SQLException;

/**
 * Supplies the credentials for the next physical connection. A bean of this type replaces
 * both IAM and password authentication, for example with a secret store.
 * <p>
 * Called once for every attempt to connect, just before the login, possibly by several
 * threads at a time. Implementations must be thread-safe. The returned credentials are
 * never kept.
 */
@FunctionalInterface
public interface DatabaseCredentialsProvider {

	/**
	 * Returns the credentials for one login.
	 * @param endpoint the database to log in to
	 * @return the credentials, valid at this moment
	 * @throws SQLException if there are no credentials; the message says why and must not
	 * contain a secret
	 */
	DatabaseCredentials credentials(DatabaseEndpoint endpoint) throws SQLException;

}
