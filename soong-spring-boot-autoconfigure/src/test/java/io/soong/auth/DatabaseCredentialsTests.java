package io.soong.auth;

import java.sql.SQLException;

import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

class DatabaseCredentialsTests {

	@Test
	void kindOfTokenSaysWhatSignedIt() throws SQLException {
		assertThat(token(AwsSessionCredentials.create("ASIAEXAMPLE", "secret", "a session token")).kind())
			.matches("IAM token of temporary credentials, with session token, signed at [\\d-]{10}T[\\d:]{8}Z by this "
					+ "machine's clock");
		assertThat(token(AwsBasicCredentials.create("AKIAEXAMPLE", "secret")).kind())
			.startsWith("IAM token of long-lived credentials, without session token, signed at ");
	}

	@Test
	void kindOfPasswordIsJustThat() {
		assertThat(new DatabaseCredentials("bob", "S3cret&X-Amz-Date=yes").kind()).isEqualTo("password");
		assertThat(new DatabaseCredentials("bob", null).kind()).isEqualTo("no password");
	}

	@Test
	void tokenSaysThatItIsOneAndForWhichRegion() throws SQLException {
		DatabaseCredentials token = token(AwsBasicCredentials.create("AKIAEXAMPLE", "secret"));
		assertThat(token.isToken()).isTrue();
		assertThat(token.region()).hasValue("eu-central-1");
		assertThat(new DatabaseCredentials("bob", "S3cret&X-Amz-Date=yes").isToken()).isFalse();
		assertThat(new DatabaseCredentials("bob", "S3cret&X-Amz-Credential=a/b/c").region()).isEmpty();
	}

	@Test
	void tokenWhenGivenAsAPasswordIsATokenAllTheSame() throws SQLException {
		DatabaseCredentials token = token(AwsBasicCredentials.create("AKIAEXAMPLE", "secret"));
		assertThat(new DatabaseCredentials(token.user(), token.secret())).isEqualTo(token);
	}

	@Test
	void tokenWhenOfAnUnknownFormIsOneBecauseItsProviderSaysSo() {
		DatabaseCredentials token = new DatabaseCredentials("jane_doe", "X-Amz-Credential=%zz", true);
		assertThat(token.isToken()).isTrue();
		assertThat(token.region()).isEmpty();
		assertThat(token.kind()).startsWith("IAM token of long-lived credentials");
	}

	@Test
	void regionOfATokenWithAShortScopeIsUnknown() {
		for (String scope : new String[] { "", "AKID", "AKID%2F20261122", "AKID/20261122" }) {
			assertThat(new DatabaseCredentials("jane_doe", "db:5432/?X-Amz-Credential=" + scope, true).region())
				.as(scope)
				.isEmpty();
		}
		assertThat(new DatabaseCredentials("jane_doe", "db:5432/?X-Amz-Credential=AKID%2F20261122%2Fmars-1", true)
			.region()).hasValue("mars-1");
	}

	@Test
	void tokenOrUserThatIsNullIsRefused() {
		assertThatNullPointerException().isThrownBy(() -> new DatabaseCredentials("jane_doe", nothing(), true))
			.withMessage("a token must not be null");
		assertThatNullPointerException().isThrownBy(() -> new DatabaseCredentials(nothing(), "S3cret"))
			.withMessage("user must not be null");
	}

	/** What a provider without null checks may pass. */
	@SuppressWarnings("NullAway")
	private static String nothing() {
		return null;
	}

	@Test
	void textShowsNoSecret() {
		assertThat(new DatabaseCredentials("bob", "S3cret"))
			.hasToString("DatabaseCredentials[user=bob, secret=******]");
	}

	private static DatabaseCredentials token(AwsCredentials credentials) throws SQLException {
		return new RdsIamCredentialsProvider("eu-central-1", () -> credentials)
			.credentials(new DatabaseEndpoint("db.example.com", 5432, "gizmos", "jane_doe"));
	}

}
