package io.soong.autoconfigure;

import java.util.Objects;

import io.soong.auth.DatabaseCredentials;
import io.soong.auth.DatabaseCredentialsProvider;
import io.soong.auth.DatabaseEndpoint;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsUtilities;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Tokens signed by the AWS SDK with the credentials of the application's
 * {@link RdsUtilities}. A bean only if the SDK's module is present. Thread-safe.
 */
record RdsTokenSource(ObjectProvider<RdsUtilities> signers) {

	/**
	 * Returns the provider of these tokens, or {@code null} if the application has none.
	 * @param region the region that is configured or in the endpoint's name, or
	 * {@code null} for the signer's own
	 */
	@Nullable DatabaseCredentialsProvider get(@Nullable String region) {
		RdsUtilities signer = this.signers.getIfUnique();
		return (signer != null) ? (endpoint) -> sign(signer, endpoint, region) : null;
	}

	private static DatabaseCredentials sign(RdsUtilities signer, DatabaseEndpoint endpoint, @Nullable String region) {
		String user = Objects.requireNonNull(endpoint.user(), "an IAM login needs the endpoint's user");
		String token = signer.generateAuthenticationToken((request) -> {
			request.hostname(endpoint.host()).port(endpoint.port()).username(user);
			if (region != null) {
				request.region(Region.of(region));
			}
		});
		return new DatabaseCredentials(user, token, true);
	}

}
