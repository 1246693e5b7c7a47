package io.soong.jdbc;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

import io.soong.auth.DatabaseCredentials;
import io.soong.jdbc.DoctorReport.Outcome;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the doctor finds in the server's answers.
 */
class DatabaseCheckTests {

	private static final String INSTANCE = "gizmos.c0ffee123456.eu-central-1.rds.amazonaws.com";

	private static final String WRITER = "gizmos.cluster-c0ffee123456.eu-central-1.rds.amazonaws.com";

	private static final String READER = "gizmos.cluster-ro-c0ffee123456.eu-central-1.rds.amazonaws.com";

	private static final String PROXY = "gizmos.proxy-c0ffee123456.eu-central-1.rds.amazonaws.com";

	private static final String TOKEN = "X-Amz-Signature=abc";

	private final Map<String, Object> row = new LinkedHashMap<>();

	private final List<Class<?>> closed = new ArrayList<>();

	@Test
	void serverThatReadsAndWritesPasses() {
		assertThat(server(WRITER, false, "off")).isEqualTo(step("server", List.of("PostgreSQL 18.1",
				"session user 'jane_doe', database 'gizmos'", "not in recovery: it reads and writes"), List.of()));
		assertThat(this.closed).containsExactly(ResultSet.class, Statement.class);
	}

	@Test
	void roleThatActsAsAnotherIsShownWithThat() {
		answer("version", "18.1", "recovery", false, "read_only", "off", "session", "jane_doe", "current", "owner",
				"database", "gizmos");
		StepNotes notes = new StepNotes("server");
		check(WRITER, TOKEN, 1).server(notes);
		assertThat(notes.toStep().seen()).contains("session user 'jane_doe', acting as 'owner', database 'gizmos'");
	}

	@Test
	void standbyBehindTheWriterEndpointFails() {
		DoctorReport.Step step = server(WRITER, true, "on");
		assertThat(step.outcome()).isEqualTo(Outcome.FAILED);
		assertThat(step.seen()).endsWith("in recovery: a standby, which only reads",
				"The writer endpoint " + WRITER + ":5432/gizmos leads to a server that only reads");
		assertThat(step.fixes()).hasSize(2).first().asString().contains("passes within a minute");
		assertThat(step.warnings()).isEmpty();
	}

	@Test
	void standbyBehindTheReaderEndpointPasses() {
		DoctorReport.Step step = server(READER, true, "on");
		assertThat(step.outcome()).isEqualTo(Outcome.PASSED);
		assertThat(step.warnings()).isEmpty();
	}

	@Test
	void standbyBehindAnotherNameIsWarnedOf() {
		DoctorReport.Step step = server(INSTANCE, true, "on");
		assertThat(step.outcome()).isEqualTo(Outcome.PASSED);
		assertThat(step.warnings()).singleElement().asString().startsWith("Every write fails on this server (25006)");
	}

	@Test
	void transactionsThatAreReadOnlyByDefaultAreWarnedOf() {
		DoctorReport.Step step = server(WRITER, false, "on");
		assertThat(step.outcome()).isEqualTo(Outcome.PASSED);
		assertThat(step.warnings()).singleElement().asString().contains("Check default_transaction_read_only");
	}

	@Test
	void membershipWhereThereIsNoSuchRoleIsSkipped() {
		DoctorReport.Step step = membership(INSTANCE, TOKEN);
		assertThat(step.outcome()).isEqualTo(Outcome.SKIPPED);
		assertThat(step.seen()).singleElement().asString().startsWith("The server has no role rds_iam");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "none", textBlock = """
			true  | true  | false | a member  | none
			true  | false | false | a member  | REVOKE rds_iam FROM "jane_doe"
			false | true  | false | no member | GRANT rds_iam TO "jane_doe"
			false | true  | true  | no member | none
			false | false | false | no member | none
			""")
	void membershipIsComparedWithTheCredentials(boolean member, boolean token, boolean proxy, String seen,
			@Nullable String warning) {
		answer("member", member);
		DoctorReport.Step step = membership(proxy ? PROXY : INSTANCE, token ? TOKEN : "s3cret");
		assertThat(step.seen()).containsExactly("'jane_doe' is " + seen + " of rds_iam");
		assertThat(step.outcome()).isEqualTo(Outcome.PASSED);
		assertThat(step.warnings()).hasSize((warning != null) ? 1 : 0)
			.allSatisfy((text) -> assertThat(text).endsWith("un: " + warning));
		assertThat(this.closed).containsExactly(ResultSet.class, Statement.class);
	}

	@Test
	void limitsThatLeaveEnoughPass() {
		limits(100, 5, -1, false, -1, 92);
		assertThat(limits(3)).isEqualTo(step("limits",
				List.of("max_connections 100, of which 5 are reserved; 92 other connections are open",
						"role \"jane_doe\": no CONNECTION LIMIT", "database \"gizmos\": no CONNECTION LIMIT",
						"soong.connection.max 3 for each environment of a function"),
				List.of()));
		assertThat(this.closed).containsExactly(ResultSet.class, Statement.class);
	}

