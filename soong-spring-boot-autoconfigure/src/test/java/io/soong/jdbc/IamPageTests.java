package io.soong.jdbc;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import io.soong.auth.DatabaseCredentials;
import io.soong.auth.RdsIamCredentialsProvider;
import io.soong.jdbc.SoongConnectionException.Step;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;
import software.amazon.awssdk.core.exception.SdkClientException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The messages on the page about IAM logins are those that are printed.
 */
class IamPageTests {

	private static final ConnectionSettings SETTINGS = ConnectionSettings
		.builder("gizmos.cluster-abc123.eu-west-1.rds.amazonaws.com")
		.dbname("gizmos")
		.user("jane_doe")
		.sslMode(ConnectionSettings.SslMode.VERIFY_FULL)
		.build();

	private static final String TOKEN = "gizmos.cluster-abc123.eu-west-1.rds.amazonaws.com:5432/?Action=connect&DBUser=jane_doe"
			+ "&X-Amz-Credential=ASIA%2F20261122%2Feu-west-1%2Frds-db%2Faws4_request&X-Amz-Date=20261122T101500Z"
			+ "&X-Amz-Security-Token=abc&X-Amz-Signature=abc";

	@Test
	void messagesOnThePageAreThoseThatArePrinted() throws IOException {
		List<String> printed = new ArrayList<>();
		SoongConnectionException refusedToken = login("28000", "PAM authentication failed for user \"jane_doe\"",
				TOKEN);
		printed.add(refusedToken.getMessage());
		printed.add(refusedToken.diagnosis());
		printed.add(login("28P01", "password authentication failed for user \"jane_doe\"", TOKEN).getMessage());
		printed.add(diagnose(Step.LOGIN, new PSQLException("unexpected", PSQLState.CONNECTION_REJECTED), TOKEN)
			.getMessage());
		printed.add(login("28000",
				"no pg_hba.conf entry for host \"10.0.0.1\", user \"jane_doe\", database \"gizmos\", SSL encryption",
				TOKEN)
			.getMessage());
		printed.add(login("28000", "role \"jane_doe\" is not permitted to log in", TOKEN).getMessage());
		printed.add(login("28000", "PAM authentication failed for user \"jane_doe\"", "s3cret").getMessage());
		printed.add(login("3D000", "database \"gizmos\" does not exist", TOKEN).getMessage());
		printed.add(login("42501", "permission denied for database \"gizmos\"", TOKEN).getMessage());
		printed
			.add(login("53300", "remaining connection slots are reserved for roles with the SUPERUSER attribute", TOKEN)
				.getMessage());
		printed.add(login("28000",
				"This RDS proxy has no credentials for the role jane_doe. Check the credentials for this role and try again.",
				TOKEN)
			.getMessage());
		printed.add(diagnose(Step.DNS, failure(new UnknownHostException()), null).getMessage());
		printed.add(diagnose(Step.TCP, failure(new SocketTimeoutException()), null).getMessage());
		printed.add(diagnose(Step.TCP, failure(new ConnectException()), null).getMessage());
		printed.add(diagnose(Step.TLS, failure(new IOException(new CertPathBuilderException())), null).getMessage());
		printed.add(diagnose(Step.TLS,
				failure(new IOException(
						new CertificateException("No subject alternative DNS name matching db.example.com found."))),
				null)
			.getMessage());
		printed.add(diagnose(Step.LOGIN, noCredentials(), null).getMessage());
		assertThat(blocks("text", Files.readString(Path.of("../docs/iam.md"))))
			.containsExactlyInAnyOrderElementsOf(printed.stream().map(IamPageTests::oneLine).toList());
	}

	private static SQLException noCredentials() {
		try {
			new RdsIamCredentialsProvider("eu-west-1", () -> {
				throw SdkClientException.create("none");
			}).credentials(SETTINGS.endpoint());
			throw new IllegalStateException("there are credentials");
		}
		catch (SQLException ex) {
			return new NoCredentialsException(ex);
		}
	}

	private static SoongConnectionException login(String state, String text, String secret) {
		return diagnose(Step.LOGIN,
				new PSQLException(new ServerErrorMessage("SFATAL\0C" + state + "\0M" + text + "\0\0"), false), secret);
	}

	private static SoongConnectionException diagnose(Step step, SQLException failure, @Nullable String secret) {
		return new ConnectionDiagnosis(SETTINGS, new CanonicalName("dns://127.0.0.1:1")).of(step, failure,
				(secret != null) ? UsedCredentials.of(new DatabaseCredentials("jane_doe", secret)) : null, 1,
				Duration.ofMillis(212));
	}

	private static SQLException failure(Exception cause) {
		return new PSQLException("The connection attempt failed.", PSQLState.CONNECTION_UNABLE_TO_CONNECT, cause);
	}

	private static List<String> blocks(String language, String page) {
		return Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
			.matcher(page)
			.results()
			.map((block) -> oneLine(block.group(1)))
			.toList();
	}

	private static String oneLine(@Nullable String text) {
		return String.valueOf(text).strip().replaceAll("\\s+", " ");
	}

}
