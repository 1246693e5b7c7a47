package io.soong.sql;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.InvalidDataAccessApiUsageException;
import org.springframework.dao.PermissionDeniedDataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link StatementErrors}, with errors in the form in which the server sends them, that
 * need no look at the catalogue.
 */
@NullUnmarked
class StatementErrorsTests {

	private static final String SQL = "UPDATE t SET a = ?";

	private static final StatementErrors.Rows ROWS = new StatementErrors.Rows("gizmos", List.of("id", "price"),
			List.of("id"), 11, 20);

	@ParameterizedTest
	@CsvSource(delimiter = '#', value = { "unnamed portal parameter $1 # parameter 1: ",
			"unnamed portal parameter $2 = 'secret' # parameter 2: ", "portal \"C_7\" parameter $2 # parameter 2: ",
			"JSON data, line 1: $1|unnamed portal parameter $2 = '{secret' # parameter 2: ",
			"unnamed portal parameter $3 # perhaps parameter 1 or parameter 2: ",
			"unnamed portal parameter $0 # perhaps parameter 1 or parameter 2: ",
			"unnamed portal with parameters: $1 = 'secret' # perhaps parameter 1 or parameter 2: ",
			"JSON data, line 1: $1 # perhaps parameter 1 or parameter 2: ",
			"SQL function \"f\" statement 1 # text is not valid",
			"PL/pgSQL function f(text) line 3 at RETURN # text is not valid" })
	void translateWhenContextHasParameterNamesIt(String where, String place) {
		DataAccessException ex = translate(error("C22P02", "Msecret", "W" + where.replace('|', '\n')), "a", "b");
		assertThat(ex).hasMessageContaining("; " + place)
			.hasMessageNotContaining("secret")
			.hasMessageEndingWith("[" + SQL + "]");
	}

	@Test
	void translateWhenSeveralCanBeMeantNamesThose() {
		assertThat(translate(error("C22001"), "a", 1, new ParameterValue.Text("b"), null))
			.hasMessageContaining("; perhaps parameter 1 or parameter 3: text is too long");
		assertThat(translate(error("C22003"), "a", 1, 2.5, true))
			.hasMessageContaining("; perhaps parameter 2 or parameter 3: a number is out of range");
		assertThat(translate(error("C22008"), "a", 1)).hasMessageContaining("; perhaps parameter 1: a date or time");
		assertThat(translate(error("C22001"), "a", "b", "c", "d"))
			.hasMessageContaining("; perhaps parameter 1 or parameter 2 or parameter 3 or parameter 4: text");
	}

	@Test
	void translateWhenNoneOrManyCanBeMeantNamesNone() {
		assertThat(translate(error("C22001"), 1, 2.5)).hasMessageContaining("; text is too long");
		assertThat(translate(error("C22001"), "a", "b", "c", "d", "e")).hasMessageContaining("; text is too long");
		assertThat(translate(error("C22012"), "a", 1)).hasMessageContaining("; division by zero");
		assertThat(translate(error("C22001", "cname"), "a")).hasMessageContaining("; text is too long");
		assertThat(translate(error("C22001", "ncheck"), "a")).hasMessageContaining("; text is too long");
		assertThat(translate(error("C57014"), "a")).hasMessageNotContaining("parameter 1");
	}

	@Test
	void translateWhenRowsAreManyNamesThem() {
		String one = "; row 13 of the rows given for table \"gizmos\"";
		assertThat(translate(ROWS, error("C22P02", "WCOPY gizmos, line 3, column price: \"secret\"")))
			.hasMessageContaining(one + ", column \"price\": text is not valid");
		assertThat(translate(ROWS, error("C22P02", "WCOPY gizmos, line 3, column secret: \"x\"")))
			.hasMessageContaining(one + ": text is not valid");
		assertThat(translate(ROWS, error("C22P02", "WCOPY gizmos, line 3")))
			.hasMessageContaining(one + ": text is not valid");
		assertThat(translate(ROWS, error("C23505", "ngizmos_key")))
			.hasMessageContaining("; one of the rows 11 to 20 given for table \"gizmos\": a unique constraint");
		assertThat(translate(new StatementErrors.Rows("gizmos", List.of("id"), List.of(), 11, 11), error("C23505")))
			.hasMessageContaining("; row 11 of the rows given for table \"gizmos\": a unique constraint");
	}

