package io.soong.jdbc;

import java.time.Instant;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SignedTokenTests {

	@Test
	void tokenShowsWhatIsNoSecret() {
		SignedToken token = new SignedToken("db.example.com:5432/?Action=connect&DBUser=jane_doe"
				+ "&X-Amz-Credential=ASIA1234567890ABCDEF%2F20261127%2Feu-central-1%2Frds-db%2Faws4_request"
				+ "&X-Amz-Date=20261127T041500Z&X-Amz-Expires=900&X-Amz-Signature=secret");
		assertThat(token.endpoint()).isEqualTo("db.example.com:5432");
		assertThat(token.maskedKeyId()).isEqualTo("ASIA******CDEF");
		assertThat(token.expiresAt()).hasValue(Instant.parse("2026-11-27T04:30:00Z"));
	}

	@Test
	void tokenWhenOfAnotherFormShowsNothing() {
		SignedToken token = new SignedToken("X-Amz-Signature=secret");
		assertThat(new SignedToken("h:1?X-Amz-Security-Token=a/b").endpoint()).isEqualTo("h:1");
		assertThat(new SignedToken("h:1&X-Amz-Security-Token=a/?b").endpoint()).isEqualTo("an unknown endpoint");
		assertThat(token.endpoint()).isEqualTo("an unknown endpoint");
		assertThat(new SignedToken("/?Action=connect").endpoint()).isEqualTo("an unknown endpoint");
		assertThat(token.maskedKeyId()).isEqualTo("******");
		assertThat(token.expiresAt()).isEmpty();
		assertThat(
				new SignedToken("h/?X-Amz-Credential=ASIA12345678/x&X-Amz-Date=today&X-Amz-Expires=900").maskedKeyId())
			.isEqualTo("******");
		assertThat(new SignedToken("h/?X-Amz-Date=today&X-Amz-Expires=900").expiresAt()).isEmpty();
	}

}
