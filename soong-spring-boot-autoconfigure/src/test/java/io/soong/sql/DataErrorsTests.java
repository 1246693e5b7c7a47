package io.soong.sql;

import java.sql.SQLException;
import java.util.List;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link DataErrors}, with errors in the form in which the server sends them.
 */
@NullUnmarked
class DataErrorsTests {

	@Test
	void mayHoldValuesWhenErrorIsAboutDataIsTrue() {
		for (String state : List.of("22001", "23505", "P0001", "P0004", "44000")) {
			assertThat(DataErrors.mayHoldValues(error("C" + state))).as(state).isTrue();
			assertThat(DataErrors.isAboutData(error("C" + state))).as(state).isTrue();
		}
		SQLException raised = error("C42501", "Rexec_stmt_raise");
		assertThat(DataErrors.mayHoldValues(raised)).isTrue();
		assertThat(DataErrors.isAboutData(raised)).isFalse();
		SQLException copied = error("C57014", "WCOPY gizmos, line 1: \"secret\"");
		assertThat(DataErrors.mayHoldValues(copied)).isTrue();
		assertThat(DataErrors.isAboutData(copied)).isFalse();
	}

	@Test
	void mayHoldValuesWhenErrorIsOfTheStatementIsFalse() {
		for (SQLException other : List.of(error("C42P01"), error("C57014", "WSQL function \"f\" statement 1"),
				error("C42501", "Raclcheck_error"), new SQLException("closed", "08003"), new SQLException("unknown"))) {
			assertThat(DataErrors.mayHoldValues(other)).isFalse();
			assertThat((Object) DataErrors.withoutValues(other)).isSameAs(other);
		}
	}

	@Test
	void withoutValuesWhenServerNamesPlacesKeepsThem() {
		SQLException original = error("SERROR", "C23505", "Mduplicate: secret", "DKey (a)=(secret)", "Wsecret",
				"Hsecret", "Qsecret", "sshop", "tgizmos", "ccolor", "dmood", "ngizmos_key", "P7", "Fsecret.c", "L8",
				"Rsecret");
		PSQLException result = (PSQLException) DataErrors.withoutValues(original);
		assertThat((Throwable) result).hasNoCause().hasMessageNotContaining("secret");
		assertThat(result.getStackTrace()).isEqualTo(original.getStackTrace());
		ServerErrorMessage server = result.getServerErrorMessage();
		assertThat(server.toString()).doesNotContain("secret");
		assertThat(server.getSeverity()).isEqualTo("ERROR");
		assertThat(server.getSQLState()).isEqualTo("23505");
		assertThat(server.getMessage()).isEqualTo("a unique constraint is violated (SQLState 23505, table \"gizmos\", "
				+ "column \"color\", constraint \"gizmos_key\", type \"mood\"); the server's own text may hold values "
				+ "and is left out");
		assertThat(List.of(server.getSchema(), server.getTable(), server.getColumn(), server.getDatatype(),
				server.getConstraint()))
			.containsExactly("shop", "gizmos", "color", "mood", "gizmos_key");
	}

	@Test
	void withoutValuesWhenDriverRefusedKeepsTheState() {
		SQLException original = new SQLException("secret", "22023");
		SQLException result = DataErrors.withoutValues(original);
		assertThat((Throwable) result).hasNoCause()
			.hasMessage("a value is not valid (SQLState 22023); the server's own text may hold values and is left out");
		assertThat(result.getSQLState()).isEqualTo("22023");
		assertThat(result.getStackTrace()).isEqualTo(original.getStackTrace());
	}

	@ParameterizedTest
	@CsvSource({ "22001, text is too long for its column", "22003, a number is out of range",
			"22007, a date or time is not valid", "22008, a date or time is not valid", "22012, division by zero",
			"22021, 'text has a character that the encoding lacks, such as NUL'",
			"22P02, text is not valid for its type", "22P05, text has a character that cannot be converted",
			"22000, a value is not valid", "23502, a column that must not be NULL got NULL or no value",
			"23503, a foreign key is violated", "23505, a unique constraint is violated",
			"23514, a check constraint is violated", "23P01, an exclusion constraint is violated",
			"23000, an integrity constraint is violated", "44000, the check of a view is violated",
			"P0004, an assertion in a function of the database failed",
			"P0001, a function in the database raised an exception", "57014, a COPY was interrupted",
			", a COPY was interrupted" })
	void messageWhenStateIsKnownSaysWhatIsWrong(String state, String reason) {
		String code = (state != null) ? "C" + state : "SERROR";
		assertThat(withoutValues(error(code, "WCOPY gizmos, line 1")).getMessage())
			.startsWith(reason + " (SQLState " + state + "); ");
	}

	@Test
	void messageWhenFunctionRaisedAStateSaysSo() {
		assertThat(withoutValues(error("C22001", "Rexec_stmt_raise")).getMessage())
			.startsWith("a function in the database raised an exception (SQLState 22001); ");
	}

	@Test
	void hintWhenErrorIsCompleteKeepsIt() {
		ServerErrorMessage server = error("SERROR", "C42703", "Mno column", "Ddetail", "Hold", "P12",
				"WSQL function \"f\"\nPL/pgSQL function g()", "Fparse.c", "L3", "Rerror", "sshop", "tgizmos")
			.getServerErrorMessage();
		ServerErrorMessage hinted = hinted(server, "new");
		assertThat(hinted.getHint()).isEqualTo("new");
		assertThat(hinted.toString().replace("Hint: new", "Hint: old")).isEqualTo(server.toString());
		assertThat(List.of(hinted.getSeverity(), hinted.getSQLState(), hinted.getMessage(), hinted.getDetail(),
				hinted.getWhere(), hinted.getFile(), hinted.getRoutine(), hinted.getSchema(), hinted.getTable()))
			.containsExactly("ERROR", "42703", "no column", "detail", "SQL function \"f\"\nPL/pgSQL function g()",
					"parse.c", "error", "shop", "gizmos");
		assertThat(hinted.getPosition()).isEqualTo(12);
		assertThat(hinted.getLine()).isEqualTo(3);
	}

	@Test
	void hintWhenFieldsAreMissingLeavesThemOut() {
		ServerErrorMessage hinted = hinted(error("C42703", "P0", "L0").getServerErrorMessage(), null);
		assertThat(hinted).hasToString(new ServerErrorMessage("C42703\0").toString());
		assertThat(hinted.getPosition()).isZero();
		assertThat(hinted.getLine()).isZero();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '#', nullValues = "null",
			value = { "line one|line two # line one|line two", "line one|COPY t, line 1: x|line three # line one",
					"COPY t, line 1: x # null", "unnamed portal with parameters: $1 = x # null",
					"line one||unnamed portal parameter $12 = 'x|y' # line one|",
					"unnamed portal parameter $1 # unnamed portal parameter $1" })
	void hintWhenContextQuotesValuesEndsItBeforeThem(String context, String expected) {
		ServerErrorMessage server = error("C42703", "W" + context.replace('|', '\n')).getServerErrorMessage();
		assertThat(hinted(server, null).getWhere()).isEqualTo((expected != null) ? expected.replace('|', '\n') : null);
	}

	private static ServerErrorMessage withoutValues(SQLException ex) {
		return ((PSQLException) DataErrors.withoutValues(ex)).getServerErrorMessage();
	}

	private static ServerErrorMessage hinted(ServerErrorMessage server, String hint) {
		return DataErrors.withHint(server, hint);
	}

	private static PSQLException error(String... fields) {
		return new PSQLException(new ServerErrorMessage(String.join("\0", fields) + "\0"));
	}

}
