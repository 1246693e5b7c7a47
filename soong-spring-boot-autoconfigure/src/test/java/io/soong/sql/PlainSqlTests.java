package io.soong.sql;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * {@link PlainSql}: what is a parameter and what is not.
 */
@NullUnmarked
class PlainSqlTests {

	private static final Map<String, Object> VALUES = Map.of("a", 1, "b_2", "x", "C", true);

	@Test
	void namedWhenNameIsUsedAgainIsBoundAgain() {
		StatementText text = new PlainSql().of("SELECT :a, :b_2,:C+:a", new Object[] { VALUES });
		assertThat(text.sql()).isEqualTo("SELECT ?, ?,?+?");
		assertThat(text.parameters()).containsExactly(1, "x", true, 1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "':b'", "'it''s :b'", "E'\\' :b'", "\":b\"", "1::int", "x::b", "-- :b\n", "/* :b */",
			"/* /* */ :b */", "$$ :b $$", "$q$ :b $$ :b $q$", "f(x := 1)", "(ARRAY[1,2])[1:2]", "a :: b", "data ?? 'b'",
			"data ??| 'b'", "'?' || \"?\" || $$?$$" })
	void namedWhenColonBeginsNoNameLeavesItAlone(String sql) {
		StatementText text = new PlainSql().of("SELECT :a, " + sql + ", :a", new Object[] { VALUES });
		assertThat(text.sql()).isEqualTo("SELECT ?, " + sql + ", ?");
		assertThat(text.parameters()).containsExactly(1, 1);
	}

	@Test
	void namedWhenCastFollowsBindsTheNameAlone() {
		assertThat(new PlainSql().of(":a::int=:C", new Object[] { VALUES }).sql()).isEqualTo("?::int=?");
	}

	@Test
	void namedWhenValueIsNullIsBoundAsNull() {
		Map<String, Object> values = new HashMap<>();
		values.put("a", null);
		assertThat(new PlainSql().of("SELECT :a", new Object[] { values }).parameters()).containsExactly((Object) null);
	}

	@Test
	void positionalWhenListIsGivenBindsOneArray() {
		StatementText text = new PlainSql().of("SELECT ?, ?", new Object[] { List.of("a", "b\""), new int[] { 1, 2 } });
		ParameterValue.Resolver resolver = new ParameterValue.Resolver(new Json(null, false), Converters.NONE,
				new ColumnTypes(new JdbcTemplate()));
		assertThat(resolver.resolve(text.parameters())).containsExactly(
				ScalarParameter.typed("_text", "{\"a\",\"b\\\"\"}"), ScalarParameter.typed("_int4", "{1,2}"));
	}

	@Test
	void inWhenListIsGivenBecomesAny() {
		StatementText text = new PlainSql().of("SELECT a IN (?), b NOT IN ( ? ), c IN (?)",
				new Object[] { List.of(1, 2), new int[0], 3 });
		assertThat(text.sql()).isEqualTo("SELECT a = ANY (?), b <> ALL (? ), c IN (?)");
		text = new PlainSql().of("SELECT a IN (:a) OR b IN (:b)", new Object[] { Map.of("a", List.of(1), "b", 2) });
		assertThat(text.sql()).isEqualTo("SELECT a = ANY (?) OR b IN (?)");
		assertThat(text.parameters()).hasSize(2).endsWith(2);
		assertThat(text.places().apply(0)).hasToString("parameter :a");
	}

	@Test
	void namedWhenSqlHasQuestionMarksOnlyIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new PlainSql().of("SELECT ?", new Object[] { VALUES }))
			.withMessage("A map was given, but the SQL has no :name: SELECT ?");
	}

	@Test
	void parametersWhenMoreThanTheProtocolCountsAreRefused() {
		String sql = "SELECT ?" + ", ?".repeat(65534);
		assertThat(new PlainSql().of(sql, new Object[65535]).parameters()).hasSize(65535);
		assertThatIllegalArgumentException().isThrownBy(() -> new PlainSql().of(sql + ", ?", new Object[65536]))
			.withMessageContainingAll("65536 parameters", "at most 65535");
	}

	@Test
	void sqlWhenMissingIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new PlainSql().of(null, new Object[0]))
			.withMessage("The SQL is null");
		assertThatIllegalArgumentException().isThrownBy(() -> new PlainSql().of(" \n", new Object[0]))
			.withMessage("The SQL is blank");
	}

	@Test
	void textWhenPrintedShowsNoValues() {
		assertThat(new PlainSql().of("SELECT ?", new Object[] { "secret" })).hasToString("SELECT ?");
	}

}
