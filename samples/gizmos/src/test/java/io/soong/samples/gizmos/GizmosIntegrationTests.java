package io.soong.samples.gizmos;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.soong.test.Answer;
import io.soong.test.FunctionInitializationException;
import io.soong.test.LambdaRuntime;
import io.soong.test.Login;
import io.soong.test.RdsLookalike;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The deployment package under the real runtime interface client, against a database that
 * authenticates logins the way RDS does.
 */
class GizmosIntegrationTests {

	private static final Path DEPLOYMENT = Path.of("target", "gizmos-lambda");

	private static RdsLookalike rds;

	@BeforeAll
	static void startDatabase() throws Exception {
		rds = RdsLookalike.builder().iamUser("jane_doe").start();
		GizmosDatabase.create(rds);
	}

	@AfterAll
	static void stopDatabase() {
		rds.close();
	}

	@Test
	void functionWhenWarmReusesTheConnectionAndAfterAKillLogsInAnew() throws Exception {
		int before = rds.logins().size();
		try (LambdaRuntime function = start("getGizmo")) {
			assertThat(function.invoke("{\"id\": 8}").payload())
				.isEqualTo("{\"id\":8,\"name\":\"Portal gun\",\"color\":\"green\"}");
			assertThat(function.invoke("{\"id\": 7}").payload()).contains("Plumbus");
			assertThat(logins(before)).hasSize(1).allSatisfy((login) -> {
				assertThat(login.accepted()).isTrue();
				assertThat(login.method()).isEqualTo(Login.Method.IAM_TOKEN);
				assertThat(login.user()).isEqualTo("jane_doe");
				assertThat(login.tlsProtocol()).isEqualTo("TLSv1.3");
			});
			function.freeze();
			assertThat(rds.killConnections()).isEqualTo(1);
			function.thaw();
			assertThat(function.invoke("{\"id\": 8}").payload()).contains("Portal gun");
			assertThat(logins(before)).hasSize(2).last().satisfies((login) -> {
				assertThat(login.accepted()).isTrue();
				assertThat(login.method()).isEqualTo(Login.Method.IAM_TOKEN);
			});
			assertNoSecretsIn(function.logs());
		}
	}

	@Test
	void functionWhenEventIsBadFailsThatEventOnly() {
		int before = rds.logins().size();
		try (LambdaRuntime function = start("getGizmo")) {
			assertThat(function.invoke("{\"id\": 999}").errorMessage()).contains("There is no gizmo 999");
			for (String event : List.of("{\"id\": null}", "{\"id\": [7, 8]}", "{\"id\": {\"$gt\": 0}}",
					"{\"id\": \"7 OR true\"}", "{}", "null", "")) {
				assertThat(function.invoke(event).isError()).as(event).isTrue();
			}
			assertThat(function.invoke("{\"id\": 7}").payload()).contains("Plumbus");
			assertThat(logins(before)).hasSize(1);
		}
	}

	@Test
	void functionWhenCalledThroughApiGatewayAnswersAsItExpects() {
		try (LambdaRuntime function = start("getGizmo")) {
			Answer answer = function.invoke("""
					{"version": "2.0", "routeKey": "POST /gizmos", "rawPath": "/gizmos", "headers": {},
					 "requestContext": {"http": {"method": "POST", "path": "/gizmos"}},
					 "body": "{\\"id\\": 7}", "isBase64Encoded": false}
					""");
			assertThat(answer.isError()).as(answer.payload()).isFalse();
			assertThat(answer.payload()).contains("\"statusCode\":200").contains("Plumbus");
		}
	}

	@Test
	void functionWhenItHandlesEventsDoesNotLogThem() {
		try (LambdaRuntime function = start("getGizmo")) {
			function.invoke("{\"id\": 7, \"confidential\": \"tell-nobody\"}");
			assertThat(function.logs()).noneMatch((line) -> line.contains("tell-nobody"));
		}
	}

