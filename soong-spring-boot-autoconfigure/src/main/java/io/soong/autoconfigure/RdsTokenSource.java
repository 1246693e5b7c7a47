package io.soong.autoconfigure;

import io.soong.auth.DatabaseCredentialsProvider;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that the AWS SDK signs. Names no class of the SDK's module, which is optional.
 */
@FunctionalInterface
interface RdsTokenSource {

	/**
	 * Returns the provider of such tokens, or {@code null} if the application has none.
	 * @param region the region that is configured or in the endpoint's name, if any
	 */
	@Nullable DatabaseCredentialsProvider get(@Nullable String region);

}