	@Test
	void translateWhenRowsHaveOneKeySaysSo() {
		SQLException twice = error("C21000", "RExecOnConflictUpdate");
		assertThat(translate(ROWS, twice)).isInstanceOf(InvalidDataAccessApiUsageException.class)
			.hasMessage("Two of the rows 11 to 20 given for table \"gizmos\" have the same key [id], and one "
					+ "statement writes a row only once; leave all but the last of them out")
			.hasCause(twice);
		StatementErrors.Rows inserted = new StatementErrors.Rows("gizmos", List.of("id"), List.of(), 1, 2);
		assertThat(translate(inserted, twice)).isNotInstanceOf(InvalidDataAccessApiUsageException.class);
		assertThat(translate(ROWS, error("C21000", "Rother")))
			.isNotInstanceOf(InvalidDataAccessApiUsageException.class);
		assertThat(translate(ROWS, error("C23505", "RExecOnConflictUpdate")))
			.isInstanceOf(DataIntegrityViolationException.class);
	}

	@Test
	void translateWhenValuesAreShownKeepsTheServersText() {
		SQLException error = error("C23505", "Mduplicate key", "DKey (a)=(1)", "Hlook it up");
		assertThat(errors(true).translate(error, text("a"), null, null))
			.hasMessageContaining("; duplicate key (23505); Key (a)=(1); look it up [" + SQL + "]");
		assertThat(errors(false).translate(error, text("a"), null, null)).hasMessageNotContainingAny("Key",
				"look it up");
	}

	@Test
	void translateWhenStatementIsNotValidNamesItOnce() {
		PSQLException error = error("C42601", "Msyntax error");
		BadSqlGrammarException ex = (BadSqlGrammarException) translate(error, "a");
		assertThat(ex.getSql()).isEqualTo(SQL);
		assertThat(ex.getMessage()).containsOnlyOnce(SQL).contains("syntax error (42601)");
		assertThat(ex.getSQLException().getMessage()).isEqualTo("syntax error (42601) [" + SQL + "]");
		assertThat(ex.getSQLException().getStackTrace()).isEqualTo(error.getStackTrace());
	}

	@Test
	void translateWhenPermissionIsMissingTellsToGrantIt() {
		assertThat(translate(error("C42501", "Mpermission denied"), "a"))
			.isInstanceOf(PermissionDeniedDataAccessException.class)
			.hasMessage("permission denied (42501); GRANT what the statement needs to the role [" + SQL + "]");
	}

	@Test
	void columnsChangedWhenThrownIsKnown() {
		assertThat(StatementErrors.isColumnsChanged(new StatementErrors.ColumnsChangedException())).isTrue();
		assertThat(StatementErrors.isColumnsChanged(translate(error("C42601")))).isFalse();
	}

	private static DataAccessException translate(SQLException ex, Object... parameters) {
		return errors(false).translate(ex, text(parameters), null, null);
	}

	private static DataAccessException translate(StatementErrors.Rows rows, SQLException ex) {
		return errors(false).translate(ex, text(), null, rows);
	}

	private static StatementErrors errors(boolean valuesInErrors) {
		JdbcTemplate jdbcTemplate = new JdbcTemplate();
		jdbcTemplate.setExceptionTranslator(new SQLStateSQLExceptionTranslator());
		return new StatementErrors(jdbcTemplate, new ColumnTypes(jdbcTemplate), valuesInErrors);
	}

	private static StatementText text(Object... parameters) {
		return new StatementText(SQL, Arrays.asList(parameters));
	}

	private static PSQLException error(String... fields) {
		return new PSQLException(new ServerErrorMessage(String.join("\0", fields) + "\0"));
	}

}