	@Test
	void functionWhenBodyCannotBeReadIsAnswered400AndWritesNothing() throws SQLException {
		try (LambdaRuntime function = start("addGizmo")) {
			for (String body : List.of("not json", "{\\\"name\\\": [1]}", "{}", "")) {
				Answer answer = function.invoke(request(body, false));
				assertThat(answer.isError()).as(body + answer.payload()).isFalse();
				assertThat(answer.payload()).as(body)
					.contains("\"statusCode\":400")
					.contains("message")
					.doesNotContain("tell-nobody");
			}
			assertThat(function.invoke(request("***", true)).payload()).contains("\"statusCode\":400");
			assertThat(function.invoke(request("eyJuYW1lIjogIkJhc2U2NCIsICJjb2xvciI6ICJzaXh0eS1mb3VyIn0=", true))
				.payload()).contains("\"statusCode\":200").doesNotContain("tell-nobody");
			assertThat(function.logs()).noneMatch((line) -> line.contains("tell-nobody"));
		}
		try (Connection connection = rds.openAdminConnection();
				Statement statement = connection.createStatement();
				ResultSet resultSet = statement
					.executeQuery("SELECT count(*) FROM gizmos WHERE name IS NULL OR name = ''")) {
			assertThat(resultSet.next()).isTrue();
			assertThat(resultSet.getInt(1)).isZero();
		}
	}

	private static String request(String body, boolean encoded) {
		return """
				{"version": "2.0", "routeKey": "POST /gizmos", "rawPath": "/gizmos",
				 "headers": {"authorization": "tell-nobody", "aws-api-gateway": "false",
				  "spring.cloud.function.definition": "getGizmo"},
				 "requestContext": {"http": {"method": "POST", "path": "/gizmos"}},
				 "body": "%s", "isBase64Encoded": %s}
				""".formatted(body, encoded);
	}

	@Test
	void functionWhenItStartsWithTheFirstEventAnswersAlike() {
		try (LambdaRuntime function = GizmosRuntime.of(DEPLOYMENT, rds, "getGizmo")
			.environment("FUNCTION_INVOKER_LATE_INITIALIZATION", "true")
			.start()) {
			assertThat(function.invoke("{\"id\": 7}").payload()).contains("Plumbus");
			assertThat(function.invoke(request("not json", false)).payload()).contains("\"statusCode\":400");
		}
	}

	@Test
	void initWhenFunctionIsNotNamedListsThem() {
		assertInitFails(Map.of("SPRING_CLOUD_FUNCTION_DEFINITION", ""), "several functions", "addGizmo, getGizmo",
				"SPRING_CLOUD_FUNCTION_DEFINITION");
	}

	@Test
	void functionsWriteAndReadBack() {
		try (LambdaRuntime function = start("renameGizmo")) {
			assertThat(function.invoke("{\"id\": 42, \"name\": \"Gizmo42: The Next Generation\"}").payload())
				.isEqualTo("{\"id\":42,\"name\":\"Gizmo42: The Next Generation\",\"color\":\"pink\"}");
			assertThat(function.invoke("{\"id\": 43, \"name\": \"Nobody\"}").errorMessage())
				.contains("There is no gizmo 43");
		}
		try (LambdaRuntime function = start("addGizmo")) {
			assertThat(function.invoke("{\"name\": \"Best gizmo ever!\", \"color\": \"Bright red\"}").payload())
				.matches("\\{\"id\":1\\d{3}}");
			assertThat(function.invoke("{\"name\": \"Nameless in color\"}").payload()).matches("\\{\"id\":1\\d{3}}");
		}
		try (LambdaRuntime function = start("gizmosOfColor")) {
			assertThat(function.invoke("{\"color\": \"pink\"}").payload()).contains("\"id\":7", "\"id\":42")
				.doesNotContain("\"id\":8");
			assertThat(function.invoke("{\"color\": null}").isError()).isTrue();
		}
		try (LambdaRuntime function = start("popularColors")) {
			assertThat(function.invoke("{\"gizmos\": 2}").payload()).isEqualTo("[{\"color\":\"pink\",\"gizmos\":2}]");
		}
	}

