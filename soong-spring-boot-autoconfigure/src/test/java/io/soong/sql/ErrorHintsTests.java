package io.soong.sql;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.ServerErrorMessage;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@link ErrorHints} where no query is possible.
 */
@NullUnmarked
class ErrorHintsTests {

	private final Cached cached = new Cached();

	@Test
	void hintWhenServerHasOneIsKept() {
		assertThat(hint("SELECT 1", "C42501", "Hask the owner")).isEqualTo("ask the owner");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '#', value = { "relation \"gizmo\" does not exist",
			"Relation \u00bbgizmo\u00ab existiert nicht", "la relation \u00ab gizmo \u00bb n'existe pas" })
	void hintWhenTableIsMissingNamesASimilarOne(String message) {
		assertThat(hint("SELECT * FROM gizmo", "C42P01", "M" + message)).isEqualTo("Perhaps you meant \"gizmos\".");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '#', value = { "column \"colour\" does not exist # SELECT colour FROM gizmos # [gizmos]",
			"column g.colour does not exist # SELECT g.colour FROM a JOIN \"shop\".\"b\" g ON true # [\"shop\".\"b\", a]",
			"column \"colour\" does not exist # update shop.gizmos SET colour = 1 # [shop.gizmos]",
			"column \"colour\" does not exist # INSERT INTO x SELECT colour # [x]" })
	void hintWhenColumnIsMissingLooksAtTheTablesOfTheStatement(String message, String sql, String tables) {
		assertThat(hint(sql, "C42703", "M" + message)).isEqualTo("Perhaps you meant \"color\".");
		assertThat(this.cached.asked).hasToString(tables);
	}

	@Test
	void hintWhenNothingIsSimilarIsNone() {
		assertThat(hint("SELECT 1", "C42P01", "Mrelation \"other_thing\" does not exist")).isNull();
		assertThat(hint("SELECT 1", "C42P01", "Mno name at all")).isNull();
		assertThat(hint("SELECT 1", "C42703", "Mno name at all")).isNull();
		assertThat(hint("SELECT colour", "C99999", "Mcolumn \"colour\"")).isNull();
	}

	@Test
	void hintWhenPlanIsOutdatedTellsToRunTheTransactionAgain() {
		assertThat(hint("SELECT 1", "C0A000", "RRevalidateCachedQuery")).contains("run the transaction again");
		assertThat(hint("SELECT 1", "C0A000", "RExecCreate")).isNull();
	}

	@Test
	void hintWhenTypeIsUnknownTellsToCast() {
		String cast = "Cast the parameter, as in CAST(? AS text)";
		assertThat(hint("SELECT 1", "C42P18")).isEqualTo(cast);
		assertThat(hint("SELECT 1", "C42725")).isEqualTo(cast);
		assertThat(hint("SELECT 1", "C42804", "Mtypes text and unknown")).isEqualTo(cast);
		assertThat(hint("SELECT 1", "C42804", "Mtypes text and integer")).isNull();
	}

	@Test
	void hintWhenListStandsBesideValuesSaysHowToWriteIt() {
		assertThat(hint("SELECT 1 WHERE a IN (?, 5)", "C42883", "Moperator does not exist: integer = integer[]",
				"HCast it."))
			.startsWith("A list stands for its elements only if it is alone in IN (...)")
			.endsWith("write = ANY (?) OR ... for them");
		assertThat(hint("SELECT 1 WHERE a not in (5, ?)", "C42883", "Moperator does not exist: integer <> integer[]",
				"HCast it."))
			.endsWith("write <> ALL (?) AND ... for them");
		assertThat(hint("SELECT 1 WHERE a IN (?, 5)", "C42883", "Mfunction f(integer) does not exist", "HCast it."))
			.isEqualTo("Cast it.");
		assertThat(hint("SELECT a = ?", "C42883", "Moperator does not exist: integer = integer[]", "HCast it."))
			.isEqualTo("Cast it.");
	}

	@Test
	void hintWhenInHasBecomeAnyTellsToUseParentheses() {
		assertThat(hint("SELECT a = ANY (?) b", "C42601")).startsWith("IN (?) with a list is sent as = ANY (?)");
		assertThat(hint("SELECT a <> ALL (?) b", "C42601")).startsWith("IN (?) with a list is sent as = ANY (?)");
		assertThat(hint("SELECT a b c", "C42601")).isNull();
		assertThat(hint("SELECT 1 WHERE a IN ?", "C42601"))
			.isEqualTo("Write the list of IN in parentheses: IN (?) or IN (:list)");
	}

	@Test
	void hintWhenTransactionHasFailedTellsToRollBack() {
		assertThat(hint("SELECT 1", "C25P02")).contains("inNestedTransaction");
		assertThat(hint("SELECT 1", "C42501")).isEqualTo("GRANT what the statement needs to the role");
	}

	@Test
	void hintWhenNoTransactionIsOpenAndStatementHasNoTableIsNone() {
		assertThat(ErrorHints.of(error("C42703", "Mcolumn \"colour\""), "SELECT colour", connection(true), this.cached))
			.isNull();
	}

	@Test
	void hintWhenConnectionIsBrokenIsNone() {
		assertThat(ErrorHints.of(error("C42P01", "Mrelation \"gizmo\""), "SELECT 1", connection(null), this.cached))
			.isNull();
	}

	private String hint(String sql, String... fields) {
		return ErrorHints.of(error(fields), sql, connection(false), this.cached);
	}

	private static ServerErrorMessage error(String... fields) {
		return new ServerErrorMessage(String.join("\0", fields) + "\0");
	}

	private static Connection connection(Boolean autoCommit) {
		return (Connection) Proxy.newProxyInstance(ErrorHintsTests.class.getClassLoader(),
				new Class<?>[] { Connection.class }, (proxy, method, args) -> {
					if (autoCommit == null || !method.getName().equals("getAutoCommit")) {
						throw new SQLException("broken");
					}
					return autoCommit;
				});
	}

	private static final class Cached implements ErrorHints.KnownNames {

		private Set<String> asked;

		@Override
		public Set<String> tables() {
			return Set.of("gizmos", "widgets");
		}

		@Override
		public Set<String> columns(Set<String> tables) {
			this.asked = new TreeSet<>(tables);
			return Set.of("color", "price");
		}

	}

}
