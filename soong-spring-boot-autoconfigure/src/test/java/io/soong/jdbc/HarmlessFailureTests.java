package io.soong.jdbc;

import java.sql.SQLException;
import java.util.Locale;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is kept of a failure in a message and a log.
 */
class HarmlessFailureTests {

	private static final String TOKEN = "db:5432/?Action=connect&X-Amz-Signature=s3cret";

	@ParameterizedTest
	@CsvSource(nullValues = "null", value = { "null, no reason given", "' ', no reason given", "refused., refused",
			"' refused. ', refused", "refused, refused", "and so on..., and so on...", "'a\n\tb', a b" })
	void textIsOneLineWithoutAFullStop(String text, String clean) {
		assertThat(ServerText.withoutFullStop(text)).isEqualTo(clean);
	}

	@Test
	void textThatIsLongIsCut() {
		String words = "ab ".repeat(99);
		assertThat(ServerText.withoutFullStop(words + "abc")).isEqualTo(words + "abc");
		assertThat(ServerText.withoutFullStop(words + "abcd")).isEqualTo(words + "abc...");
	}

	@Test
	void tokenIsMasked() {
		assertThat(ServerText.withoutFullStop("role " + TOKEN + " is unknown.")).isEqualTo("role ****** is unknown");
		assertThat(ServerText.withoutFullStop(TOKEN.toLowerCase(Locale.ROOT))).isEqualTo("******");
	}

	@Test
	void textIsTheServersAlone() {
		assertThat(ServerText.of(refusal("PAM authentication failed."))).isEqualTo("PAM authentication failed");
		assertThat(ServerText.of(new PSQLException("broken", PSQLState.CONNECTION_FAILURE))).isNull();
		assertThat(ServerText.of(new SQLException("broken"))).isNull();
	}

	@Test
	void failureWhoseTextIsSafeIsKept() {
		SQLException refused = refusal("PAM authentication failed");
		refused.addSuppressed(new IllegalStateException(TOKEN));
		refused.addSuppressed(refusal("too many connections"));
		assertThat((Throwable) ServerText.harmless(refused)).isSameAs(refused);
		SQLException broken = new PSQLException(TOKEN, PSQLState.CONNECTION_FAILURE);
		assertThat((Throwable) ServerText.harmless(broken)).isSameAs(broken);
	}

	@Test
	void failureThatQuotesATokenIsReplaced() {
		SQLException refused = refusal("role " + TOKEN + " is unknown");
		SQLException harmless = ServerText.harmless(refused);
		assertThat((Throwable) harmless).isNotSameAs(refused)
			.hasMessage("FATAL: role ****** is unknown")
			.hasNoCause()
			.hasNoSuppressedExceptions();
		assertThat(harmless.getSQLState()).isEqualTo("28000");
		assertThat(harmless.getStackTrace()).isEqualTo(refused.getStackTrace());
	}

	@Test
	void failureWithASuppressedOneThatQuotesATokenIsReplaced() {
		SQLException refused = refusal("PAM authentication failed");
		refused.addSuppressed(refusal("role " + TOKEN + " is unknown"));
		assertThat((Throwable) ServerText.harmless(refused)).hasMessage("FATAL: PAM authentication failed")
			.hasNoSuppressedExceptions();
	}

	private static SQLException refusal(String text) {
		return new PSQLException(new ServerErrorMessage("SFATAL\0C28000\0M" + text + "\0\0"), false);
	}

}
