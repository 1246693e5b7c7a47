package io.soong.jdbc;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

import io.soong.auth.DatabaseCredentials;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
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
		refused.addSuppressed(new IllegalStateException("broken", new IllegalArgumentException("db:5432")));
		refused.addSuppressed(refusal("too many connections"));
		assertThat((Throwable) ServerText.harmless(refused)).isSameAs(refused);
		SQLException broken = new PSQLException("a\nb", PSQLState.CONNECTION_FAILURE, new IOException("reset"));
		assertThat((Throwable) ServerText.harmless(broken)).isSameAs(broken);
	}

	@ParameterizedTest
	@ValueSource(strings = { TOKEN, "answer: {\"password\":\"s3cret\"}", "GET https://s3cret@vault/x failed" })
	void failureWhoseCauseQuotesASecretIsReplaced(String text) {
		IllegalStateException cause = new IllegalStateException(text, new IOException("reset by " + text));
		SQLException broken = new NoCredentialsException(new SQLException("no answer", "08001", cause));
		SQLException harmless = ServerText.harmless(broken);
		StringWriter trace = new StringWriter();
		harmless.printStackTrace(new PrintWriter(trace));
		assertThat(trace.toString()).doesNotContain("s3cret")
			.contains("no answer", "java.lang.IllegalStateException", "java.io.IOException: reset by ", "******");
		assertThat(harmless.getSQLState()).isEqualTo("08001");
		assertThat((Throwable) harmless).hasRootCauseInstanceOf(SQLException.class);
	}

	@Test
	void failureWithASecretBesideItsCausesIsReplaced() {
		SQLException next = new SQLException("no answer");
		next.setNextException(new SQLException(TOKEN));
		SQLException suppressed = new SQLException("no answer");
		suppressed.addSuppressed(new IllegalStateException(TOKEN));
		SQLException shown = new SQLException("no answer", new IllegalStateException("broken") {

			@Override
			public String toString() {
				return "broken: " + TOKEN;
			}

		});
		for (SQLException failure : List.of(next, suppressed, shown)) {
			SQLException harmless = ServerText.harmless(failure);
			StringWriter trace = new StringWriter();
			harmless.printStackTrace(new PrintWriter(trace));
			assertThat(trace.toString()).contains("no answer").doesNotContain("s3cret");
			assertThat((Throwable) harmless.getNextException()).isNull();
		}
	}

	@Test
	void failureThatIsItsOwnCauseIsReplaced() {
		SQLException outer = new SQLException(TOKEN);
		SQLException inner = new SQLException("inner");
		outer.initCause(inner);
		inner.initCause(outer);
		assertThat((Throwable) ServerText.harmless(outer)).hasMessage("******");
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

	@ParameterizedTest
	@CsvSource({ "bad password hunter2, bad password ******", "hunter2, ******", "(hunter2), (******)",
			"hunter22 hunter2s, hunter22 hunter2s", "role bob, role bob" })
	void passwordThatTheServerQuotesIsMasked(String text, String shown) {
		DatabaseCredentials credentials = new DatabaseCredentials("bob", "hunter2");
		SQLException concealing = ServerText.concealing(credentials, refusal(text));
		assertThat(ServerText.of(concealing)).isEqualTo(shown);
		assertThat((Throwable) concealing).hasMessage("FATAL: " + shown);
		assertThat(concealing.getSQLState()).isEqualTo("28000");
		SQLException driver = new SQLException("x", "08006", new IOException(text));
		assertThat((Throwable) ServerText.concealing(credentials, driver))
			.hasRootCauseMessage(text.equals(shown) ? text : "java.io.IOException: " + shown);
	}

	@Test
	void passwordThatIsLongIsMaskedAnywhere() {
		assertThat(ServerText
			.of(ServerText.concealing(new DatabaseCredentials("bob", "(s3cret)\\E$1"), refusal("not a(s3cret)\\E$1b"))))
			.isEqualTo("not a******b");
	}

	@Test
	void passwordThatIsTheRoleOrMissingIsNotLookedFor() {
		SQLException refused = refusal("password authentication failed for user bob");
		for (String secret : new String[] { "bob", "", " ", null }) {
			assertThat((Throwable) ServerText.concealing(new DatabaseCredentials("bob", secret), refused))
				.isSameAs(refused);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "0123456789abcdef", "ses/sion+token=", "ses%2Fsion%2Btoken%3D", "ASIA0123456789",
			"db:5432/?Action=connect&X-Amz-Credential=ASIA0123456789%2F20261122&X-Amz-Security-Token="
					+ "ses%2Fsion%2Btoken%3D&X-Amz-Signature=0123456789abcdef" })
	void partOfATokenThatTheServerQuotesIsMasked(String quoted) {
		DatabaseCredentials credentials = new DatabaseCredentials("bob",
				"db:5432/?Action=connect&X-Amz-Credential=ASIA0123456789%2F20261122&X-Amz-Security-Token="
						+ "ses%2Fsion%2Btoken%3D&X-Amz-Signature=0123456789abcdef");
		String text = (quoted.startsWith("ASIA") ? quoted + "/20261122" : quoted);
		assertThat(ServerText.of(ServerText.concealing(credentials, refusal("not " + text + "!"))))
			.isEqualTo("not ******!");
	}

	private static SQLException refusal(String text) {
		return new PSQLException(new ServerErrorMessage("SFATAL\0C28000\0M" + text + "\0\0"), false);
	}

}
