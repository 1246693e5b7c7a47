package io.soong.auth;

import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsUtilities;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AuthenticationToken}, against what the AWS SDK signs.
 */
class AuthenticationTokenTests {

	private static final AwsCredentials SESSION = AwsSessionCredentials.create("ASIAEXAMPLE", "secret/+=",
			"IQoJb3JpZ2luX2VjEPT//////////wEaCXVzLWVhc3QtMSJHMEUCIQ==");

	@ParameterizedTest
	@CsvSource({ "postgres1.abcde123.us-east-1.rds.amazonaws.com, 5432, us-east-1, jane_doe",
			"db.cluster-ro-xyz.eu-central-1.rds.amazonaws.com, 6543, eu-central-1, Jane Doe",
			"db.abc.rds.cn-north-1.amazonaws.com.cn, 5432, cn-north-1, a*b~c+d/e=f&g%h",
			"localhost, 1150, ap-southeast-2, jürgen", "Writer.Example.com, 5432, us-east-1, jane" })
	void tokenIsWhatTheSdkSigns(String host, int port, String region, String user) {
		DatabaseEndpoint endpoint = new DatabaseEndpoint(host, port, "gizmos", user);
		for (AwsCredentials credentials : new AwsCredentials[] { SESSION, AwsBasicCredentials.create("AKID", "key") }) {
			assertSame(() -> AuthenticationToken.sign(endpoint, user, region, credentials, Instant.now()),
					() -> RdsUtilities.builder()
						.region(Region.of(region))
						.credentialsProvider(StaticCredentialsProvider.create(credentials))
						.build()
						// In lower case, as names in the DNS are the same in either
						.generateAuthenticationToken(
								(request) -> request.hostname(endpoint.host()).port(port).username(user)));
		}
	}

	@Test
	void tokenIsOfTheGivenTime() {
		DatabaseEndpoint endpoint = new DatabaseEndpoint("db", 5432, "gizmos", "jane");
		assertThat(AuthenticationToken.sign(endpoint, "jane", "us-east-1", SESSION,
				Instant.parse("2026-11-22T01:02:03.456Z")))
			.startsWith("db:5432/?Action=connect&DBUser=jane&")
			.contains("X-Amz-Date=20261122T010203Z&", "%2F20261122%2Fus-east-1%2Frds-db%2Faws4_request&",
					"X-Amz-Expires=900&", "X-Amz-SignedHeaders=host&");
	}

	/** Both sign with the time of the second in which they are asked. */
	private static void assertSame(Supplier<String> ours, Supplier<String> theirs) {
		String expected = theirs.get();
		String actual = ours.get();
		while (!actual.contains(timeOf(expected))) {
			expected = theirs.get();
			actual = ours.get();
		}
		assertThat(parameters(actual)).isEqualTo(parameters(expected));
		assertThat(URI.create("https://" + actual).getAuthority())
			.isEqualTo(URI.create("https://" + expected).getAuthority());
	}

	private static String timeOf(String token) {
		int start = token.indexOf("X-Amz-Date=");
		return token.substring(start, token.indexOf('&', start));
	}

	/** The SDK puts them in an order of its own. */
	private static Set<String> parameters(String token) {
		return new TreeSet<>(Arrays.asList(token.substring(token.indexOf('?') + 1).split("&")));
	}

}
