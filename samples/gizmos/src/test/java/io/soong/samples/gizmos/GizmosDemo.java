package io.soong.samples.gizmos;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;

import io.soong.test.Answer;
import io.soong.test.LambdaRuntime;
import io.soong.test.Login;
import io.soong.test.RdsLookalike;

/**
 * Runs the functions as Lambda would, against a database that authenticates logins the
 * way RDS does, and tells what happens. Takes the unpacked deployment package as its
 * argument; ends with 0 if all went as it should.
 */
public final class GizmosDemo {

	private final RdsLookalike rds;

	private final Path deployment;

	private GizmosDemo(RdsLookalike rds, Path deployment) {
		this.rds = rds;
		this.deployment = deployment;
	}

	public static void main(String[] args) throws Exception {
		try (RdsLookalike rds = RdsLookalike.builder().iamUser("jane_doe").start()) {
			GizmosDatabase.create(rds);
			new GizmosDemo(rds, Path.of(args[0])).run();
		}
		catch (IllegalStateException ex) {
			say("FAILED: " + ex.getMessage());
			System.exit(1);
		}
	}

	private void run() throws Exception {
		say("A database as on RDS: " + this.rds.endpoint() + ", PostgreSQL behind TLS, IAM login only.");
		say("Each function runs in a JVM of its own under AWS' Java runtime interface client,");
		say("with PG_HOST, PG_PORT, PG_DBNAME, PG_USER and the session credentials of a role. No password.");
		say("");
		try (LambdaRuntime function = start("getGizmo")) {
			say("getGizmo");
			show(function, "{\"id\": 42}");
			say("  JVM start to first answer: " + function.timeToFirstAnswer().toMillis() + " ms");
			Login first = onlyLoginSince(0);
			say("  logged in as " + first.user() + " by " + describe(first));
			show(function, "{\"id\": 42}");
			show(function, "{\"id\": 7}");
			check(this.rds.logins().size() == 1, "later events should have reused the connection");
			say("  reused the connection: still 1 login");

			function.freeze();
			say("  -- frozen; meanwhile the server ends " + this.rds.killConnections() + " connection --");
			awaitSecondAfter(first);
			function.thaw();
			show(function, "{\"id\": 42}");
			Login second = onlyLoginSince(1);
			say("  noticed, and logged in anew by " + describe(second));
			check(!Objects.equals(first.tokenFingerprint(), second.tokenFingerprint()),
					"the token should be a fresh one");
			say("  peak memory: " + function.peakMemory() / 1024 / 1024 + " MiB");
		}
		once("renameGizmo", "{\"id\": 42, \"name\": \"Gizmo42: The Next Generation\"}");
		once("addGizmo", "{\"name\": \"Best gizmo ever!\", \"color\": \"Bright red\"}");
		once("gizmosOfColor", "{\"color\": \"pink\"}");
		once("popularColors", "{\"gizmos\": 2}");
		once("shipOrders", "{\"atMost\": 2}");
		say("");
		say("All as it should be: every login by IAM token over verified TLS.");
	}

	private void once(String name, String event) {
		// The function logs in while it starts
		int logins = this.rds.logins().size();
		try (LambdaRuntime function = start(name)) {
			say("");
			say(name);
			show(function, event);
			onlyLoginSince(logins);
		}
	}

	private LambdaRuntime start(String name) {
		return GizmosRuntime.of(this.deployment, this.rds, name).start();
	}

	private static void show(LambdaRuntime function, String event) {
		Answer answer = function.invoke(event);
		say("  event  " + event);
		say("  answer " + answer.payload() + "   (" + answer.duration().toMillis() + " ms)");
		check(!answer.isError(), "the function failed:\n" + String.join("\n", function.logs()));
	}

	private Login onlyLoginSince(int count) {
		List<Login> logins = this.rds.logins();
		check(logins.size() == count + 1, "there should be one more login, not " + (logins.size() - count));
		Login login = logins.get(count);
		check(login.accepted() && login.method() == Login.Method.IAM_TOKEN,
				"the login should be by IAM token: " + login);
		return login;
	}

	/**
	 * A token carries the second it was signed in, so that two of the same second are
	 * alike.
	 */
	private static void awaitSecondAfter(Login login) {
		Instant signedAt = Objects.requireNonNull(login.tokenSignedAt());
		while (!Instant.now().truncatedTo(ChronoUnit.SECONDS).isAfter(signedAt)) {
			Thread.onSpinWait();
		}
	}

	private static String describe(Login login) {
		return "IAM token " + login.tokenFingerprint() + " (signed " + login.tokenSignedAt() + ") over verified "
				+ login.tlsProtocol();
	}

	private static void check(boolean asItShouldBe, String otherwise) {
		if (!asItShouldBe) {
			throw new IllegalStateException(otherwise);
		}
	}

	private static void say(String line) {
		System.out.println(line);
	}

}
