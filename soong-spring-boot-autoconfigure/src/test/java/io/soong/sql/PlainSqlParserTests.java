package io.soong.sql;

import java.util.Arrays;
import java.util.List;

import io.soong.sql.ParameterPlace.Use;
import io.soong.sql.PlainSqlParser.InList;
import io.soong.sql.PlainSqlParser.Parameter;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * {@link PlainSqlParser}: what it tells of the parameters.
 */
@NullUnmarked
class PlainSqlParserTests {

	@ParameterizedTest
	@ValueSource(strings = { "SELECT * FROM t WHERE a = ?", "SELECT * FROM t WHERE a <> ?", "SELECT a && ?",
			"SELECT a @> ?", "SELECT ? <@ a", "SELECT ? != a", "SELECT ? @@ a", "SELECT a < (?)", "SELECT f(a = ?)",
			"SELECT f(? > a)", "SELECT (a) >= ?", "SELECT a = ? -- = 1", "DELETE FROM t WHERE a = ? AND b IS NULL" })
	void parameterWhenOperatorComparesIsCompared(String sql) {
		assertThat(read(sql)).extracting(Parameter::use, Parameter::compared, Parameter::inferable)
			.containsExactly(tuple(Use.PLAIN, true, true));
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT a + ?", "SELECT ?", "SELECT ((?))", "SELECT ?, 1 = 1", "SELECT a FROM t LIMIT ?",
			"SELECT coalesce(?, a)", "SELECT a | ?", "SELECT ? | a", "SELECT a BETWEEN ? AND 3", "SELECT ? IS TRUE",
			"SELECT ? IS NOT TRUE", "SELECT ?, a IS NULL", "SELECT a IN (?, 1)", "SELECT ARRAY[?]", "SELECT ? : : int",
			"SELECT 1 || a, ?", "SELECT a FROM t WHERE b LIKE ? FOR UPDATE",
			"SELECT a FROM t WHERE b LIKE ? FOR NO KEY UPDATE", "SELECT 'insert' LIKE ?", "SELECT inserts LIKE ?",
			"SELECT a -- INSERT\n, ?", "SELECT concat(a), ?", "SELECT a[?:2]", "SELECT a = - ?", "SELECT format ?? (?)",
			"SELECT a[format:(?)]", "SELECT a | 'b' | ?", "SELECT a | \"b\" | ?", "SELECT '(', ?", "SELECT concat ?" })
	void parameterWhenNothingIsSpecialIsPlain(String sql) {
		assertThat(read(sql)).extracting(Parameter::use, Parameter::compared, Parameter::inferable)
			.containsExactly(tuple(Use.PLAIN, false, true));
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT f(?)", "SELECT f(a, ?)", "SELECT f((?))", "SELECT f(format := (?))",
			"SELECT concat2(?)", "SELECT x$concat(?)", "SELECT \u00e9concat(?)", "SELECT f(?::int)", "SELECT ?::int",
			"SELECT CAST(? AS int)", "SELECT ? :: int = a", "SELECT a = ?::int", "SELECT concat(f(?))",
			"SELECT concat(VARIADIC ?)", "SELECT to_jsonb(? + 1)", "SELECT f(concat(a), ?)", "SELECT ?::json[]",
			"SELECT ?::_jsonb", "SELECT ?::jsonb [ ]", "SELECT a IN (?::uuid[])", "INSERT INTO t VALUES (f(?))",
			"INSERT INTO t VALUES (?::int)", "SELECT ?/* x */::int", "SELECT zconcat(?)", "SELECT Z_(?)",
			"SELECT any_value2(?)" })
	void parameterWhenFunctionOrCastIsAroundItIsNotInferable(String sql) {
		assertThat(read(sql)).extracting(Parameter::use, Parameter::compared, Parameter::inferable)
			.containsExactly(tuple(Use.PLAIN, false, false));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '#', value = { "ELEMENTS # SELECT a = ANY (?)", "ELEMENTS # SELECT a <> ALL(?)",
			"ELEMENTS # SELECT a = some( (?) )", "WITHOUT_TYPE # SELECT ? IS NULL",
			"WITHOUT_TYPE # SELECT (?) is not null", "WITHOUT_TYPE # SELECT a FROM t WHERE ? ISNULL OR a",
			"WITHOUT_TYPE # SELECT a, ? NOTNULL",
			"WITHOUT_TYPE # SELECT a FROM t WHERE a AND ? /* IS */ IS /* NOT */ NULL",
			"WITHOUT_TYPE # SELECT a FROM t WHERE NOT ? IS  NOT  NULL", "WITHOUT_TYPE # SELECT num_nulls(a, ?)",
			"WITHOUT_TYPE # SELECT jsonb_build_object('a', ?)", "WITHOUT_TYPE # SELECT json_agg(? ORDER BY a)",
			"WITHOUT_TYPE # INSERT INTO t SELECT to_jsonb(?)", "TURNED_INTO_TEXT # SELECT concat('a', ?)",
			"TURNED_INTO_TEXT # SELECT CONCAT (?, 'b')", "TURNED_INTO_TEXT # SELECT format('%s', (?))",
			"PART_OF_TEXT # SELECT concat(coalesce(?, 'x'))", "PART_OF_TEXT # SELECT concat((SELECT ? FROM t))",
			"PART_OF_TEXT # SELECT concat(CASE WHEN a THEN ? END)",
			"PART_OF_TEXT # SELECT concat(CASE WHEN a THEN b ELSE ? END)",
			"PART_OF_TEXT # SELECT quote_literal(a || ?)", "TURNED_INTO_TEXT # SELECT \"concat\"(?)",
			"PART_OF_TEXT # SELECT concat((SELECT a FROM t WHERE b UNION SELECT ?))",
			"PLAIN # SELECT concat((SELECT a FROM t WHERE ?))", "PLAIN # SELECT concat(CASE WHEN ? THEN a END)",
			"PLAIN # SELECT concat((SELECT a LIMIT ?))", "PLAIN # SELECT string_agg(a, (SELECT ?))",
			"CAST_TO_JSON # SELECT CAST(? AS jsonb)", "CAST_TO_JSON # SELECT ?::JSON",
			"CAST_TO_JSON # SELECT (?) :: jsonb", "CAST_TO_JSON # SELECT CAST((?) AS json)",
			"CAST_TO_JSON # SELECT a IN (?::jsonb)", "CAST_ELEMENT # SELECT a IN (?::uuid)",
			"CAST_ELEMENT # SELECT a IN (1, CAST(? AS uuid))", "CAST_ELEMENT # SELECT a IN (CAST(? AS varchar(3)))",
			"ASSIGNED # UPDATE t SET a = ?", "ASSIGNED # INSERT INTO t (a) VALUES (((?)))",
			"ASSIGNED # MERGE INTO t USING u ON true WHEN MATCHED THEN UPDATE SET a = ?",
			"ASSIGNED # INSERT INTO t VALUES (coalesce(?, 1))", "ASSIGNED # SELECT a || ?", "ASSIGNED # SELECT ? || a",
			"ASSIGNED # SELECT f(a || ?)", "ASSIGNED # SELECT f((?) || a)",
			"ASSIGNED # INSERT INTO t SELECT ? FROM u FOR UPDATE" })
	void parameterWhenUsageIsKnownHasIt(Use use, String sql) {
		assertThat(read(sql)).extracting(Parameter::use).containsExactly(use);
	}

	@Test
	void parameterWhenAnotherStandsBetweenSignsIsNotConcatenated() {
		assertThat(read("SELECT a | ? | ?")).extracting(Parameter::use).containsExactly(Use.PLAIN, Use.PLAIN);
	}

	@Test
	void inWhenParameterStandsAloneTellsWhereItIs() {
		String in = "SELECT a IN (?)";
		assertThat(read(in)).extracting(Parameter::in).containsExactly(new InList(9, 14, false));
		assertThat(read("SELECT a NOT  IN /* x */ ( (?) )")).extracting(Parameter::in)
			.containsExactly(new InList(9, 30, true));
		assertThat(read("SELECT NOT a IN (?)")).extracting(Parameter::in).containsExactly(new InList(13, 18, false));
		for (String other : List.of("SELECT a IN (?, 1)", "SELECT a IN (1, ?)", "SELECT a IN (?::int)", "SELECT (?)",
				"SELECT a IN (1) = (?)", "SELECT inside (?)", "SELECT ?")) {
			assertThat(read(other)).as(other).extracting(Parameter::in).containsOnlyNulls();
		}
	}

	@Test
	void parameterWhenQuestionMarkIsTextIsNone() {
		for (String none : List.of("SELECT '?', \"?\", $$?$$, $a$ ? $a$ -- ?", "SELECT /* ? /* ? */ ? */ a ?? b ??| c",
				"SELECT 1 - 2 / 3", "", "\"", "SELECT \"?", "SELECT '?", "SELECT $$?", "SELECT /* ?", "SELECT -- ?")) {
			assertThat(read(none)).as(none).isEmpty();
		}
		assertThat(read("? - ?/?")).extracting(Parameter::start, Parameter::end)
			.containsExactly(tuple(0, 1), tuple(4, 5), tuple(6, 7));
	}

	@Test
	void nameWhenColonPrecedesItIsOneOfAsciiLettersAndDigits() {
		String sql = "SELECT :a, :Z_9, :_z0+:A\u00e9, a::b, x := 1, :1, a[1:n], 'x:y' :b-:c";
		assertThat(PlainSqlParser.read(sql, true)).extracting(Parameter::name)
			.containsExactly("a", "Z_9", "_z0", "A", "n", "b", "c");
		assertThat(PlainSqlParser.read(sql, true))
			.extracting((parameter) -> sql.substring(parameter.start(), parameter.end()))
			.containsExactly(":a", ":Z_9", ":_z0", ":A", ":n", ":b", ":c");
		assertThat(read(sql)).isEmpty();
		assertThat(PlainSqlParser.read("SELECT :a?", true)).extracting(Parameter::name).containsExactly("a", null);
	}

	@Test
	void useWhenValueIsCollectionDependsOnWhatStandsBesideIt() {
		Parameter compared = read("SELECT a = ?").get(0);
		assertThat(compared.use(List.of(1))).isEqualTo(Use.COMPARED);
		assertThat(compared.use(List.of())).isEqualTo(Use.COMPARED);
		assertThat(compared.use(1)).isEqualTo(Use.PLAIN);
		assertThat(compared.use(null)).isEqualTo(Use.PLAIN);
		Parameter plain = read("SELECT ?").get(0);
		assertThat(plain.use(new int[] { 1 })).isEqualTo(Use.PLAIN);
		assertThat(plain.use(new int[0])).isEqualTo(Use.ASSIGNED);
		assertThat(plain.use(Arrays.asList(null, null))).isEqualTo(Use.ASSIGNED);
		assertThat(plain.use("")).isEqualTo(Use.PLAIN);
		assertThat(read("SELECT f(?)").get(0).use(List.of())).isEqualTo(Use.PLAIN);
		assertThat(read("SELECT a || ?").get(0).use(List.of(1))).isEqualTo(Use.ASSIGNED);
	}

	private static List<Parameter> read(String sql) {
		return PlainSqlParser.read(sql, false);
	}

}
