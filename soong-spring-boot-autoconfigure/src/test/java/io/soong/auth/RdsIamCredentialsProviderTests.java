package io.soong.auth;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RdsIamCredentialsProviderTests {

	private static final DatabaseEndpoint ENDPOINT = new DatabaseEndpoint(
			"postgres1.abcde123.us-east-1.rds.amazonaws.com", 6543, "gizmos", "jane_doe");

	@Test
	void tokenWhenSignedIsForEndpointUserAndRegion() throws SQLException {
		DatabaseCredentials credentials = new RdsIamCredentialsProvider("us-east-1", () -> session("1"))
			.credentials(ENDPOINT);
		assertThat(credentials.user()).isEqualTo("jane_doe");
		assertThat(credentials.secret()).startsWith("postgres1.abcde123.us-east-1.rds.amazonaws.com:6543/?")
			.contains("Action=connect", "DBUser=jane_doe", "us-east-1%2Frds-db%2Faws4_request", "X-Amz-Expires=900",
					"X-Amz-Security-Token=token1");
	}

	@Test
	void tokenWhenHostIsInUpperCaseOrEndsWithADotIsForTheNameThatRdsKnows() throws SQLException {
		DatabaseEndpoint endpoint = new DatabaseEndpoint("Postgres1.ABCDE123.us-east-1.rds.amazonaws.com.", 6543,
				"gizmos", "jane_doe");
		assertThat(new RdsIamCredentialsProvider("us-east-1", () -> session("1")).credentials(endpoint).secret())
			.startsWith("postgres1.abcde123.us-east-1.rds.amazonaws.com:6543/?");
	}

	@Test
	void credentialsWhenRotatedAreResolvedAnew() throws SQLException {
		Deque<AwsCredentials> rotation = new ArrayDeque<>(List.of(session("1"), session("2")));
		RdsIamCredentialsProvider provider = new RdsIamCredentialsProvider("us-east-1", rotation::remove);
		assertThat(provider.credentials(ENDPOINT).secret()).contains("Security-Token=token1");
		assertThat(provider.credentials(ENDPOINT).secret()).contains("Security-Token=token2");
	}

	@Test
	void credentialsWhenThereAreNoneSayWhereTheyComeFrom() {
		RdsIamCredentialsProvider provider = new RdsIamCredentialsProvider("us-east-1", () -> {
			throw SdkClientException.create("nothing in the chain");
		});
		assertThatThrownBy(() -> provider.credentials(ENDPOINT)).isInstanceOf(SQLException.class)
			.hasStackTraceContaining("nothing in the chain")
			.hasMessageContaining("execution role")
			.hasMessageContaining("AWS_ACCESS_KEY_ID");
	}

	@Test
	void credentialsWhenPrintedHideTheSecret() throws SQLException {
		DatabaseCredentials credentials = new RdsIamCredentialsProvider("us-east-1", () -> session("1"))
			.credentials(ENDPOINT);
		assertThat(credentials).hasToString("DatabaseCredentials[user=jane_doe, secret=******]");
	}

	private static AwsCredentials session(String name) {
		return AwsSessionCredentials.create("AKIDEXAMPLE" + name, "secret" + name, "token" + name);
	}

}
