package io.soong.test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

import io.soong.test.IamTokenVerifier.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsUtilities;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link IamTokenVerifier}, against tokens that the AWS SDK signs.
 */
class IamTokenVerifierTests {

	private static final String HOST = "gizmos.c0ffee123456.eu-central-1.rds.amazonaws.com";

	private static final IamCredentials SESSION = new IamCredentials("ASIAEXAMPLE234567XYZ", "secret/with+signs=",
			"session/token+with=signs==");

	private static final IamCredentials LONG_TERM = new IamCredentials("AKIAEXAMPLE234567XYZ", "another secret", null);

	private final Instant now = Instant.now();

	private final String token = sign(SESSION, HOST, 5432, "jane_doe", "eu-central-1");

	@Test
	void verifyWhenSignedBySdkWithSessionCredentialsAccepts() {
		Verdict verdict = verify(this.token, "jane_doe");
		assertThat(verdict.reason()).isEqualTo("the token is valid");
		assertThat(verdict.valid()).isTrue();
		assertThat(verdict.signedAt()).isBetween(this.now.minusSeconds(2), this.now.plusSeconds(60));
	}

	@Test
	void verifyWhenSignedBySdkWithLongTermCredentialsAccepts() {
		String longTerm = sign(LONG_TERM, HOST, 5432, "jane_doe", "eu-central-1");
		assertThat(verifier(Duration.ZERO).verify(longTerm, "jane_doe", LONG_TERM).valid()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "jane@example.com", "Jürgen", "a b", "a+b", "a%b", "a&b=c", "~-._" })
	void verifyWhenUserNeedsEncodingAccepts(String user) {
		assertThat(verify(sign(SESSION, HOST, 5432, user, "eu-central-1"), user)).matches(Verdict::valid, "is valid");
	}

	@Test
	void verifyWhenSignedForOtherHostRefuses() {
		assertRefused(sign(SESSION, "localhost", 5432, "jane_doe", "eu-central-1"),
				"the token is for the host \"localhost\", not \"" + HOST + "\"");
	}

	@Test
	void verifyWhenSignedForOtherPortRefuses() {
		assertRefused(sign(SESSION, HOST, 5433, "jane_doe", "eu-central-1"),
				"the token is for the port \"5433\", not \"5432\"");
	}

	@Test
	void verifyWhenSignedForOtherUserRefuses() {
		assertRefused(sign(SESSION, HOST, 5432, "john_doe", "eu-central-1"),
				"the token is for the user \"john_doe\", not \"jane_doe\"");
	}

	@Test
	void verifyWhenSignedForOtherRegionRefuses() {
		assertRefused(sign(SESSION, HOST, 5432, "jane_doe", "us-east-1"),
				"the token is for the region \"us-east-1\", not \"eu-central-1\"");
	}

	@Test
	void verifyWhenSignedForOtherServiceRefuses() {
		assertRefused(this.token.replace("rds-db", "redshift"),
				"the token is for the service \"redshift\", not \"rds-db\"");
	}

	@Test
	void verifyWhenActionDiffersRefuses() {
		assertRefused(this.token.replace("Action=connect", "Action=destroy"),
				"the token is for the action \"destroy\", not \"connect\"");
	}

	@Test
	void verifyWhenAlgorithmDiffersRefuses() {
		assertRefused(this.token.replace("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"), "algorithm \"AWS4-HMAC-SHA1\"");
	}

	@Test
	void verifyWhenOtherHeadersAreSignedRefuses() {
		assertRefused(this.token.replace("SignedHeaders=host", "SignedHeaders=date"), "set of headers \"date\"");
	}

	@Test
	void verifyWhenUserIsExchangedAfterSigningRefuses() {
		String altered = this.token.replace("jane_doe", "admin");
		assertThat(verify(altered, "admin")).matches((verdict) -> !verdict.valid())
			.extracting(Verdict::reason)
			.asString()
			.startsWith("the token's signature is wrong");
	}

	@Test
	void verifyWhenTokenIsAsOldAsItMayBeAccepts() {
		assertThat(verifier(Duration.ofMinutes(15).minusSeconds(60)).verify(this.token, "jane_doe", SESSION).valid())
			.isTrue();
	}

	@Test
	void verifyWhenTokenIsOlderThanFifteenMinutesRefuses() {
		Verdict verdict = verifier(Duration.ofMinutes(16)).verify(this.token, "jane_doe", SESSION);
		assertThat(verdict.valid()).isFalse();
		assertThat(verdict.reason()).startsWith("the token expired: it was signed 9").endsWith("for 900 seconds");
		assertThat(verdict.signedAt()).isNotNull();
	}

	@Test
	void verifyWhenSignersClockIsALittleAheadAccepts() {
		assertThat(verifier(Duration.ofMinutes(-4)).verify(this.token, "jane_doe", SESSION).valid()).isTrue();
	}

	@Test
	void verifyWhenTokenIsFromTheFutureRefuses() {
		Verdict verdict = verifier(Duration.ofMinutes(-6)).verify(this.token, "jane_doe", SESSION);
		assertThat(verdict.valid()).isFalse();
		assertThat(verdict.reason()).endsWith("seconds in the future");
	}

	@ParameterizedTest
	@ValueSource(strings = { "901", "0", "-1", "999999999999", "", "soon" })
	void verifyWhenLifetimeIsOutOfRangeRefuses(String expires) {
		assertRefused(this.token.replace("X-Amz-Expires=900", "X-Amz-Expires=" + expires), "X-Amz-Expires is not");
	}

	@Test
	void verifyWhenShorterLifetimeIsOverRefuses() {
		String shorter = this.token.replace("X-Amz-Expires=900", "X-Amz-Expires=60");
		assertThat(verifier(Duration.ofSeconds(100)).verify(shorter, "jane_doe", SESSION).reason())
			.endsWith("for 60 seconds");
	}

