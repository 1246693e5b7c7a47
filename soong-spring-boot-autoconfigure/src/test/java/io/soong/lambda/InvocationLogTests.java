package io.soong.lambda;

import java.time.Duration;
import java.util.List;

import io.soong.jdbc.ConnectionObserver.Connect;
import io.soong.jdbc.ConnectionObserver.Deadline;
import io.soong.jdbc.ConnectionObserver.Kind;
import io.soong.jdbc.ConnectionObserver.Operation;
import io.soong.jdbc.ConnectionObserver.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class InvocationLogTests {

	private final InvocationSummary summary = new InvocationSummary();

	@Test
	void lineOfAnInvocationWithoutTheDatabaseIsShort() {
		assertThat(line()).isEqualTo("connection=none statements=0");
	}

	@Test
	void lineSaysWhereTheConnectionCameFrom() {
		this.summary.connected(new Connect(Kind.COLD, null, List.of(), Duration.ofMillis(40), "08001"));
		assertThat(line()).isEqualTo("connection=failed connect_errors=1 connect_ms=40.000 statements=0");
		this.summary.lent(false);
		assertThat(line()).startsWith("connection=reused ");
		this.summary.lent(true);
		assertThat(line()).startsWith("connection=new ");
		for (Reason reason : List.of(Reason.PROBE, Reason.MAX_LIFETIME, Reason.PROBE)) {
			this.summary.connected(new Connect(Kind.RECONNECT, reason, List.of(), Duration.ofMillis(1), null));
		}
		assertThat(line()).isEqualTo(
				"connection=reconnected reason=probe,max-lifetime connect_errors=1 connect_ms=43.000 statements=0");
	}

	@Test
	void lineNamesWaits() {
		this.summary.waited(Duration.ofMillis(7), true);
		assertThat(line()).isEqualTo("connection=none waits=1 wait_ms=7.000 statements=0");
	}

	@Test
	void lineNamesTheSlowestStatement() {
		execute("SELECT", "SELECT a FROM b WHERE \"c\" = $1", 5, null, Deadline.KEPT);
		execute("SELECT", "SELECT a FROM d WHERE e = 's3cret'", 900, "57014", Deadline.CANCELLED);
		assertThat(line()).isEqualTo("connection=none statements=2 statements_ms=905.000 errors=1 cancelled=1"
				+ " slowest_ms=900.000 slowest=\"SELECT a FROM d WHERE e = ?\"");
		execute("SELECT", "SELECT a FROM b WHERE \"c\" = $1", 1000, null, Deadline.KEPT);
		assertThat(line()).endsWith("slowest_ms=1000.000 slowest=\"SELECT a FROM b WHERE \\\"c\\\" = $1\"");
	}

	@Test
	void lineNamesHowStatementsFailed() {
		execute("COMMIT", "COMMIT", 5, "08007", Deadline.CUT);
		execute("INSERT", "INSERT INTO a", 4, "08007", Deadline.CUT);
		execute("INSERT", "INSERT INTO a", 3, "08007", Deadline.KEPT);
		execute("SELECT", "SELECT a", 2, "57014", Deadline.CANCELLED);
		assertThat(line()).isEqualTo("connection=none statements=4 statements_ms=14.000 errors=4 cancelled=1 cut=2"
				+ " unknown=3 slowest_ms=5.000 slowest=\"COMMIT\"");
	}

	@Test
	void lineQuotesBackslashes() {
		execute("SELECT", "SELECT \"a\\\"", 5, null, Deadline.KEPT);
		assertThat(line()).endsWith(" slowest=\"SELECT \\\"a\\\\\\\"\"");
	}

	@Test
	void lineNamesTheStatementThatIsRepeatedMost() {
		for (int i = 0; i < 5; i++) {
			execute("SELECT", "SELECT a FROM b WHERE c = $1", 1, null, Deadline.KEPT);
			execute("FETCH", "FETCH", 1, null, Deadline.KEPT);
			execute("FETCH", "FETCH", 1, null, Deadline.KEPT);
		}
		for (String table : List.of("a", "b", "c", "d")) {
			execute("INSERT", "INSERT INTO " + table, 1, null, Deadline.KEPT);
		}
		assertThat(line()).doesNotContain("repeated");
		execute("SELECT", "SELECT a FROM b WHERE c = $1", 1, null, Deadline.KEPT);
		assertThat(line()).endsWith(" repeated=6 repeated_sql=\"SELECT a FROM b WHERE c = $1\"");
	}

	@Test
	void lineHasNoControlCharacters() {
		execute("SELECT", "SELECT \"\u001b[2J\u0000\u009b\u2028x\" FROM\n b", 1, null, Deadline.KEPT);
		assertThat(line()).endsWith("slowest=\"SELECT \\\" [? x\\\" FROM b\"");
	}

	@Test
	void lineNamesNoValueOfASetting() {
		execute("SET", "SET app.token = s3cret", 1, null, Deadline.KEPT);
		assertThat(line()).endsWith("slowest=\"SET\"");
	}

	@Test
	void lineOfManyStatementsStaysShort() {
		for (int i = 0; i < 10_000; i++) {
			execute("SELECT", "SELECT a" + i, 1, null, Deadline.KEPT);
		}
		assertThat(line()).hasSizeLessThan(200).contains("statements=10000");
		assertThat(this.summary.counted()).isEqualTo(200);
	}

	private String line() {
		return InvocationLog.line(this.summary, 5);
	}

	private void execute(String name, String sql, int millis, @Nullable String sqlState, Deadline deadline) {
		this.summary.executed(new Operation(name, sql, Duration.ofMillis(millis), sqlState, deadline));
	}

}
