package io.soong.jdbc;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.List;

import io.soong.auth.DatabaseCredentials;
import io.soong.jdbc.SoongConnectionException.Step;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which cause the server's text stands for.
 */
class LoginDiagnosisTests {

	private static final String TOKEN = "db:5432/?Action=connect&DBUser=jane_doe&X-Amz-Credential="
			+ "AKID%2F20261122%2Feu-west-1%2Frds-db%2Faws4_request&X-Amz-Signature=abc";

	/**
	 * What PostgreSQL 18 and RDS Proxy say, and what is made of it.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = {
			"28000 | PAM authentication failed for user \"jane_doe\" | true | true | RDS did not accept the IAM token | rds-db:connect on arn:aws:rds-db:eu-west-1:",
			"28000 | The IAM authentication failed for the role jane_doe. Check the IAM token for this role and try again. | true | true | RDS did not accept the IAM token | rds-db:connect",
			"28000 | role \"jane_doe\" is not permitted to log in | true | false | the role has no LOGIN attribute | ALTER ROLE \"jane_doe\" LOGIN",
			"28000 | role \"jane_doe\" is not permitted to log in | false | false | the role has no LOGIN attribute | ALTER ROLE \"jane_doe\" LOGIN",
			"28000 | role \"jane_doe\" does not exist | true | false | there is no such role | LOGIN; GRANT rds_iam",
			"28000 | role \"jane_doe\" does not exist | false | false | there is no such role | CREATE ROLE \"jane_doe\" LOGIN",
			"28000 | no pg_hba.conf entry for host \"10.0.0.1\", user \"jane_doe\", database \"default\", SSL encryption | true | true | the token was not checked | waking from scale-to-zero",
			"28000 | no pg_hba.conf entry for host \"10.0.0.1\", user \"jane_doe\", database \"default\", no encryption | false | false | no pg_hba.conf entry | soong.ssl.mode=require",
			"28000 | PAM authentication failed for user \"jane_doe\" | false | false | PAM authentication failed | set soong.auth=iam",
			"28000 | This RDS proxy has no credentials for the role jane_doe. Check the credentials for this role and try again. | true | false | the RDS Proxy has no credentials | a secret of the role",
			"28P01 | password authentication failed for user \"jane_doe\" | true | false | no member of rds_iam | GRANT rds_iam",
			"28P01 | password authentication failed for user \"jane_doe\" | false | false | wrong password | PG_PASSWORD",
			"3D000 | database \"default\" does not exist | true | false | the database 'default' does not exist | PG_DBNAME",
			"42501 | permission denied for database \"default\" | true | false | may not connect to the database 'default' | GRANT CONNECT ON DATABASE",
			"42501 | permission denied to set parameter \"log_statement\" | true | false | may not set a parameter | soong.connection.properties",
			"53300 | sorry, too many clients already | true | true | the server has no connection left | max_connections",
			"53300 | remaining connection slots are reserved for roles with the SUPERUSER attribute | true | true | the server has no connection left | max_connections",
			"53300 | too many connections for role \"jane_doe\" | true | true | the role has reached its CONNECTION LIMIT | ALTER ROLE \"jane_doe\" CONNECTION LIMIT",
			"53300 | too many connections for database \"default\" | true | true | the database 'default' has reached its CONNECTION LIMIT | ALTER DATABASE \"default\" CONNECTION LIMIT",
			"22023 | invalid value for parameter \"TimeZone\": \"Nowhere\" | true | false | does not know this JVM's time zone | user.timezone",
			"22023 | invalid value for parameter \"work_mem\": \"x\" | true | false | does not accept a parameter | soong.connection.properties",
			"42704 | unrecognized configuration parameter \"nowhere\" | true | false | does not accept a parameter | soong.connection.properties",
			"57P03 | the database system is starting up | true | true | starting up or shutting down | Try again",
			"55000 | database \"default\" is not currently accepting connections | true | false | not currently accepting | server's log" })
	void textChoosesTheCauseAndStandsInMessageAndDiagnosis(String state, String text, boolean token,
			boolean isTransient, String cause, String fix) {
		SoongConnectionException failure = diagnose(refusal(state, text), token ? TOKEN : "s3cret");
		String said = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
		assertThat(failure.getMessage()).startsWith("Login to db:5432/default as 'jane_doe' was refused: ")
			.contains(cause, "(" + state + ")")
			.containsOnlyOnce(said)
			.endsWith(".")
			.doesNotContain("..");
		assertThat(failure.diagnosis()).contains("server's text: " + said + "\n", fix);
		assertThat(failure.isTransient()).isEqualTo(isTransient);
		assertThat(failure.getSQLState()).isEqualTo(state);
		assertThat((Throwable) failure).hasMessageNotContainingAny("s3cret", "X-Amz-");
	}

	@Test
	void replicationWhenRefusedIsToldFromAMissingConnectPrivilege() {
		ConnectionSettings replicating = ConnectionSettings.builder("db")
			.driverProperty("replication", "database")
			.build();
		SQLException refusal = refusal("42501", "permission denied to start WAL sender");
		assertThat((Throwable) diagnose(replicating, refusal, TOKEN))
			.hasMessageContaining("may not open a replication connection")
			.hasMessageContaining("soong.connection.properties.replication");
		assertThat((Throwable) diagnose(replicating, refusal("42501", "permission denied for database \"default\""),
				TOKEN))
			.hasMessageContaining("GRANT CONNECT");
	}

	@Test
	void roleIsTheOneThatWasReallyUsed() {
		ConnectionSettings settings = ConnectionSettings.builder("db").user("configured").build();
		assertThat((Throwable) diagnose(settings, refusal("53300", "too many connections for role \"jane_doe\""),
				"s3cret"))
			.hasMessageContaining("as 'jane_doe' was refused")
			.hasMessageContaining("ALTER ROLE \"jane_doe\"")
			.hasMessageNotContaining("configured");
	}

	@Test
	void nameWhenItHoldsAQuoteIsQuotedInStatements() {
		ConnectionSettings settings = ConnectionSettings.builder("db").dbname("a\"b").build();
		SoongConnectionException failure = new ConnectionDiagnosis(settings, new CanonicalName("dns://127.0.0.1:1")).of(
				Step.LOGIN, refusal("42501", "permission denied for database \"a\"b\""),
				UsedCredentials.of(new DatabaseCredentials("c\"d", TOKEN)), 1, Duration.ZERO);
		assertThat((Throwable) failure)
			.hasMessageContaining("Run: GRANT CONNECT ON DATABASE \"a\"\"b\" TO \"c\"\"d\".");
	}

	@Test
	void textWhenLongIsCut() {
		SoongConnectionException failure = diagnose(refusal("XX000", "long ".repeat(1000)), TOKEN);
		assertThat(failure.getMessage()).hasSizeLessThan(600).contains("long long...");
		assertThat(failure.getCause()).isNotNull();
		assertThat(String.valueOf(failure.getCause().getMessage())).hasSizeLessThan(400);
	}

	@Test
	void nameOfARoleOrDatabaseIsQuotedInStatements() {
		ConnectionSettings settings = ConnectionSettings.builder("db").user("a\"; --").dbname("x\"y").build();
		for (String state : List.of("28000", "28P01", "42501", "53300")) {
			SoongConnectionException failure = new ConnectionDiagnosis(settings, new CanonicalName("dns://127.0.0.1:1"))
				.of(Step.LOGIN, refusal(state, "too many connections for role"),
						UsedCredentials.of(new DatabaseCredentials("a\"; --", TOKEN)), 1, Duration.ZERO);
			assertThat(failure.diagnosis().replace("\"a\"\"; --\"", "").replace("\"x\"\"y\"", ""))
				.contains("What to do:")
				.doesNotContain("\"a\"", "\"x\"");
		}
	}

	@Test
	void providerWhenItFailsIsQuotedWithItsCause() {
		IOException cause = new IOException("the vault is sealed");
		for (Exception thrown : new Exception[] { new SQLException("no secret for jane_doe", cause),
				new IllegalStateException("no secret for jane_doe", cause) }) {
			SoongConnectionException failure = diagnose(new NoCredentialsException(thrown), null);
			assertThat((Throwable) failure)
				.hasMessageContaining("There are no credentials to log in to db:5432/default")
				.hasMessageContaining("no secret for jane_doe")
				.hasStackTraceContaining("the vault is sealed")
				.hasRootCause(cause);
			assertThat(failure.isTransient()).isFalse();
		}
		assertThat(diagnose(new NoCredentialsException(new SQLTransientException("later")), null).isTransient())
			.isTrue();
		assertThat((Throwable) diagnose(new NoCredentialsException(new IllegalStateException("sealed")), null))
			.hasMessageContaining("java.lang.IllegalStateException: sealed");
	}

	@Test
	void passwordWhenMissingIsAskedFor() {
		SQLException unsupported = new PSQLException("The server requested SCRAM", PSQLState.CONNECTION_REJECTED);
		for (@Nullable
		String none : new @Nullable String[] { null, "" }) {
			SoongConnectionException failure = new ConnectionDiagnosis(
					ConnectionSettings.builder("db").user("jane_doe").build(), new CanonicalName("dns://127.0.0.1:1"))
				.of(Step.LOGIN, unsupported, UsedCredentials.of(new DatabaseCredentials("jane_doe", none)), 1,
						Duration.ZERO);
			assertThat((Throwable) failure)
				.hasMessageContaining("the server asks for a password, and there is none (08004). Set soong.password");
			assertThat(failure.isTransient()).isFalse();
		}
		for (@Nullable
		String secret : new @Nullable String[] { "s3cret", null }) {
			SoongConnectionException failure = diagnose(unsupported, secret);
			assertThat((Throwable) failure)
				.hasMessageContaining("was refused: The server requested SCRAM (08004). Check the server's log");
			assertThat(failure.isTransient()).isFalse();
		}
		assertThat((Throwable) diagnose(new PSQLException("cut", PSQLState.CONNECTION_FAILURE), ""))
			.hasMessageContaining("was refused: cut (08006). Check the server's log");
	}

	@Test
	void connectionWhenItBreaksDuringTheLoginIsTransient() {
		SQLException broken = new PSQLException("The connection attempt failed.",
				PSQLState.CONNECTION_UNABLE_TO_CONNECT, new IOException("reset"));
		assertThat(diagnose(broken, TOKEN).isTransient()).isTrue();
	}

	private static SoongConnectionException diagnose(SQLException failure, @Nullable String secret) {
		return diagnose(ConnectionSettings.builder("db").user("jane_doe").build(), failure, secret);
	}

	private static SoongConnectionException diagnose(ConnectionSettings settings, SQLException failure,
			@Nullable String secret) {
		return new ConnectionDiagnosis(settings, new CanonicalName("dns://127.0.0.1:1")).of(Step.LOGIN, failure,
				(secret != null) ? UsedCredentials.of(new DatabaseCredentials("jane_doe", secret)) : null, 1,
				Duration.ZERO);
	}

	private static SQLException refusal(String state, String text) {
		return new PSQLException(new ServerErrorMessage("SFATAL\0C" + state + "\0M" + text + "\0\0"), false);
	}

}
