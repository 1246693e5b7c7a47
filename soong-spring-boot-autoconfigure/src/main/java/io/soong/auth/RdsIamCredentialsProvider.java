package io.soong.auth;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Objects;
import java.util.Optional;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.rds.RdsUtilities;

/**
 * Signs an IAM authentication token for every login. The token is computed here, without
 * a request, and is good for 15 minutes; RDS looks at it when the connection is opened
 * and never again.
 * <p>
 * AWS credentials are resolved for each token and never kept. Thread-safe if the given
 * {@link AwsCredentialsProvider} is.
 *
 * @see <a href=
 * "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html">IAM
 * database authentication</a>
 */
public final class RdsIamCredentialsProvider implements DatabaseCredentialsProvider {

	/**
	 * {@code AbstractAws4Signer.SIGNER_CACHE_MAX_SIZE}, and one for the limit's own sake.
	 */
	private static final int KEYS_KEPT_BY_SIGNER = 301;

	private final String region;

	private final AwsCredentialsProvider awsCredentials;

	/**
	 * Creates a provider that signs with the credentials of its environment: those of the
	 * container endpoint where its variables are set, else those in
	 * {@code AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY} and
	 * {@code AWS_SESSION_TOKEN}, else what the SDK's default chain finds.
	 * @param region the region the database is in, for example {@code eu-central-1}
	 */
	public RdsIamCredentialsProvider(String region) {
		this(region, new EnvironmentCredentialsProvider(System::getenv));
	}

	/**
	 * Creates a provider that signs with the given credentials.
	 * @param region the region the database is in, for example {@code eu-central-1}
	 * @param awsCredentials where the credentials come from, asked for every token
	 */
	public RdsIamCredentialsProvider(String region, AwsCredentialsProvider awsCredentials) {
		this.region = Objects.requireNonNull(region, "region must not be null");
		this.awsCredentials = Objects.requireNonNull(awsCredentials, "awsCredentials must not be null");
	}

	/**
	 * Asks the SDK's region chain: the system property {@code aws.region}, the variable
	 * {@code AWS_REGION}, the profile, the instance metadata.
	 * @return the region, or empty if nothing there names one
	 */
	public static Optional<String> regionOfEnvironment() {
		try {
			return Optional.of(new DefaultAwsRegionProviderChain().getRegion().id());
		}
		catch (SdkException ex) {
			return Optional.empty();
		}
	}

	/**
	 * Makes the SDK's signer forget what it derived from secret keys. It keeps that for
	 * the last 300 keys it signed with, for the whole JVM, under the secret keys
	 * themselves; so this signs with as many that are none. Takes about 100 ms.
	 */
	public static void forgetSecretKeys() {
		DatabaseEndpoint endpoint = new DatabaseEndpoint("localhost", 5432, "", "nobody");
		for (int i = 0; i < KEYS_KEPT_BY_SIGNER; i++) {
			sign(endpoint, "nobody", Region.US_EAST_1, AwsBasicCredentials.create("NOBODY", "not a secret " + i));
		}
	}

	/**
	 * Returns the region that tokens are signed for.
	 * @return the region
	 */
	public String region() {
		return this.region;
	}

	/**
	 * Signs a token.
	 * @param endpoint the endpoint; its user must be set
	 * @return the endpoint's user and the token
	 * @throws SQLException if there are no AWS credentials to sign with
	 */
	@Override
	public DatabaseCredentials credentials(DatabaseEndpoint endpoint) throws SQLException {
		String user = Objects.requireNonNull(endpoint.user(), "an IAM login needs the endpoint's user");
		String token = sign(endpoint, user, Region.of(this.region), awsCredentials());
		return new DatabaseCredentials(user, token);
	}

	private static String sign(DatabaseEndpoint endpoint, String user, Region region, AwsCredentials credentials) {
		return RdsUtilities.builder()
			.region(region)
			.credentialsProvider(StaticCredentialsProvider.create(credentials))
			.build()
			.generateAuthenticationToken(
					(request) -> request.hostname(endpoint.host()).port(endpoint.port()).username(user));
	}

	private AwsCredentials awsCredentials() throws SQLException {
		try {
			return this.awsCredentials.resolveCredentials();
		}
		catch (SdkException | IllegalStateException ex) {
			throw new SQLNonTransientConnectionException(
					"Found no AWS credentials to sign the IAM token with. On Lambda "
							+ "the execution role provides them; elsewhere set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and "
							+ "AWS_SESSION_TOKEN, choose AWS_PROFILE, or define an AwsCredentialsProvider bean",
					"08001", ex);
		}
	}

}