	@Test
	void functionWhenItTakesFromAQueueSkipsWhatAnotherTook() throws SQLException {
		try (LambdaRuntime function = start("shipOrders");
				Connection other = rds.openAdminConnection();
				Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("SELECT id FROM orders WHERE id = 1 FOR UPDATE");
			assertThat(function.invoke("{\"atMost\": 2}").payload())
				.isEqualTo("[{\"id\":2,\"gizmoId\":42},{\"id\":3,\"gizmoId\":8}]");
			other.rollback();
			assertThat(function.invoke("{\"atMost\": 2}").payload()).isEqualTo("[{\"id\":1,\"gizmoId\":7}]");
			assertThat(function.invoke("{\"atMost\": 2}").payload()).isEqualTo("[]");
		}
	}

	@Test
	void initWhenSettingsContradictSaysWhatToDo() {
		assertInitFails(Map.of("PG_SSLMODE", "verify-fully"), "soong.ssl.mode", "\"verify-fully\"", "PG_SSLMODE",
				"verify-full");
		assertInitFails(Map.of("PG_SSLMODE", "require"), "soong.ssl.mode", "'require'", "PG_SSLMODE",
				"soong.ssl.allow-unverified=true");
		assertInitFails(Map.of("PG_PASSWORD", "hunter2-hunter2", "SOONG_AUTH", "iam"), "soong.password", "PG_PASSWORD",
				"Remove the password, or set soong.auth=password.");
		assertInitFails(Map.of("PG_USER", " "), "soong.user", "PG_USER", "granted rds_iam");
	}

	@Test
	void functionWhenRoleIsNotInRdsIamSaysWhatToDo() {
		assertFailsWith(Map.of("PG_USER", "not_in_rds_iam"), "GRANT rds_iam TO \"not_in_rds_iam\"");
	}

	@Test
	void functionWhenDatabaseIsUnknownSaysWhatToDo() {
		assertFailsWith(Map.of("PG_DBNAME", "nowhere"), "the database 'nowhere' does not exist",
				"soong.dbname (PG_DBNAME)");
	}

	private static void assertInitFails(Map<String, String> variables, String... explanation) {
		List<String> logs = new CopyOnWriteArrayList<>();
		LambdaRuntime.Builder function = GizmosRuntime.of(DEPLOYMENT, rds, "getGizmo")
			.environment(variables)
			.logTo(logs::add);
		assertThatExceptionOfType(FunctionInitializationException.class).isThrownBy(() -> function.start().close())
			.withMessageContaining("APPLICATION FAILED TO START");
		String log = String.join("\n", logs);
		assertThat(log).contains("APPLICATION FAILED TO START");
		assertThat(log.substring(log.indexOf("APPLICATION FAILED TO START"))).contains(explanation);
		assertThat(log).doesNotContain("hunter2-hunter2");
		assertNoSecretsIn(logs);
	}

	private static void assertFailsWith(Map<String, String> variables, String... explanation) {
		try (LambdaRuntime function = GizmosRuntime.of(DEPLOYMENT, rds, "getGizmo").environment(variables).start()) {
			Answer answer = function.invoke("{\"id\": 7}");
			assertThat(answer.isError()).isTrue();
			assertThat(answer.errorMessage()).contains(explanation);
			assertThat(String.join("\n", function.logs())).contains(explanation).contains("What to do:");
			assertNoSecretsIn(function.logs());
			assertNoSecretsIn(List.of(answer.payload()));
		}
	}

	private static LambdaRuntime start(String function) {
		return GizmosRuntime.of(DEPLOYMENT, rds, function).start();
	}

	private static List<Login> logins(int before) {
		return rds.logins().subList(before, rds.logins().size());
	}

	private static void assertNoSecretsIn(List<String> lines) {
		assertThat(String.join("\n", lines)).doesNotContain("X-Amz-")
			.doesNotContain(rds.environment().get("AWS_SECRET_ACCESS_KEY"))
			.doesNotContain(rds.environment().get("AWS_SESSION_TOKEN"));
	}

}
