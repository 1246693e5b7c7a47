package io.soong.test;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LoginPolicy}, with a simulated time.
 */
class LoginPolicyTests {

	private static final String HOST = "gizmos.c0ffee123456.eu-central-1.rds.amazonaws.com";

	private static final String GREEN = "gizmos-green-abc123.c0ffee123456.eu-central-1.rds.amazonaws.com";

	private final IamCredentials credentials = IamCredentials.random();

	private final AtomicLong nanos = new AtomicLong(1);

	private final LoginPolicy policy = new LoginPolicy(verifier(HOST), () -> this.credentials, this.nanos::get);

	@Test
	void checkWhenMoreThanTheLimitWithinASecondRefuses() {
		this.policy.limit(2);
		assertThat(accepts(HOST)).isTrue();
		assertThat(accepts(HOST)).isTrue();
		assertThat(accepts(HOST)).isFalse();
		pass(Duration.ofMillis(499));
		assertThat(accepts(HOST)).isFalse();
		pass(Duration.ofMillis(2));
		assertThat(accepts(HOST)).isTrue();
		pass(Duration.ofMinutes(1));
		assertThat(accepts(HOST)).isTrue();
		assertThat(accepts(HOST)).isTrue();
		assertThat(accepts(HOST)).isFalse();
		this.policy.limit(0);
		assertThat(accepts(HOST)).isTrue();
	}

	@Test
	void wakingWhenPausedBeginsWithTheFirstClient() {
		this.policy.pause(Duration.ofSeconds(15), Waking.STARTING);
		pass(Duration.ofHours(1));
		assertThat(this.policy.waking()).isEqualTo(Waking.STARTING);
		pass(Duration.ofMillis(14_999));
		assertThat(this.policy.waking()).isEqualTo(Waking.STARTING);
		pass(Duration.ofMillis(1));
		assertThat(this.policy.waking()).isNull();
	}

	@Test
	void checkWhenSwitchedOverAcceptsOnlyTheOtherNameForSomeTime() {
		this.policy.switchOver(verifier(GREEN), Duration.ofSeconds(20));
		assertThat(accepts(HOST)).isFalse();
		assertThat(accepts(GREEN)).isTrue();
		pass(Duration.ofSeconds(20));
		assertThat(accepts(HOST)).isTrue();
		assertThat(accepts(GREEN)).isFalse();
	}

	@Test
	void clearFaultsEndsAllRefusals() {
		this.policy.failTokenChecks(1);
		this.policy.limit(1);
		this.policy.pause(Duration.ofHours(1), Waking.NO_ENTRY);
		this.policy.switchOver(verifier(GREEN), Duration.ofHours(1));
		this.policy.clearFaults();
		assertThat(this.policy.waking()).isNull();
		assertThat(accepts(HOST)).isTrue();
		assertThat(accepts(HOST)).isTrue();
	}

	private void pass(Duration time) {
		this.nanos.addAndGet(time.toNanos());
	}

	private boolean accepts(String host) {
		String token = Client
			.token(Map.of("AWS_REGION", "eu-central-1", "AWS_ACCESS_KEY_ID", this.credentials.accessKeyId(),
					"AWS_SECRET_ACCESS_KEY", this.credentials.secretAccessKey(), "AWS_SESSION_TOKEN",
					String.valueOf(this.credentials.sessionToken()), "PG_HOST", host, "PG_PORT", "5432"));
		return this.policy.check(token, "jane_doe").valid();
	}

	private static IamTokenVerifier verifier(String host) {
		return new IamTokenVerifier(host, 5432, "eu-central-1", Clock.systemUTC());
	}

}
