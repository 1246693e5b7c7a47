package io.soong.auth;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/**
 * Signs an IAM authentication token for every login. The token is computed locally,
 * without a request, and is valid for 15 minutes. RDS checks it only when the connection
 * is opened.
 * <p>
 * AWS credentials are resolved for each token and never kept. Thread-safe if the given
 * {@link AwsCredentialsProvider} is.
 *
 * @see <a href=
 * "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html">IAM
 * database authentication</a>
 */
public final class RdsIamCredentialsProvider implements DatabaseCredentialsProvider {

	private static final String SDK = "software.amazon.awssdk:";

	private static final Pattern MISSING_MODULE = Pattern
		.compile("the '(sso|ssooidc|sts|signin)' service module must be on the class path");

	private final String region;

	private final AwsCredentialsProvider awsCredentials;

	/**
	 * Creates a provider that signs with the credentials of its environment: those of the
	 * container endpoint if its variables are set, otherwise those in
	 * {@code AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY} and
	 * {@code AWS_SESSION_TOKEN}, otherwise those of the SDK's default chain.
	 * @param region the region the database is in, for example {@code eu-central-1}
	 */
	public RdsIamCredentialsProvider(String region) {
		this(region, new EnvironmentCredentialsProvider(System::getenv));
	}

	/**
	 * Creates a provider that signs with the given credentials.
	 * @param region the region the database is in, for example {@code eu-central-1}
	 * @param awsCredentials supplies the credentials for every token
	 */
	public RdsIamCredentialsProvider(String region, AwsCredentialsProvider awsCredentials) {
		this.region = Objects.requireNonNull(region, "region must not be null");
		this.awsCredentials = Objects.requireNonNull(awsCredentials, "awsCredentials must not be null");
	}

	/**
	 * Reads the region from the SDK's region chain: the system property
	 * {@code aws.region}, the variable {@code AWS_REGION}, the profile, the instance
	 * metadata.
	 * @return the region, or empty if none is configured
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
		return new DatabaseCredentials(user,
				AuthenticationToken.sign(endpoint, user, this.region, awsCredentials(), Instant.now()), true);
	}

	/**
	 * Resolves the AWS credentials and returns when they expire.
	 * @return the time, or empty if the source of the credentials does not say it, as
	 * environment variables do not
	 * @throws SQLException if there are no AWS credentials
	 */
	public Optional<Instant> awsCredentialsExpireAt() throws SQLException {
		return awsCredentials().expirationTime();
	}

	private AwsCredentials awsCredentials() throws SQLException {
		try {
			return this.awsCredentials.resolveCredentials();
		}
		catch (SdkException | IllegalStateException ex) {
			String modules = missingModules(ex);
			if (modules != null) {
				throw new SQLNonTransientConnectionException("The AWS profile needs a module of the AWS SDK that is "
						+ "not on the class path. Add " + modules + " to the project, or use another profile", "08001",
						ex);
			}
			throw new SQLNonTransientConnectionException(
					"Found no AWS credentials to sign the IAM token with. On Lambda "
							+ "the execution role provides them; elsewhere set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and "
							+ "AWS_SESSION_TOKEN, choose AWS_PROFILE, or define an AwsCredentialsProvider bean",
					"08001", ex);
		}
	}

	/**
	 * Returns the artifacts that a profile needs ({@code aws sso login}, a role to
	 * assume, {@code aws login}), if the SDK reports that their module is missing.
	 */
	private static @Nullable String missingModules(Throwable failure) {
		for (Throwable t = failure; t != null; t = t.getCause()) {
			Matcher missing = MISSING_MODULE.matcher(String.valueOf(t.getMessage()));
			if (missing.find()) {
				String artifact = SDK + missing.group(1);
				// One module for the credentials, one for their renewal
				return missing.group(1).startsWith("sso") ? SDK + "sso and " + SDK + "ssooidc" : artifact;
			}
		}
		return null;
	}

}
