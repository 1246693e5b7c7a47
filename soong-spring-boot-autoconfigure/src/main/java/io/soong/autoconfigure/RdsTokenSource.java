package io.soong.autoconfigure;

import io.soong.auth.DatabaseCredentialsProvider;
import org.jspecify.annotations.Nullable;

/**
 * Tokens signed by the AWS SDK. Refers to no class of the SDK's module, which is
 * optional.
 */
@FunctionalInterface
interface RdsTokenSource {

	/**
	 * Returns the provider of these tokens, or {@code null} if the application has none.
	 * @param region the region that is configured or in the endpoint's name, if any
	 */
	@Nullable DatabaseCredentialsProvider get(@Nullable String region);

}
