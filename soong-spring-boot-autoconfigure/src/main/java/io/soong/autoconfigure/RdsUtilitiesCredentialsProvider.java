package io.soong.autoconfigure;

import java.util.Objects;

import io.soong.auth.DatabaseCredentials;
import io.soong.auth.DatabaseCredentialsProvider;
import io.soong.auth.DatabaseEndpoint;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsUtilities;

/**
 * Signs tokens with the AWS SDK, using the credentials of its {@link RdsUtilities}.
 * Thread-safe.
 */
final class RdsUtilitiesCredentialsProvider implements DatabaseCredentialsProvider {

	private final RdsUtilities signer;

	private final @Nullable String region;

	/**
	 * Creates a provider.
	 * @param region the region to sign for, or {@code null} for the signer's own
	 */
	RdsUtilitiesCredentialsProvider(RdsUtilities signer, @Nullable String region) {
		this.signer = signer;
		this.region = region;
	}

	@Override
	public DatabaseCredentials credentials(DatabaseEndpoint endpoint) {
		String user = Objects.requireNonNull(endpoint.user(), "an IAM login needs the endpoint's user");
		String token = this.signer.generateAuthenticationToken((request) -> {
			request.hostname(endpoint.host()).port(endpoint.port()).username(user);
			if (this.region != null) {
				request.region(Region.of(this.region));
			}
		});
		return new DatabaseCredentials(user, token, true);
	}

}
