package io.soong.sql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.stream.Stream;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * {@link ScalarConversion} of numbers.
 */
@NullUnmarked
class NumberConversionTests {

	private static final long DENSE = 1L << 53;

	static Stream<Arguments> numbersThatFit() {
		return Stream.of(arguments(DENSE, (double) DENSE), arguments(-DENSE, (double) -DENSE),
				arguments(DENSE + 2, (double) (DENSE + 2)), arguments(Long.MIN_VALUE, -0x1p63),
				arguments(1L << 62, 0x1p62), arguments(Integer.MAX_VALUE, 2147483647.0), arguments(0L, 0.0),
				arguments(decimal("3.3333333333333333333333"), 3.3333333333333335), arguments(decimal("0.00"), 0.0),
				arguments(decimal("0.1"), 0.1), arguments(decimal("-9007199254740991.9"), (double) -DENSE),
				arguments(decimal("1E20"), 1e20), arguments(decimal("1E23"), 1e23), arguments(decimal("1E300"), 1e300),
				arguments(decimal("2E23"), 2e23), arguments(decimal("1E20"), 1e20f),
				arguments(decimal("1E-320"), 1e-320), arguments(BigInteger.TEN.pow(22), 1e22),
				arguments(1.1f, (double) 1.1f), arguments(Float.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY),
				arguments(0.1, 0.1f), arguments(1e-3, 0.001f), arguments(-7.25, -7.25f), arguments((double) 1.1f, 1.1f),
				arguments(Double.NaN, Float.NaN), arguments(Double.POSITIVE_INFINITY, Float.POSITIVE_INFINITY),
				arguments(decimal("1.50"), 1.5f), arguments(decimal("0.1"), 0.1f), arguments(1 << 24, 16777216f),
				arguments(0x1p127, 0x1p127f), arguments(decimal("7.00"), 7), arguments(decimal("-128"), (byte) -128),
				arguments(7.0, 7L), arguments(0x1p62, 1L << 62), arguments(0x1p30f, 1 << 30),
				arguments(0x1p70, BigInteger.TWO.pow(70)), arguments(1.1f, decimal("1.1")),
				arguments(0.1, decimal("0.1")), arguments(7, decimal("7")));
	}

	@ParameterizedTest
	@MethodSource("numbersThatFit")
	void convertWhenNumberFitsGivesIt(Number value, Number expected) {
		assertThat(ScalarConversion.number(value, expected.getClass())).isEqualTo(expected);
	}

	static Stream<Arguments> numbersThatDoNotFit() {
		return Stream.of(arguments(DENSE + 1, Double.class), arguments(-DENSE - 1, Double.class),
				arguments(Long.MAX_VALUE, Double.class), arguments(4611686018427388000L, Double.class),
				arguments(decimal("9007199254740993"), Double.class),
				arguments(decimal("9007199254740992.5"), Double.class), arguments(decimal("1E400"), Double.class),
				arguments(decimal("-1E400"), Double.class), arguments(decimal("1E-400"), Double.class),
				arguments(decimal("1.0000000000000000000001E23"), Double.class),
				arguments(1000000000000000003L, Float.class), arguments(1e300, Float.class),
				arguments(-1e39, Float.class), arguments(1e-300, Float.class), arguments(1.23456789, Float.class),
				arguments(decimal("3.3333333333333333"), Float.class), arguments(decimal("1E-60"), Float.class),
				arguments(decimal("1E60"), Float.class), arguments(16777217, Float.class),
				arguments(Long.MAX_VALUE, Float.class), arguments(1e20, Float.class), arguments(1.5, Integer.class),
				arguments(decimal("0.5"), Long.class), arguments(3000000000L, Integer.class),
				arguments(40000, Short.class), arguments(128, Byte.class), arguments(0x1p63, Long.class),
				arguments(1.5f, BigInteger.class), arguments(Double.NaN, BigDecimal.class),
				arguments(Double.POSITIVE_INFINITY, Long.class), arguments(Float.NaN, Integer.class));
	}

	@ParameterizedTest
	@MethodSource("numbersThatDoNotFit")
	void convertWhenNumberWouldBeAnotherRefuses(Number value, Class<?> target) {
		assertThatExceptionOfType(MismatchException.class).isThrownBy(() -> ScalarConversion.number(value, target));
	}

	private static BigDecimal decimal(String text) {
		return new BigDecimal(text);
	}

}
