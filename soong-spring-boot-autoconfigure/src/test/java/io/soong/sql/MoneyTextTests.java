package io.soong.sql;

import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.function.Function;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.dao.TypeMismatchDataAccessException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * {@link ResultType.MoneyText}.
 */
@NullUnmarked
class MoneyTextTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "$0.00|0.00", "$1.50|1.50", "-$0.05|-0.05", "$1,234.56|1234.56", "-$1,234,567.89|-1234567.89",
					"-$92,233,720,368,547,758.08|-92233720368547758.08", "($1,234.56)|-1234.56", "$-1.50|-1.50",
					"1.234,56 \u20ac|1234.56", "-1.234.567,89 \u20ac|-1234567.89", "1\u202f234,56 \u20ac|1234.56",
					"1 234,56 kr|1234.56", "\u22121\u00a0234,56 kr|-1234.56", "CHF 1'234.56|1234.56",
					"CHF-1\u2019234.56|-1234.56", "\u20b9 12,34,567.89|1234567.89", "Rs.1,234.56|1234.56",
					"1234,56|1234.56", "1,50-|-1.50" })
	void parseWhenTextEndsInTwoDecimalsGivesAmount(String text, BigDecimal amount) {
		assertThat(ResultType.MoneyText.parse(text)).isEqualTo(amount);
	}

	@ParameterizedTest
	@ValueSource(strings = { "\uffe51,235", "\uffe512", "$1,234", "1.234", "KD 1,234.567", "1.234.56", "1,23,45", "",
			"$", "1.5", "12.34.56,7", "1#2.34", "1.234'567,89", "$1,2345.67" })
	void parseWhenTextCouldBeAnotherAmountRefuses(String text) {
		assertThatExceptionOfType(MismatchException.class).isThrownBy(() -> ResultType.MoneyText.parse(text))
			.withMessageContaining("::numeric");
	}

	@Test
	void rowWhenMoneyCouldBeAnotherAmountNamesColumn() throws SQLException {
		ResultSetMetaData metaData = stub(ResultSetMetaData.class, (method) -> switch (method) {
			case "getColumnCount" -> 1;
			case "getColumnLabel" -> "price";
			case "getColumnType" -> Types.DOUBLE;
			case "getScale" -> 0;
			default -> throw new UnsupportedOperationException(method);
		});
		ResultSet row = stub(ResultSet.class, (method) -> "\uffe51,235");
		ResultMapping.Reader<Row> reader = new ResultMapping.Cache(new Model.Cache(), new Json(null, false),
				Converters.NONE, false)
			.rows()
			.reader(metaData);
		assertThatExceptionOfType(TypeMismatchDataAccessException.class).isThrownBy(() -> reader.read(row))
			.withMessageContainingAll("column \"price\" (MONEY)", "::numeric")
			.withMessageNotContaining("235");
	}

	private static <T> T stub(Class<T> type, Function<String, Object> answers) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> answers.apply(method.getName())));
	}

}
