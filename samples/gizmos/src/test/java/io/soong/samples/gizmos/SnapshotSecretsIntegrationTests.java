package io.soong.samples.gizmos;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.soong.test.Answer;
import io.soong.test.LambdaRuntime;
import io.soong.test.Login;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What of the secrets that a function was given to log in with is in its snapshot, and in
 * what it writes and answers. What authorizes it to ask for credentials is not looked
 * for: Lambda puts that into the environment, and so into the snapshot.
 */
class SnapshotSecretsIntegrationTests {

	private static final Path DEPLOYMENT = Path.of("target", "gizmos-lambda");

	private static final int PIECE = 30;

	@Test
	void snapshotHoldsNoneAndWhatIsRestoredTellsNone() throws Exception {
		try (RdsLookalike rds = RdsLookalike.builder().iamUser("jane_doe").start()) {
			GizmosDatabase.create(rds);
			try (LambdaRuntime function = GizmosRuntime.of(DEPLOYMENT, rds, "getGizmo")
				.credentials(rds::environment)
				.environment("LOGGING_LEVEL_ROOT", "debug")
				// As much as a JVM begins with on a machine of 1 GB
				.addJvmOptions("-Xms16m")
				.snapshot()) {
				assertThat(rds.logins()).as("logins before the checkpoint").hasSize(1);
				List<String> secrets = secrets(rds);
				assertThat(function.searchMemory(secrets.toArray(String[]::new))).isEmpty();

				assertThat(rds.killConnections()).as("sessions at the checkpoint").isZero();
				rds.rotateCredentials();
				function.restore();
				Answer answer = function.invoke("{\"id\": 7}");
				assertThat(answer.payload()).contains("Plumbus");
				assertThat(rds.logins()).as("logins in all").hasSize(2).allMatch(Login::accepted);
				secrets.addAll(secrets(rds));

				rds.killConnections();
				rds.refuseLogins(1, "28P01", "no");
				Answer failure = function.invoke("{\"id\": 7}");
				assertThat(failure.errorMessage()).contains("jane_doe");
				assertThat(function.logs()).as("it logs at DEBUG").anyMatch((line) -> line.contains(" DEBUG "));
				assertThat(String.join("\n", function.logs()) + answer.payload() + failure.payload())
					.doesNotContain(secrets)
					.doesNotContain("X-Amz-");
			}
		}
	}

	/**
	 * Pieces of them, as they are found in encodings, too.
	 */
	private static List<String> secrets(RdsLookalike rds) throws GeneralSecurityException {
		Map<String, String> role = rds.environment();
		List<String> secrets = new ArrayList<>();
		secrets.add(TokenSignature.of(rds, role, rds.logins().get(rds.logins().size() - 1)));
		secrets.add(rds.endpoint() + ":" + rds.port() + "/?Action=connect");
		for (String name : List.of("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")) {
			String secret = Objects.requireNonNull(role.get(name));
			for (int from : new int[] { 0, secret.length() / 2 - PIECE / 2, secret.length() - PIECE }) {
				secrets.add(secret.substring(from, from + PIECE));
			}
		}
		return secrets;
	}

}
