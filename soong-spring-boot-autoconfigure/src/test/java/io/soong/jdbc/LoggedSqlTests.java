package io.soong.jdbc;

import java.time.Duration;

import io.soong.jdbc.ConnectionObserver.Deadline;
import io.soong.jdbc.ConnectionObserver.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class LoggedSqlTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`',
			value = { "SELECT * FROM \"gizmos\" WHERE \"id\" = $1 | SELECT * FROM \"gizmos\" WHERE \"id\" = $1",
					"SELECT $12, t1.c2 FROM t1 | SELECT $12, t1.c2 FROM t1",
					"SELECT 42, -1.5, .5, 1e10, 0x1F, 1_000 FROM \"2nd\" | SELECT ?, -?, ?, ?, ?, ? FROM \"2nd\"" })
	void sqlWithoutStringsIsShownWithoutNumbers(String sql, String shown) {
		assertThat(logged(sql, null)).isEqualTo(shown);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = { "SELECT 's3cret', a FROM t | SELECT ?, a FROM t",
			"SELECT E's3cret', b'1', U&'s\\3cret' | SELECT E?, b?, U&?", "SELECT 'it''s s3cret', x | SELECT ??, x",
			"SELECT $$s3cret$$, $1 | SELECT ?, $1", "SELECT $a$ 's3cret $$ $a$, \"a'b\" | SELECT ?, \"a'b\"",
			"SELECT 1 -- s3cret | SELECT ?", "SELECT /* s3cret /* ' */ */ a - b / c | SELECT a - b / c",
			"SELECT 's3cret | SELECT ?", "SELECT $$s3cret | SELECT ?", "SELECT a /* s3cret | SELECT a",
			"ALTER ROLE jane PASSWORD 's3cret' | ALTER ROLE jane PASSWORD ?" })
	void sqlIsShownWithoutStringsAndComments(String sql, String shown) {
		assertThat(logged(sql, null)).isEqualTo(shown);
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT 'a\\', 's3cret'", "SELECT 'a\\'' s3cret'", "SELECT 1; set a.b = s3cret" })
	void sqlThatMayHoldDataIsNotShown(String sql) {
		assertThat(logged(sql, null)).isEqualTo("SELECT");
	}

	@Test
	void sqlOfSeveralLinesIsShownInOne() {
		assertThat(logged("SELECT a\n\tFROM b LIMIT 10\n", null)).isEqualTo("SELECT a FROM b LIMIT ?");
	}

	@Test
	void sqlThatIsWrongIsNotShown() {
		assertThat(logged("SELECT \"s3cret\"", "42703")).isEqualTo("SELECT");
		assertThat(logged("SELECT a", "57014")).isEqualTo("SELECT a");
	}

	@Test
	void sqlThatIsLongIsShortened() {
		String whole = "SELECT " + "a, ".repeat(164) + "z";
		assertThat(logged(whole, null)).hasSize(500).isEqualTo(whole);
		assertThat(logged("SELECT " + "a, ".repeat(1000) + "z FROM t", null)).hasSize(505)
			.startsWith("SELECT a, ")
			.contains(" ... ")
			.endsWith("z FROM t");
	}

	private static String logged(String sql, @Nullable String sqlState) {
		return new Operation("SELECT", sql, Duration.ZERO, sqlState, Deadline.KEPT).loggableSql();
	}

}
