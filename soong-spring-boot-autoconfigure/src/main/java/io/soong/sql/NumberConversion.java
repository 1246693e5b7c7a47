package io.soong.sql;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Converts a number to another type of number, or refuses to. An integer must be exact in
 * the new type. A decimal number becomes a double or float with the same digits, so that
 * a double or float that was written can be read again. In addition, a fraction becomes
 * the nearest double if neighbouring doubles differ by at most 1, so that an average can
 * be read as a double.
 */
final class NumberConversion {

	// Up to here neighbouring doubles are at most 1 apart, and all integers are exact
	private static final double DENSE_DOUBLES = 0x1p53;

	// A double or float represents any number with so many decimal digits. Before version
	// 19, the JDK shows more digits than necessary for some
	private static final int DOUBLE_DIGITS = 15;

	private static final int FLOAT_DIGITS = 6;

	private NumberConversion() {
	}

	/**
	 * The number as another type.
	 * @param value the number
	 * @param target the class of the result
	 * @throws MismatchException if the result would be another number
	 */
	static Number convert(Number value, Class<?> target) {
		if (target == Double.class) {
			return toDouble(value);
		}
		if (target == Float.class) {
			return toFloat(value);
		}
		if (!isFinite(value)) {
			throw new MismatchException("holds NaN or an infinity");
		}
		try {
			return exact(value, target);
		}
		catch (ArithmeticException ex) {
			throw new MismatchException("holds a number that does not fit");
		}
	}

	/** Whether the double nearest to the number shows the same digits. */
	static boolean isDouble(BigDecimal value) {
		double nearest = value.doubleValue();
		if (Double.isInfinite(nearest)) {
			return false;
		}
		return (Math.abs(nearest) >= Double.MIN_NORMAL && digits(value) <= DOUBLE_DIGITS)
				|| new BigDecimal(Double.toString(nearest)).compareTo(value) == 0;
	}

	/** Whether the number is integral. */
	static boolean isIntegral(BigDecimal value) {
		return value.signum() == 0 || value.scale() <= 0 || value.stripTrailingZeros().scale() <= 0;
	}

	private static Double toDouble(Number value) {
		double nearest = value.doubleValue();
		if (value instanceof Float || (nearest != 0 && Math.abs(nearest) < DENSE_DOUBLES)) {
			return nearest;
		}
		BigDecimal decimal = decimal(value);
		boolean dense = nearest != 0 && decimal.abs().compareTo(new BigDecimal(DENSE_DOUBLES)) <= 0;
		if (dense || isExact(nearest, decimal) || (value instanceof BigDecimal && isDouble(decimal))) {
			return nearest;
		}
		throw loss("Double");
	}

	private static Float toFloat(Number value) {
		float nearest = value.floatValue();
		if (value instanceof Float || !isFinite(value)) {
			return nearest;
		}
		BigDecimal exact = (value instanceof Double) ? new BigDecimal((Double) value) : decimal(value);
		boolean digitsDecide = value instanceof BigDecimal || (value instanceof Double && !isIntegral(exact));
		if (isExact(nearest, exact) || (digitsDecide && showsDigits(nearest, value))) {
			return nearest;
		}
		throw loss("Float");
	}

	private static boolean isExact(double nearest, BigDecimal value) {
		return !Double.isInfinite(nearest) && new BigDecimal(nearest).compareTo(value) == 0;
	}

	private static boolean showsDigits(float nearest, Number value) {
		if (Float.isInfinite(nearest)) {
			return false;
		}
		BigDecimal decimal = decimal(value);
		return (Math.abs(nearest) >= Float.MIN_NORMAL && digits(decimal) <= FLOAT_DIGITS)
				|| new BigDecimal(Float.toString(nearest)).compareTo(decimal) == 0;
	}

	private static Number exact(Number value, Class<?> target) {
		if (target == BigDecimal.class) {
			return decimal(value);
		}
		// A double's shortest digits may stand for another integer than it is
		BigDecimal exact = (value instanceof Double || value instanceof Float) ? new BigDecimal(value.doubleValue())
				: decimal(value);
		if (target == Integer.class) {
			return exact.intValueExact();
		}
		if (target == Long.class) {
			return exact.longValueExact();
		}
		if (target == Short.class) {
			return exact.shortValueExact();
		}
		if (target == Byte.class) {
			return exact.byteValueExact();
		}
		return exact.toBigIntegerExact();
	}

	private static int digits(BigDecimal value) {
		return value.stripTrailingZeros().precision();
	}

	// A float's own digits, not those of the nearest double
	private static BigDecimal decimal(Number value) {
		if (value instanceof BigDecimal decimal) {
			return decimal;
		}
		return (value instanceof BigInteger integer) ? new BigDecimal(integer) : new BigDecimal(value.toString());
	}

	private static boolean isFinite(Number value) {
		return !(value instanceof Double || value instanceof Float) || Double.isFinite(value.doubleValue());
	}

	private static MismatchException loss(String target) {
		return new MismatchException("holds a number that does not fit a " + target
				+ " without loss; read it as a BigDecimal or, if it is integral, as a Long or BigInteger");
	}

}