	@Test
	void limitsThatAreUsedUpAreWarnedOf() {
		limits(100, 5, 10, false, 20, 93);
		this.row.put("used_by_role", 8);
		this.row.put("used_in_database", 21);
		DoctorReport.Step step = limits(3);
		assertThat(step.outcome()).isEqualTo(Outcome.PASSED);
		assertThat(step.seen()).contains("role \"jane_doe\": CONNECTION LIMIT 10, 8 other connections are open",
				"database \"gizmos\": CONNECTION LIMIT 20, 21 other connections are open");
		assertThat(step.warnings()).containsExactly(
				"At this moment the server has 2 of 95 connections left, and soong.connection.max is 3. If that lasts, "
						+ "raise max_connections, or put an RDS Proxy between",
				"At this moment role \"jane_doe\" has 2 of 10 connections left, and soong.connection.max is 3. If that "
						+ "lasts, run: ALTER ROLE \"jane_doe\" CONNECTION LIMIT -1",
				"At this moment database \"gizmos\" has 0 of 20 connections left, and soong.connection.max is 3. If "
						+ "that lasts, run: ALTER DATABASE \"gizmos\" CONNECTION LIMIT -1");
	}

	@Test
	void limitsThatAreNotUsedUpAreNotWarnedOf() {
		limits(100, 5, 10, false, 20, 92);
		this.row.put("used_by_role", 7);
		this.row.put("used_in_database", 17);
		assertThat(limits(3).warnings()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 2 })
	void limitBelowTheMaximumFails(int limit) {
		limits(100, 5, limit, false, 3, 0);
		DoctorReport.Step step = limits(3);
		assertThat(step.outcome()).isEqualTo(Outcome.FAILED);
		assertThat(step.seen()).contains("soong.connection.max is 3, but role \"jane_doe\" allows " + limit);
		assertThat(step.fixes()).containsExactly("Set soong.connection.max=" + ((limit == 0) ? 1 : 2)
				+ ", or run: ALTER ROLE \"jane_doe\" CONNECTION LIMIT -1");
		assertThat(step.warnings()).isEmpty();
	}

	@Test
	void serverThatHasLessThanTheMaximumFails() {
		limits(7, 5, -1, false, -1, 0);
		DoctorReport.Step step = limits(3);
		assertThat(step.seen()).contains("soong.connection.max is 3, but the server allows 2");
		assertThat(step.fixes())
			.containsExactly("Set soong.connection.max=2, or raise max_connections, or put an RDS Proxy between");
	}

	@Test
	void limitOfASuperuserDoesNotCount() {
		limits(100, 5, 0, true, -1, 0);
		DoctorReport.Step step = limits(3);
		assertThat(step.outcome()).isEqualTo(Outcome.PASSED);
		assertThat(step.seen()).noneMatch((line) -> line.startsWith("role "));
	}

	private DoctorReport.Step server(String host, boolean inRecovery, String readOnly) {
		answer("version", "18.1", "recovery", inRecovery, "read_only", readOnly, "session", "jane_doe", "current",
				"jane_doe", "database", "gizmos");
		StepNotes notes = new StepNotes("server");
		check(host, TOKEN, 1).server(notes);
		return notes.toStep();
	}

	private DoctorReport.Step membership(String host, String secret) {
		StepNotes notes = new StepNotes("rds_iam");
		check(host, secret, 1).membership(notes);
		return notes.toStep();
	}

	private void limits(int most, int reserved, int ofRole, boolean superuser, int ofDatabase, int used) {
		answer("most", most, "reserved", reserved, "rolconnlimit", ofRole, "rolsuper", superuser, "datconnlimit",
				ofDatabase, "used", used, "used_by_role", 0, "used_in_database", 0);
	}

	private DoctorReport.Step limits(int max) {
		StepNotes notes = new StepNotes("limits");
		check(INSTANCE, TOKEN, max).limits(notes);
		return notes.toStep();
	}

	private static DoctorReport.Step step(String name, List<String> seen, List<String> warnings) {
		return new DoctorReport.Step(name, Outcome.PASSED, seen, warnings, List.of());
	}

	private DatabaseCheck check(String host, String secret, int max) {
		return new DatabaseCheck(connection(),
				ConnectionSettings.builder(host).dbname("gizmos").user("jane_doe").max(max).build(),
				UsedCredentials.of(new DatabaseCredentials("jane_doe", secret)));
	}

	private void answer(Object... columns) {
		for (int i = 0; i < columns.length; i += 2) {
			this.row.put((String) columns[i], columns[i + 1]);
		}
	}

	/**
	 * Returns a connection that answers every query with the row, if there is one.
	 */
	private Connection connection() {
		Iterator<Boolean> next = List.of(!this.row.isEmpty(), false).iterator();
		ResultSetMetaData columns = stub(ResultSetMetaData.class, (method, argument) -> this.row.size());
		ResultSet answer = stub(ResultSet.class, (method, column) -> switch (method) {
			case "next" -> next.next();
			case "getMetaData" -> columns;
			case "wasNull" -> false;
			default -> (column instanceof Integer index) ? List.copyOf(this.row.values()).get(index - 1)
					: this.row.get(column);
		});
		Statement statement = stub(Statement.class, (method, sql) -> method.equals("executeQuery") ? answer : null);
		return stub(Connection.class, (method, argument) -> method.equals("isClosed") ? (Object) false : statement);
	}

	/**
	 * Returns an object whose methods all answer alike, and which records that it was
	 * closed.
	 */
	private <T> T stub(Class<T> type, BiFunction<String, @Nullable Object, @Nullable Object> answer) {
		return type.cast(
				Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { type }, (proxy, method, args) -> {
					if (method.getName().equals("close")) {
						this.closed.add(type);
						return null;
					}
					return answer.apply(method.getName(), (args != null) ? args[0] : null);
				}));
	}

}
