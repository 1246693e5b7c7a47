/**
 * Credentials for the database: the {@link io.soong.auth.DatabaseCredentialsProvider}
 * that is asked for each connection, IAM tokens signed on the JDK alone, and
 * {@link io.soong.auth.DatabaseEndpoint}, what the name of a server says about it.
 */
@NullMarked
package io.soong.auth;

import org.jspecify.annotations.NullMarked;
