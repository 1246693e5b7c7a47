package io.soong.auth;

import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/**
 * The credentials of this process's environment: those of the container endpoint if its
 * variables are set (SnapStart, ECS), otherwise those in the key variables (Lambda),
 * otherwise those of the SDK's default chain. Nothing is kept between two calls, because
 * a snapshot may be restored and credentials rotated between them.
 * <p>
 * The key variables are read here because the SDK's chain takes about 45 ms longer for
 * the first answer.
 */
record EnvironmentCredentialsProvider(Function<String, @Nullable String> variables) implements AwsCredentialsProvider {

	@Override
	public AwsCredentials resolveCredentials() {
		if (variable("AWS_CONTAINER_CREDENTIALS_FULL_URI") != null
				|| variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") != null) {
			try (ContainerCredentialsProvider provider = ContainerCredentialsProvider.builder().build()) {
				return provider.resolveCredentials();
			}
		}
		String accessKeyId = variable("AWS_ACCESS_KEY_ID");
		String secretAccessKey = variable("AWS_SECRET_ACCESS_KEY");
		if (accessKeyId != null && secretAccessKey != null) {
			String sessionToken = variable("AWS_SESSION_TOKEN");
			return (sessionToken != null) ? AwsSessionCredentials.create(accessKeyId, secretAccessKey, sessionToken)
					: AwsBasicCredentials.create(accessKeyId, secretAccessKey);
		}
		try (DefaultCredentialsProvider provider = DefaultCredentialsProvider.builder().build()) {
			return provider.resolveCredentials();
		}
	}

	private @Nullable String variable(String name) {
		String value = this.variables.apply(name);
		return (value != null && !value.isBlank()) ? value : null;
	}

}
