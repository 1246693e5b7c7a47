package io.soong.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
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
	void credentialsWhenTheSdkIsInNoStateToResolveThemSayWhereTheyComeFrom() {
		RdsIamCredentialsProvider provider = new RdsIamCredentialsProvider("us-east-1", () -> {
			throw new IllegalStateException("connection pool shut down");
		});
		assertThatThrownBy(() -> provider.credentials(ENDPOINT))
			.isInstanceOfSatisfying(SQLException.class, (ex) -> assertThat(ex.getSQLState()).isEqualTo("08001"))
			.hasRootCauseMessage("connection pool shut down")
			.hasMessageContaining("execution role");
	}

	@Test
	void tokenWithoutAUserIsNotSigned() {
		DatabaseEndpoint endpoint = new DatabaseEndpoint(ENDPOINT.host(), 6543, "gizmos", null);
		assertThatNullPointerException()
			.isThrownBy(() -> new RdsIamCredentialsProvider("us-east-1", () -> session("1")).credentials(endpoint))
			.withMessage("an IAM login needs the endpoint's user");
	}

	@Test
	void regionIsTheOneThatTokensAreSignedFor() throws SQLException {
		RdsIamCredentialsProvider provider = new RdsIamCredentialsProvider("eu-west-3", () -> session("1"));
		assertThat(provider.region()).isEqualTo("eu-west-3");
		assertThat(provider.credentials(ENDPOINT).region()).hasValue("eu-west-3");
	}

	@Test
	void regionOfEnvironmentIsThatOfTheSdksChain() {
		System.setProperty("aws.region", "mars-north-1");
		try {
			assertThat(RdsIamCredentialsProvider.regionOfEnvironment()).hasValue("mars-north-1");
		}
		finally {
			System.clearProperty("aws.region");
		}
	}

	@ParameterizedTest
	@CsvSource({
			"sso_session=corp;sso_account_id=1;sso_role_name=dev;[sso-session corp];sso_region=eu-west-1;"
					+ "sso_start_url=https://example.com, sso and software.amazon.awssdk:ssooidc",
			"role_arn=arn:aws:iam::1:role/dev;source_profile=base;[profile base];aws_access_key_id=a;"
					+ "aws_secret_access_key=b, sts",
			"login_session=arn:aws:iam::1:user/jane, signin" })
	void credentialsWhenProfileNeedsAModuleNameItsArtifact(String profile, String artifacts, @TempDir Path folder)
			throws IOException {
		Path config = Files.writeString(folder.resolve("config"),
				"[profile dev]\n" + profile.replace(";", "\n") + "\n");
		Map<String, String> properties = Map.of("aws.configFile", config.toString(), "aws.sharedCredentialsFile",
				config.toString(), "aws.profile", "dev", "aws.disableEc2Metadata", "true");
		properties.forEach(System::setProperty);
		try {
			RdsIamCredentialsProvider provider = new RdsIamCredentialsProvider("us-east-1",
					new EnvironmentCredentialsProvider((name) -> null));
			assertThatThrownBy(() -> provider.credentials(ENDPOINT)).isInstanceOf(SQLException.class)
				.hasMessageContaining("Add software.amazon.awssdk:" + artifacts + " to the project");
		}
		finally {
			properties.keySet().forEach(System::clearProperty);
		}
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