	@Test
	void verifyWhenSessionTokenIsMissingRefuses() {
		String withoutSession = sign(new IamCredentials(SESSION.accessKeyId(), SESSION.secretAccessKey(), null), HOST,
				5432, "jane_doe", "eu-central-1");
		assertRefused(withoutSession, "the token lacks X-Amz-Security-Token");
	}

	@Test
	void verifyWhenSessionTokenIsAnotherRefuses() {
		String otherSession = sign(
				new IamCredentials(SESSION.accessKeyId(), SESSION.secretAccessKey(), "another session"), HOST, 5432,
				"jane_doe", "eu-central-1");
		assertRefused(otherSession, "X-Amz-Security-Token is not that of these credentials");
	}

	@Test
	void verifyWhenSessionTokenIsNotExpectedRefuses() {
		IamCredentials withSession = new IamCredentials(LONG_TERM.accessKeyId(), LONG_TERM.secretAccessKey(),
				"session");
		Verdict verdict = verifier(Duration.ZERO).verify(sign(withSession, HOST, 5432, "jane_doe", "eu-central-1"),
				"jane_doe", LONG_TERM);
		assertThat(verdict.valid()).isFalse();
		assertThat(verdict.reason()).contains("which these credentials do not have");
	}

	@Test
	void verifyWhenAccessKeyIsUnknownRefuses() {
		assertRefused(sign(IamCredentials.random(), HOST, 5432, "jane_doe", "eu-central-1"),
				"an access key that is unknown or no longer valid");
	}

	@Test
	void verifyWhenSecretKeyIsAnotherRefuses() {
		String forged = sign(new IamCredentials(SESSION.accessKeyId(), "guessed", SESSION.sessionToken()), HOST, 5432,
				"jane_doe", "eu-central-1");
		assertRefused(forged, "the token's signature is wrong");
	}

	@Test
	void verifyWhenSignatureIsAlteredRefuses() {
		char last = this.token.charAt(this.token.length() - 1);
		String altered = this.token.substring(0, this.token.length() - 1) + ((last == '0') ? '1' : '0');
		assertRefused(altered, "the token's signature is wrong");
	}

	@Test
	void verifyWhenSignatureIsEmptyRefuses() {
		assertRefused(this.token.substring(0, this.token.indexOf("X-Amz-Signature=")) + "X-Amz-Signature=",
				"the token's signature is wrong");
	}

	@Test
	void verifyWhenDateIsAlteredRefuses() {
		String date = this.token.replaceAll(".*X-Amz-Date=([0-9TZ]+).*", "$1");
		String earlier = date.replaceAll("[0-9]{2}Z$", "61Z");
		assertRefused(this.token.replace(date, earlier), "X-Amz-Date is no date");
		assertRefused(this.token.replace(date, "19990101T000000Z"), "the days in the token's");
	}

	@Test
	void verifyWhenSchemeStandsInFrontRefuses() {
		assertRefused("https://" + this.token, "the token starts with a scheme");
	}

	@Test
	void verifyWhenParameterStandsTwiceRefuses() {
		assertRefused(this.token + "&DBUser=admin", "a parameter stands twice");
	}

	@Test
	void verifyWhenParameterIsAddedAfterSigningRefuses() {
		assertRefused(this.token + "&X-Extra=1", "the token's signature is wrong");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "hunter2", "hunter2/?", ":/?=", "\u0000", "/?X-Amz-Signature=x",
			"hunter2:1/?X-Amz-Signature=%", "hunter2:1/?X-Amz-Signature=x&&",
			"hunter2:1/?X-Amz-Date=x&X-Amz-Signature=%zz" })
	void verifyWhenTokenIsGarbageRefusesWithoutRepeatingIt(String garbage) {
		Verdict verdict = verify(garbage, "jane_doe");
		assertThat(verdict.valid()).isFalse();
		assertThat(verdict.reason()).isNotBlank().doesNotContain("hunter2");
	}

	@Test
	void verifyWhenRefusedSaysNothingOfTheSecrets() {
		for (String user : new String[] { "jane_doe", "admin" }) {
			String reason = verify(this.token.replace("X-Amz-Expires=900", "X-Amz-Expires=899"), user).reason();
			assertThat(reason).doesNotContain(SESSION.secretAccessKey())
				.doesNotContain("session/token")
				.doesNotContain(this.token.substring(this.token.indexOf("Signature=") + 10));
		}
		assertThat(SESSION.toString()).doesNotContain("secret").doesNotContain("session/token");
	}

	private void assertRefused(String token, String reason) {
		Verdict verdict = verify(token, "jane_doe");
		assertThat(verdict.valid()).isFalse();
		assertThat(verdict.reason()).contains(reason);
	}

	private Verdict verify(String token, String user) {
		return verifier(Duration.ZERO).verify(token, user, SESSION);
	}

	private IamTokenVerifier verifier(Duration later) {
		return new IamTokenVerifier(HOST, 5432, "eu-central-1", Clock.fixed(this.now.plus(later), ZoneOffset.UTC));
	}

	private static String sign(IamCredentials credentials, String host, int port, String user, String region) {
		AwsCredentials aws = (credentials.sessionToken() != null)
				? AwsSessionCredentials.create(credentials.accessKeyId(), credentials.secretAccessKey(),
						credentials.sessionToken())
				: AwsBasicCredentials.create(credentials.accessKeyId(), credentials.secretAccessKey());
		return RdsUtilities.builder()
			.region(Region.of(region))
			.credentialsProvider(StaticCredentialsProvider.create(aws))
			.build()
			.generateAuthenticationToken((request) -> request.hostname(host).port(port).username(user));
	}

}
